/* What a reader would see go wrong on the page that is open: texts that are cut off, that stand on
 * each other, or that leave the window. Returns sentences, none where all is well.
 */
(() => {
  const TOO_SMALL = 2;
  const found = [];

  function isMeant(element) {
    // Folded, for screen readers only, or kept above other things on purpose.
    const seen = { opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true };
    if (!element.checkVisibility(seen)) return true;
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (at.classList.contains("visually-hidden") || at.classList.contains("skip-link")) return true;
      if (style.position === "sticky" || style.position === "fixed") return true;
    }
    return false;
  }

  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const boxes = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const said = node.data.trim();
      const element = node.parentElement;
      if (!said || !element || element.closest("script, style, noscript, option, textarea")) continue;
      if (isMeant(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width > TOO_SMALL && box.height > TOO_SMALL) boxes.push({ said, element, box });
      }
    }
    return boxes;
  }

  // The box of a wide table scrolls by itself; what stands in it may leave the window.
  const scrolls = (element) => element.closest(".scroll, .scroll-box, pre, [data-scrolls]");

  function leavesItsFrame({ said, element, box }) {
    if (box.right > document.documentElement.clientWidth + 1 && !scrolls(element)) {
      return `leaves the window: ${said}`;
    }
    const picture = element.closest("svg")?.ownerSVGElement ?? element.closest("svg");
    if (picture && getComputedStyle(picture).overflow !== "visible") {
      const frame = picture.getBoundingClientRect();
      const beyond = Math.max(frame.left - box.left, box.right - frame.right,
        frame.top - box.top, box.bottom - frame.bottom);
      // A font's box is higher than its signs.
      if (beyond > 5) return `cut off by its picture: ${said}`;
    }
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (at instanceof SVGElement || !/hidden|clip/.test(style.overflowX)) continue;
      const frame = at.getBoundingClientRect();
      if (box.right > frame.right + 1 || box.left < frame.left - 1) return `cut off: ${said}`;
    }
    return "";
  }

  function overlap(one, other) {
    const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
    // Boxes of Chinese fonts are higher than their lines: neighbours share a few pixels.
    const least = 0.45 * Math.min(one.box.height, other.box.height);
    return wide > TOO_SMALL && high > least;
  }

  const boxes = texts();
  boxes.forEach((each) => {
    const fault = leavesItsFrame(each);
    if (fault) found.push(fault);
  });
  boxes.sort((one, other) => one.box.top - other.box.top);
  boxes.forEach((one, at) => {
    for (let next = at + 1; next < boxes.length; next += 1) {
      const other = boxes[next];
      if (other.box.top >= one.box.bottom) break;
      if (one.element !== other.element && overlap(one, other)) {
        found.push(`stand on each other: ${one.said.slice(0, 40)} | ${other.said.slice(0, 40)}`);
      }
    }
  });
  return [...new Set(found)];
})();
