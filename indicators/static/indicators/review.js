/* The queue of reviewers and signers: tick all, and how many are ticked. Without this script the
   boxes and buttons work all the same. */
"use strict";

(() => {
  const bar = document.querySelector("[data-review-bulk]");
  if (!bar) return;
  const boxes = [...document.querySelectorAll("[data-review-box]")];
  const all = bar.querySelector("#choose-all");
  const count = bar.querySelector("[data-review-count]");

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    count.textContent = `${count.dataset.reviewWords} ${ticked}`;
  };

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  bar.querySelector("[data-review-all]").hidden = false;
  // A browser keeps ticks when one comes back to the page.
  window.addEventListener("pageshow", show);
  show();
})();
