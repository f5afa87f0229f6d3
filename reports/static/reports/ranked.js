/* Puts a Plotly chart in the place of a ranked drawing when it comes near the view.
 *
 * It is <div class="chart__drawing" data-ranked="ID">, its figure the JSON script #ID. Without this
 * script, on a narrow screen and on paper the drawing from the server stands.
 */
"use strict";

(function () {
  const CONFIG = {
    displayModeBar: false,
    showSendToCloud: false,
    showEditInChartStudio: false,
    plotlyServerURL: "",
    displaylogo: false,
    responsive: true,
    doubleClick: false,
    locale: document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-US",
  };

  function draw(drawing) {
    // The cached JSON text stands in the page as one JSON string.
    const text = document.getElementById(drawing.dataset.ranked).textContent;
    const figure = JSON.parse(JSON.parse(text));
    window.Plotly.newPlot(drawing, figure.data, figure.layout, CONFIG).then(function () {
      const chart = drawing.closest(".chart");
      chart.classList.add("is-drawn");
      chart.querySelector(".ranked-tools").hidden = false;
    });
  }

  function save(event) {
    const button = event.target.closest("[data-save-ranked]");
    if (!button) {
      return;
    }
    const drawing = button.closest(".chart").querySelector("[data-ranked]");
    window.Plotly.toImage(drawing, { format: "svg", width: 1000 }).then(function (address) {
      const link = document.createElement("a");
      link.href = address;
      link.download = button.dataset.saveRanked + ".svg";
      link.click();
    });
  }

  const drawings = document.querySelectorAll("[data-ranked]");
  if (!window.Plotly || !drawings.length) {
    return;
  }
  const observer = new IntersectionObserver(
    function (entries) {
      entries.filter((entry) => entry.isIntersecting).forEach(function (entry) {
        observer.unobserve(entry.target);
        draw(entry.target);
      });
    },
    { rootMargin: "300px 0px" },
  );
  drawings.forEach((drawing) => observer.observe(drawing));
  document.addEventListener("click", save);
})();
