/*
 * The grid of a round. Each cell is a form that also works without this script; with it, cells are
 * saved one by one without leaving the page, and nothing that was typed is lost: it stays in the
 * cell and in this browser until the server has answered that it is stored.
 */
(() => {
  "use strict";

  const table = document.getElementById("entry-grid");
  if (!table) return;

  const TIMEOUT = 10000;
  const MOST_WAITS = 60;
  const AT_ONCE = 4;
  const LONGEST_PAUSE = 60000;
  const NOT_TYPED = new Set(["csrfmiddlewaretoken", "read_version", "version"]);
  const WAYS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const EDITABLE = new Set(["empty", "draft", "returned"]);
  const words = table.dataset;
  const ours = `entry:${words.person}:`;
  const prefix = `${ours}${words.round}:`;
  const panelTemplate = document.getElementById("entry-further");
  const said = document.getElementById("entry-said");
  const left = document.getElementById("entry-left");
  const saveAllButton = document.getElementById("entry-save-all");

  /* ---- Cells ---- */

  const cells = new Map(); // form → cell
  const rows = []; // of cells and gaps, as they stand in the table

  function makeCell(td) {
    const form = td.querySelector("form.cell");
    const cell = {
      td, form, input: form.elements.value, stored: typedIn(form), readonly: form.elements.value.readOnly,
      running: null, sent: "", again: false, failed: false,
    };
    cells.set(form, cell);
    return cell;
  }

  for (const tr of table.querySelectorAll("tbody > tr")) {
    const places = [...tr.children].slice(2);
    if (places.length) rows.push(places.map((td) => (td.querySelector("form.cell") ? makeCell(td) : null)));
  }

  const cellOf = (element) => cells.get(element.closest("form.cell"));
  const all = () => [...cells.values()];
  const word = (name, number) => words[name].replace("{n}", number);

  /* What stands in a form's fields, by name; blank ones are left out. */
  function typedIn(form) {
    const typed = {};
    for (const [name, text] of new FormData(form)) {
      if (NOT_TYPED.has(name) || text === "") continue;
      (typed[name] = typed[name] || []).push(text);
    }
    return typed;
  }

  const asText = (typed) => JSON.stringify(Object.entries(typed).sort());
  const isDirty = (cell) => asText(typedIn(cell.form)) !== asText(cell.stored);
  const textOf = (cell, name) => (typedIn(cell.form)[name] || [""])[0];
  const box = (form) => form.querySelector(".cell__further");

  function setField(cell, name, text) {
    if (name === "value") {
      cell.input.value = text;
      return;
    }
    const field = box(cell.form).querySelector(`input[name="${name}"]`);
    if (field && text) field.value = text;
    else if (field) field.remove();
    else if (text) addHidden(cell, name, text);
  }

  function addHidden(cell, name, text) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = text;
    box(cell.form).append(field);
    return field;
  }

  function setFields(cell, typed) {
    for (const name of new Set([...Object.keys(typedIn(cell.form)), ...Object.keys(typed)])) {
      if (name === "evidence") setFiles(cell, typed.evidence || []);
      else setField(cell, name, (typed[name] || [""])[0]);
    }
  }

  function setFiles(cell, ids) {
    for (const field of box(cell.form).querySelectorAll('input[name="evidence"]')) {
      if (!ids.includes(field.value)) field.remove();
    }
    const there = typedIn(cell.form).evidence || [];
    for (const id of ids) if (!there.includes(id)) addHidden(cell, "evidence", id);
  }

  /* ---- What is said at a cell ---- */

  function say(cell, text, kind) {
    const now = cell.form.querySelector(".cell__now");
    now.textContent = text;
    now.hidden = !text;
    now.dataset.kind = kind || "";
    cell.form.classList.toggle("is-unsaved", Boolean(text));
  }

  function sayWithButton(cell, text, label, act) {
    say(cell, `${text} `, "wrong");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = label;
    button.addEventListener("click", act);
    cell.form.querySelector(".cell__now").append(button);
  }

  /* What became of a pasted block stays until the next input. */
  function announce(text) {
    said.textContent = pasted ? saidOfPasted() : text;
  }

  const announceOf = (cell, text) => announce(`${cell.td.dataset.title}: ${text}`);

  /* The state in words, without its sign. */
  function stateOf(cell) {
    const state = cell.form.querySelector(".cell__state").cloneNode(true);
    for (const part of state.querySelectorAll("[aria-hidden], [hidden]")) part.remove();
    return state.textContent.trim();
  }

  function clearProblem(cell) {
    cell.form.querySelector(".cell__problem").replaceChildren();
    cell.input.removeAttribute("aria-invalid");
    if (panel.cell === cell) markWrongFields();
  }

  /* After each keystroke: whether the cell differs from what is stored, and keep what was typed. */
  function mark(cell, text) {
    const dirty = isDirty(cell);
    if (dirty) {
      keep(cell);
      if (!cell.running) say(cell, text || words.wordUnsaved, "unsaved");
    } else {
      forget(cell);
      cell.failed = false;
      if (!cell.running) {
        say(cell, "");
        clearProblem(cell);
      }
    }
    countUnsaved([cell]);
  }

  const unsaved = new Set();

  /* How many cells are not stored. Asking all takes long in a large grid: at a keystroke only the
     cell that it changed is looked at. */
  function countUnsaved(changed = all()) {
    for (const cell of changed) {
      if (isDirty(cell) || cell.running) unsaved.add(cell);
      else unsaved.delete(cell);
    }
    const number = unsaved.size;
    left.hidden = !number;
    left.textContent = word("wordLeft", number);
    saveAllButton.hidden = !number;
    return number;
  }

  function countStates() {
    const states = all().map((cell) => cell.form.dataset.state);
    for (const item of document.querySelectorAll("#entry-progress li")) {
      const wanted = item.dataset.states.split(" ");
      item.querySelector("b").textContent = states.filter((state) => wanted.includes(state)).length;
    }
    offerSource();
  }

  /* ---- What was typed, kept in this browser ---- */

  const storage = {
    get(key) {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    set(key, value) {
      try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or switched off */ }
    },
    remove(key) {
      try { localStorage.removeItem(key); } catch { /* switched off */ }
    },
    keys() {
      try { return Object.keys(localStorage); } catch { return []; }
    },
  };
  const keyOf = (cell) => prefix + cell.td.dataset.key;

  function keep(cell) {
    const names = {};
    for (const field of box(cell.form).querySelectorAll('input[name="evidence"]')) {
      names[field.value] = [field.dataset.name || "", field.dataset.address || ""];
    }
    const read = cell.form.elements.read_version.value;
    storage.set(keyOf(cell), { typed: typedIn(cell.form), read, names });
  }

  function forget(cell) {
    storage.remove(keyOf(cell));
  }

  /* With the version that was read then: what somebody stored since is not overwritten unseen. */
  function restore(cell) {
    const kept = storage.get(keyOf(cell));
    if (!kept || !kept.typed) return;
    const changeable = EDITABLE.has(cell.form.dataset.state) || kept.typed.correction_reason;
    if (!changeable || (cell.readonly && cell.form.dataset.state !== "approved")) {
      say(cell, `${words.wordReadonly}: ${(kept.typed.value || [""])[0]}`, "wrong");
      return;
    }
    setFields(cell, kept.typed);
    for (const field of box(cell.form).querySelectorAll('input[name="evidence"]')) {
      [field.dataset.name, field.dataset.address] = (kept.names || {})[field.value] || ["", ""];
    }
    if (!isDirty(cell)) return forget(cell);
    cell.form.elements.read_version.value = kept.read;
    cell.input.readOnly = false;
    mark(cell, words.wordRestored);
  }

  /* ---- Asking the server ---- */

  const queue = [];
  let asking = 0;

  function inTurn(ask) {
    return new Promise((resolve) => {
      queue.push(() => ask().then(resolve));
      next();
    });
  }

  function next() {
    if (asking >= AT_ONCE || !queue.length) return;
    asking += 1;
    queue.shift()().finally(() => {
      asking -= 1;
      next();
    });
  }

  /* A new sign-in changes the token, so the cookie is read each time. */
  function token() {
    const found = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/);
    return found ? found[1] : document.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  /* A round that is pasted may be more than the server takes at once: it says when to go on. */
  async function ask(address, body, options) {
    let answer = await askOnce(address, body, options);
    for (let times = 0; answer.status === 429 && times < MOST_WAITS; times += 1) {
      await new Promise((go) => setTimeout(go, answer.wait * 1000));
      answer = await askOnce(address, body, options);
    }
    return answer;
  }

  /* { status, html }; status 0 where no answer came, 401 where one would have to sign in, 302 where
   * one would have to choose a password first; with 429 the seconds to `wait`. */
  async function askOnce(address, body, { longest = TIMEOUT } = {}) {
    if (navigator.onLine === false) return { status: 0, html: "" };
    if (body) body.set("csrfmiddlewaretoken", token());
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), longest);
    try {
      const response = await fetch(address, {
        method: body ? "POST" : "GET",
        body,
        headers: { "X-Requested-With": "fetch", "X-Person": words.person },
        redirect: "manual",
        signal: stop.signal,
      });
      if (response.type === "opaqueredirect") return { status: 302, html: "" };
      const wait = Number(response.headers.get("Retry-After")) || 1;
      return { status: response.status, html: await response.text(), wait };
    } catch {
      return { status: 0, html: "" };
    } finally {
      clearTimeout(clock);
    }
  }

  function parsed(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content;
  }

  /* ---- Saving ---- */

  const hasFigure = (cell) =>
    Boolean(textOf(cell, "value") || textOf(cell, "missing_reason") ||
      (textOf(cell, "numerator") && textOf(cell, "denominator")) || Object.keys(cell.stored).length);

  /* The answer to a form without its token: a page that nobody of us wrote. */
  const isExpired = (found) => Boolean(found.querySelector("[data-page-expired]"));

  /* Resolves to whether all that stands in the cell is stored. `chosen`: a button's name and value. */
  function save(cell, chosen) {
    // A button that was pressed while the cell was on its way is heard once the answer is there.
    if (cell.running && chosen) return cell.running.then((done) => done || save(cell, chosen));
    if (cell.running) {
      cell.again = cell.again || asText(typedIn(cell.form)) !== cell.sent;
      return cell.running;
    }
    if (!chosen && !isDirty(cell)) return Promise.resolve(true);
    takeSource(cell);
    cell.again = false;
    cell.sent = asText(typedIn(cell.form));
    const body = new FormData(cell.form);
    if (chosen) body.set(chosen.name, chosen.value);
    keep(cell);
    say(cell, words.wordSaving, "saving");
    cell.running = inTurn(() => ask(cell.form.action, body)).then((answer) => {
      cell.running = null;
      const done = settle(cell, answer);
      // What was typed meanwhile goes next, unless no answer came at all: that is tried again later.
      return cell.again && !cell.failed ? save(cell) : done;
    });
    countUnsaved([cell]);
    return cell.running;
  }

  /* Whether the answer says that what was asked is done. */
  function settle(cell, answer) {
    const within = cell.form.contains(document.activeElement);
    const done = shown(cell, answer);
    // The button that was pressed may be gone.
    if (within && !cell.form.contains(document.activeElement)) cell.input.focus();
    return done;
  }

  function shown(cell, answer) {
    const found = parsed(answer.html);
    // With 422 the cell as it is stored, saying why it was not sent on.
    const fresh = (answer.status === 200 || answer.status === 422) && found.querySelector("form.cell");
    const problem = found.querySelector(".cell__problem");
    cell.failed = false;
    if (fresh) {
      take(cell, fresh);
      if (answer.status === 200) foresee(cell);
    } else if (isExpired(found)) {
      sayWithButton(cell, words.wordExpired, words.wordReload, reload);
    } else if (answer.status === 401 || answer.status === 302) {
      sayWithButton(cell, words.wordLogin, words.wordAgain, () => save(cell));
    } else if (problem && answer.status < 500) {
      refuse(cell, problem, answer.status);
    } else if (answer.status === 403) {
      say(cell, words.wordForbidden, "wrong");
    } else if (answer.status === 404) {
      say(cell, words.wordGone, "wrong");
    } else {
      cell.failed = true;
      sayWithButton(cell, words.wordOffline, words.wordAgain, () => save(cell));
      retryLater();
    }
    countUnsaved([cell]);
    announceOf(cell, fresh ? stateOf(cell) : cell.form.querySelector(".cell__now").textContent);
    return Boolean(fresh) && answer.status === 200;
  }

  function refuse(cell, problem, status) {
    const place = cell.form.querySelector(".cell__problem");
    place.replaceChildren(...problem.childNodes);
    place.id = problem.id;
    cell.input.setAttribute("aria-invalid", "true");
    say(cell, place.querySelector("dl") ? words.wordConflict : words.wordRefused, "wrong");
    if (panel.cell === cell) markWrongFields();
    if (status === 409) keep(cell);
  }

  /* Take over what is stored; what was typed since it was sent stays and is saved again. */
  function take(cell, fresh, { overwrite = false } = {}) {
    const { form } = cell;
    const stored = typedIn(fresh);
    const typedSince = !overwrite && asText(typedIn(form)) !== cell.sent;
    form.elements.read_version.value = fresh.elements.read_version.value;
    for (const name of ["state", "version"]) form.dataset[name] = fresh.dataset[name];
    form.toggleAttribute("data-correction", fresh.hasAttribute("data-correction"));
    if (!typedSince) {
      cell.input.value = fresh.elements.value.value;
      box(form).replaceChildren(...box(fresh).childNodes);
      cell.input.readOnly = fresh.elements.value.readOnly;
    }
    cell.readonly = fresh.elements.value.readOnly;
    cell.stored = stored;
    const waits = form.querySelector(".cell__send input:not(:checked)");
    form.querySelector(".cell__about").replaceChildren(...fresh.querySelector(".cell__about").childNodes);
    // A tick that was taken away stays away.
    const tick = waits && form.querySelector(".cell__send input");
    if (tick) tick.checked = false;
    say(cell, "");
    clearProblem(cell);
    mark(cell);
    countStates();
    if (panel.cell === cell && typedSince) markWrongFields();
    else if (panel.cell === cell) fillPanel();
  }

  /* The verdict that the stored figure would give, asked for once nothing is on its way. */
  async function foresee(cell) {
    const version = cell.form.dataset.version;
    const answer = await inTurn(() => ask(cell.form.action));
    const fresh = answer.status === 200 && parsed(answer.html).querySelector("form.cell");
    if (!fresh || cell.running || fresh.dataset.version !== version || cell.form.dataset.version !== version) return;
    const foreseen = ".cell__preview, .cell__asks";
    const about = cell.form.querySelector(".cell__about");
    for (const each of about.querySelectorAll(foreseen)) each.remove();
    about.append(...fresh.querySelectorAll(foreseen));
  }

  async function showStored(cell) {
    say(cell, words.wordSaving, "saving");
    const answer = await ask(cell.form.action);
    const fresh = answer.status === 200 && parsed(answer.html).querySelector("form.cell");
    if (!fresh) return settle(cell, answer);
    take(cell, fresh, { overwrite: true });
    cell.input.focus();
  }

  async function step(cell, address) {
    heedInput();
    if (isDirty(cell) && !(await save(cell))) return showWrong(cell);
    const body = new FormData();
    body.set("version", cell.form.dataset.version);
    cell.sent = asText(typedIn(cell.form));
    say(cell, words.wordSaving, "saving");
    const done = settle(cell, await ask(address, body));
    if (!done) return showWrong(cell);
    if (panel.cell === cell) closePanel();
  }

  async function saveAll() {
    heedInput();
    const done = await Promise.all(all().filter(isDirty).map((cell) => save(cell)));
    return done.every(Boolean);
  }

  /* A broken connection heals by itself: at once where the browser notices, else a little later. */
  let pause = 5000;
  let waiting = 0;

  function retryLater() {
    if (waiting) return;
    waiting = setTimeout(retry, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  async function retry() {
    clearTimeout(waiting);
    waiting = 0;
    const done = await Promise.all(all().filter((cell) => cell.failed).map((cell) => save(cell)));
    if (done.every(Boolean)) pause = 5000;
  }

  window.addEventListener("online", retry);

  /* What was typed is kept in this browser, and stands in its cells again afterwards. */
  let isReloading = false;

  function reload() {
    isReloading = true;
    location.reload();
  }

  /* ---- The source of figures that have none ---- */

  const source = document.getElementById("entry-source");
  const sourceFields = [...source.querySelectorAll("input")];
  const sourceButton = document.getElementById("entry-source-fill");

  function takeSource(cell) {
    if (textOf(cell, "source_title") || !hasFigure(cell)) return;
    for (const field of sourceFields) {
      const text = field.value.trim();
      if (text && commonSource() && !textOf(cell, field.name)) setField(cell, field.name, text);
    }
    if (panel.cell === cell) fillPanel();
  }

  const commonSource = () => sourceFields[0].value.trim();
  const isTicked = (cell) => Boolean(cell.form.querySelector(".cell__send input:checked"));

  const withoutSource = () =>
    all().filter((cell) => cell.form.dataset.state === "draft" && !cell.input.readOnly && !(cell.stored.source_title || [""])[0]);

  /* How many of them carry it once the server has answered. */
  async function fillSource(chosen) {
    chosen.forEach(takeSource);
    const done = await Promise.all(chosen.map((cell) => save(cell)));
    return done.filter(Boolean).length;
  }

  function offerSource() {
    const number = withoutSource().length;
    sourceButton.hidden = !number || !commonSource();
    sourceButton.textContent = word("wordFill", number);
  }

  function openSource() {
    source.open = true;
    sourceFields[0].focus();
  }

  function keepSource() {
    offerSource();
    const texts = sourceFields.map((field) => field.value);
    storage.set(`${prefix}source`, texts);
    document.getElementById("entry-source-said").textContent = texts[0] ? `: ${texts[0]}` : "";
  }

  source.hidden = false;
  (storage.get(`${prefix}source`) || []).forEach((text, index) => {
    if (sourceFields[index]) sourceFields[index].value = text;
  });
  keepSource();
  source.addEventListener("input", keepSource);
  sourceButton.addEventListener("click", async () => {
    heedInput();
    const number = await fillSource(withoutSource());
    announce(word("wordFilled", number));
  });

  /* ---- The details of one cell, under its row ---- */

  const panel = { cell: null, tr: null };
  const panelFields = () => [...panel.tr.querySelectorAll("[name]")];

  function openPanel(cell, name) {
    if (panel.cell && panel.cell !== cell) closePanel();
    if (!panel.cell) {
      panel.cell = cell;
      panel.tr = panelTemplate.content.firstElementChild.cloneNode(true);
      panel.tr.firstElementChild.colSpan = cell.td.parentElement.children.length;
      panel.tr.querySelector("h2").textContent = cell.td.dataset.title;
      cell.td.parentElement.after(panel.tr);
      cell.td.classList.add("is-open");
      if (cell.form.dataset.state === "approved") cell.input.readOnly = false;
      hideWhatIsNotAsked();
      fillPanel();
    }
    const field = name && panel.tr.querySelector(`[name="${name}"]`);
    (field || panel.tr.querySelector(".field:not([hidden]) [name]")).focus();
  }

  function hideWhatIsNotAsked() {
    const { cell, tr } = panel;
    const hide = (name, hidden) => {
      const field = tr.querySelector(`[name="${name}"]`);
      if (field) field.closest(".field").hidden = hidden;
    };
    hide("numerator", !("rate" in cell.td.dataset));
    hide("denominator", !("rate" in cell.td.dataset));
    hide("correction_reason", !("correction" in cell.form.dataset));
  }

  function fillPanel() {
    for (const field of panelFields()) {
      const text = textOf(panel.cell, field.name);
      if (field.tagName === "SELECT") chooseIn(field, text);
      else if (field.value !== text) field.value = text;
    }
    fillFiles();
    markWrongFields();
  }

  function chooseIn(select, text) {
    if (text && ![...select.options].some((option) => option.value === text)) select.add(new Option(text, text));
    select.value = text || select.options[0].value;
  }

  function fillFiles() {
    const list = panel.tr.querySelector("[data-files]");
    const files = [...box(panel.cell.form).querySelectorAll('input[name="evidence"]')];
    list.replaceChildren(...files.map((file) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = file.dataset.address || "#";
      link.textContent = file.dataset.name || file.value;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "link-button";
      remove.textContent = words.wordRemove;
      remove.setAttribute("aria-label", `${words.wordRemove} ${link.textContent}`);
      remove.addEventListener("click", () => {
        file.remove();
        mark(panel.cell);
        fillFiles();
        panel.tr.querySelector("[type=file]").focus();
      });
      item.append(link, " ", remove);
      return item;
    }));
  }

  /* What is wrong stands under each field of the details; at the figure only what is about it. */
  function markWrongFields() {
    const fields = panelFields();
    for (const note of panel.tr.querySelectorAll("[data-wrong]")) note.remove();
    for (const field of fields) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-errormessage");
    }
    const said = new Map();
    // Why a figure was not sent on is no longer true of what was typed since.
    const place = panel.cell.form.classList.contains("is-unsaved") ? ".cell__problem [data-field]" : "[data-field]";
    for (const item of panel.cell.form.querySelectorAll(place)) {
      const field = fields.find((each) => each.name === item.dataset.field);
      if (item.matches("li")) item.hidden = Boolean(field);
      if (!field) continue;
      field.setAttribute("aria-invalid", "true");
      const text = item.textContent.trim();
      // A sentence about two fields is said once.
      if (!said.has(text)) said.set(text, noteUnder(field, text));
      field.setAttribute("aria-errormessage", said.get(text).id);
    }
  }

  function noteUnder(field, text) {
    const note = document.createElement("p");
    note.className = "errorlist";
    note.dataset.wrong = "";
    note.id = `wrong-${field.name}`;
    note.textContent = text;
    field.after(note);
    return note;
  }

  function showWrong(cell) {
    const wrong = panel.cell === cell && panel.tr.querySelector("[aria-invalid]");
    if (wrong && !document.activeElement.matches("[aria-invalid]")) wrong.focus();
  }

  function closePanel() {
    const { cell, tr } = panel;
    if (!cell) return;
    for (const item of cell.form.querySelectorAll("li[data-field]")) item.hidden = false;
    panel.cell = panel.tr = null;
    tr.remove();
    cell.td.classList.remove("is-open");
    if (isDirty(cell)) autosave(cell);
    else if (cell.readonly) cell.input.readOnly = true;
  }

  function autosave(cell) {
    if (isDirty(cell) && hasFigure(cell)) save(cell);
  }

  async function upload(input) {
    const { cell, tr } = panel;
    const note = tr.querySelector("[data-upload]");
    const body = new FormData();
    body.set("department", cell.td.dataset.department);
    body.set("file", input.files[0]);
    note.textContent = words.wordUploading;
    const answer = await ask(words.attach, body, { longest: 120000 });
    let reply = {};
    try { reply = JSON.parse(answer.html); } catch { /* no answer of ours */ }
    input.value = "";
    if (answer.status !== 201) {
      note.textContent = (reply.errors || [words.wordUploadFailed]).join(" ");
      return;
    }
    note.textContent = "";
    const field = addHidden(cell, "evidence", String(reply.id));
    field.dataset.name = reply.name;
    field.dataset.address = reply.address;
    mark(cell);
    if (panel.cell === cell) fillFiles();
    autosave(cell);
  }

  /* ---- Keyboard, clipboard, mouse ---- */

  function placeOf(cell) {
    const row = rows.findIndex((each) => each.includes(cell));
    return [row, rows[row].indexOf(cell)];
  }

  function move(cell, [down, right]) {
    let [row, column] = placeOf(cell);
    do {
      row += down;
      column += right;
    } while (rows[row] && rows[row][column] === null);
    const found = (rows[row] || [])[column];
    if (!found) return;
    found.input.focus();
    found.input.select();
  }

  function undo(cell) {
    setFields(cell, cell.stored);
    clearProblem(cell);
    mark(cell);
    if (cell.readonly && panel.cell !== cell) cell.input.readOnly = true;
    if (panel.cell === cell) fillPanel();
  }

  function onKeyInCell(event, cell) {
    const way = event.key === "Enter" ? [event.shiftKey ? -1 : 1, 0] : event.ctrlKey && WAYS[event.key];
    if (way) {
      event.preventDefault();
      save(cell);
      move(cell, way);
    } else if (event.key === "F2" || (event.key === "ArrowDown" && event.altKey)) {
      event.preventDefault();
      if (EDITABLE.has(cell.form.dataset.state) ? !cell.readonly : cell.form.dataset.state === "approved") openPanel(cell);
    } else if (event.key === "Escape" && isDirty(cell)) {
      event.preventDefault();
      undo(cell);
    }
  }

  function onKeyInPanel(event) {
    const { cell } = panel;
    if (event.key === "Escape" || event.key === "F2") {
      event.preventDefault();
      closePanel();
      cell.input.focus();
    } else if (event.key === "Enter" && event.target.matches("input:not([type=file])")) {
      event.preventDefault();
      save(cell).then((done) => done || showWrong(cell));
    }
  }

  table.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (panel.tr && panel.tr.contains(event.target)) onKeyInPanel(event);
    else if (event.target.name === "value") onKeyInCell(event, cellOf(event.target));
  });

  table.addEventListener("input", (event) => {
    heedInput();
    if (panel.tr && panel.tr.contains(event.target)) {
      if (!event.target.name) return;
      const first = event.target.tagName === "SELECT" && event.target.selectedIndex === 0;
      setField(panel.cell, event.target.name, first ? "" : event.target.value);
      mark(panel.cell);
    } else if (event.target.name === "value") {
      mark(cellOf(event.target));
    }
  });

  table.addEventListener("change", (event) => {
    if (event.target.id === "id_evidence_file" && event.target.files.length) upload(event.target);
    else if (event.target.name === "value" && !event.target.closest(".entry-further")) {
      const cell = cellOf(event.target);
      // A correction is saved with its reason, which stands in the details.
      if (panel.cell !== cell) autosave(cell);
    }
  });

  table.addEventListener("focusout", (event) => {
    const { cell, tr } = panel;
    if (!cell || !event.relatedTarget) return;
    const within = (element) => tr.contains(element) || cell.td.contains(element);
    if (within(event.target) && !within(event.relatedTarget)) autosave(cell);
  });

  /* A block of a spreadsheet as rows of texts: tabs between cells, quotes round what holds them. */
  function blockOf(text) {
    const lines = [[""]];
    let quoted = false;
    for (let at = 0; at < text.length; at += 1) {
      const line = lines[lines.length - 1];
      const each = text[at];
      if (quoted && each === '"' && text[at + 1] === '"') {
        line[line.length - 1] += '"';
        at += 1;
      } else if (quoted) {
        if (each === '"') quoted = false;
        else line[line.length - 1] += each;
      } else if (each === '"' && line[line.length - 1] === "") quoted = true;
      else if (each === "\t") line.push("");
      else if (each === "\n") lines.push([""]);
      else if (each !== "\r") line[line.length - 1] += each;
    }
    while (lines.length && lines[lines.length - 1].join("") === "") lines.pop();
    return lines;
  }

  const YEAR = /^((?:19|20)\d\d)(年度?)?$/;
  const years = [...table.querySelectorAll("thead th")].slice(2).map((each) => each.textContent.trim());

  /* What a first line of years is: the heading of these very columns ("ours"), of others ("other"),
     or none (""). Bare numbers are years only where several stand in their columns. */
  function headingOf(line, column) {
    const read = line.map((text) => text.trim().normalize("NFKC").match(YEAR));
    const found = read.flatMap((match, right) => (line[right].trim() ? [[match, right]] : []));
    if (!found.length || !found.every(([match]) => match)) return "";
    const isCertain = found.every(([match]) => match[2]);
    if (found.every(([match, right]) => match[1] === years[column + right])) return isCertain || found.length > 1 ? "ours" : "";
    return isCertain ? "other" : "";
  }

  /* What was pasted last, till the next input: its cells, and how many texts went nowhere. */
  let pasted = null;

  function heedInput() {
    if (pasted) said.textContent = "";
    pasted = null;
  }

  function saidOfPasted() {
    const { filled, same, readonly, outside, skipped } = pasted;
    const number = filled.length + same + readonly;
    const begin = skipped ? `${words.wordSkipped} ` : "";
    if (filled.some((cell) => cell.running)) return `${begin}${word("wordPasted", number)}${words.wordSaving}`;
    const saved = filled.filter((cell) => !isDirty(cell));
    const refused = filled.filter((cell) => isDirty(cell) && cell.input.hasAttribute("aria-invalid"));
    const numbers = [
      ["wordPastedSaved", saved.length], ["wordPastedRefused", refused.length],
      ["wordPastedLeft", filled.length - saved.length - refused.length],
      ["wordPastedSame", same], ["wordPastedReadonly", readonly],
    ];
    const parts = numbers.filter(([name, count]) => count || name === "wordPastedSaved").map((each) => word(...each));
    const end = outside ? words.wordPastedEnd + word("wordOutside", outside) : "";
    return `${begin}${word("wordPasted", number)}${parts.join(words.wordComma)}${end}`;
  }

  /* Empty cells of the block leave alone what stands there. */
  function fill(cell, block) {
    const [row, column] = placeOf(cell);
    const heading = headingOf(block[0], column);
    heedInput();
    if (heading === "other") return announceOf(cell, words.wordHeading);
    pasted = { filled: [], same: 0, readonly: 0, outside: 0, skipped: heading === "ours" };
    block.slice(pasted.skipped ? 1 : 0).forEach((line, down) => line.forEach((text, right) => {
      if (text.trim()) put(text.trim(), (rows[row + down] || [])[column + right]);
    }));
    const saving = pasted.filled.map((each) => save(each));
    announce("");
    return Promise.all(saving);
  }

  function put(text, target) {
    if (!target) pasted.outside += 1;
    else if (target.input.readOnly && target.input.value === text) pasted.same += 1;
    else if (target.input.readOnly) {
      pasted.readonly += 1;
      say(target, `${words.wordReadonly}: ${text}`, "wrong");
    } else {
      setField(target, "value", text);
      mark(target);
      pasted.filled.push(target);
    }
  }

  table.addEventListener("paste", (event) => {
    if (event.target.name !== "value" || event.target.closest(".entry-further")) return;
    const block = blockOf(event.clipboardData.getData("text/plain"));
    if (block.length < 2 && (block[0] || []).length < 2) return;
    event.preventDefault();
    fill(cellOf(event.target), block);
  });

  table.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-further], a[data-keep], a[data-source], [data-close], [data-save], [data-send]");
    if (!link) return;
    const { cell } = panel;
    if (link.matches("a[data-further]")) {
      event.preventDefault();
      openPanel(cellOf(link), link.dataset.further);
    } else if (link.matches("a[data-source]")) {
      event.preventDefault();
      openSource();
    } else if (link.matches("a[data-keep]")) {
      event.preventDefault();
      showStored(cellOf(link));
    } else if (link.matches("[data-close]")) {
      closePanel();
      cell.input.focus();
    } else if (link.matches("[data-save]")) {
      save(cell).then((done) => done || showWrong(cell));
    } else if (link.matches("[data-send]")) {
      step(cell, `${cell.form.action}submit/`);
    }
  });

  table.addEventListener("submit", (event) => {
    const cell = cells.get(event.target);
    if (!cell) return;
    event.preventDefault();
    const button = event.submitter;
    if (button && button.hasAttribute("formaction")) step(cell, button.formAction);
    else save(cell, button && button.name ? { name: button.name, value: button.value } : undefined);
  });

  /* ---- Leaving ---- */

  window.addEventListener("beforeunload", (event) => {
    if (isReloading || !countUnsaved()) return;
    event.preventDefault();
    event.returnValue = "";
  });

  const many = document.getElementById("submit-many");
  many.addEventListener("submit", async (event) => {
    const lacking = commonSource() ? withoutSource().filter(isTicked) : [];
    if (!countUnsaved() && !lacking.length) return;
    event.preventDefault();
    const filled = await fillSource(lacking);
    many.elements.filled.value = filled || "";
    if (await saveAll()) many.submit();
  });

  /* To the first of those that are not stored. */
  left.addEventListener("click", () => {
    const first = all().find((cell) => unsaved.has(cell));
    if (first) first.input.focus();
  });

  saveAllButton.addEventListener("click", saveAll);
  document.getElementById("entry-keys").hidden = false;
  const signOut = document.querySelector("form.sign-out");
  if (signOut) {
    signOut.addEventListener("submit", () => {
      storage.keys().filter((key) => key.startsWith(ours)).forEach(storage.remove);
    });
  }

  table.classList.add("is-live");
  all().forEach(restore);
  countUnsaved();
})();
