/* Shows how far a job is: asks the address in `data-progress` each second at first, and puts what it
 * sends as `data-part` in the place of the parts of the same name. Once the server sends none, the
 * job is done, and the page is loaded anew.
 * Without this script there is a link that loads the page anew.
 */
"use strict";

(() => {
  const SECOND = 1000;
  const OFTEN = 120; // times, before it asks every five seconds only
  let asked = 0;

  const running = () => document.querySelector("[data-progress]");
  const later = () => setTimeout(ask, asked < OFTEN ? SECOND : 5 * SECOND);

  /* Only the parts that say how far it is, wherever they stand on the page: what is above and what
   * is below the bar must say the same, and a screen reader is not led back to the start. */
  function show(answer) {
    for (const fresh of answer.querySelectorAll("[data-part]")) {
      const old = document.querySelector(`[data-part="${fresh.dataset.part}"]`);
      if (old && !old.isEqualNode(fresh)) old.replaceWith(fresh);
    }
  }

  async function ask() {
    asked += 1;
    if (document.hidden) {
      later();
      return;
    }
    try {
      const answer = await fetch(running().dataset.progress, { cache: "no-store" });
      if (answer.redirected || answer.status === 404) {
        location.reload();
        return;
      }
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!page.querySelector("[data-progress]")) {
          location.reload();
          return;
        }
        show(page);
      }
    } catch {
      // The server is away for a moment; the job goes on without this page.
    }
    later();
  }

  if (running()) later();
})();
