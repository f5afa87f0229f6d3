/* Shows how far a job is: fetches the element that names its address in `data-progress` anew, each
 * second at first, and loads the page anew once the server sends none, since the job is done then.
 * Without this script there is a link that loads the page anew.
 */
"use strict";

(() => {
  const SECOND = 1000;
  const OFTEN = 120; // times, before it asks every five seconds only
  let asked = 0;

  const running = () => document.querySelector("[data-progress]");
  const later = () => setTimeout(ask, asked < OFTEN ? SECOND : 5 * SECOND);

  /* Only what changed, so that a screen reader is not led back to the start of the element. */
  function show(fresh) {
    const old = running();
    old.querySelector("p").textContent = fresh.querySelector("p").textContent;
    old.querySelector("progress").replaceWith(fresh.querySelector("progress"));
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
        const fresh = page.querySelector("[data-progress]");
        if (!fresh) {
          location.reload();
          return;
        }
        show(fresh);
      }
    } catch {
      // The server is away for a moment; the job goes on without this page.
    }
    later();
  }

  if (running()) later();
})();
