/* Draws each chart of the page when it comes near the view, one per animation frame.
 *
 * A chart is <div class="chart__drawing" data-chart="ID">, its figure the JSON script #ID.
 * Without this script, or where drawing fails, the table beside the chart stands.
 */
"use strict";

(function () {
  const CONFIG = {
    // Two buttons of our own stand below each chart; nothing is ever sent anywhere.
    displayModeBar: false,
    modeBarButtons: [["toImage"]],
    showSendToCloud: false,
    showEditInChartStudio: false,
    plotlyServerURL: "",
    displaylogo: false,
    responsive: true,
    doubleClick: false,
    locale: document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-US",
  };
  const waiting = [];
  let isFrameAsked = false;

  function figureOf(drawing) {
    // The cached JSON text stands in the page as one JSON string.
    return JSON.parse(JSON.parse(document.getElementById(drawing.dataset.chart).textContent));
  }

  function draw(drawing) {
    if (drawing.dataset.drawn) {
      return Promise.resolve();
    }
    drawing.dataset.drawn = "1";
    const figure = figureOf(drawing);
    const isNarrow = drawing.clientWidth < 480;
    if (isNarrow) {
      figure.layout.height = 320;
      figure.layout.font.size = 12;
      figure.data.forEach(keepFewLabels);
    }
    return window.Plotly.newPlot(drawing, figure.data, figure.layout, CONFIG).then(function () {
      const chart = drawing.closest(".chart");
      chart.classList.add("is-drawn");
      const tools = chart.querySelector(".chart__tools");
      if (tools) {
        tools.hidden = false;
      }
    });
  }

  /* On a narrow screen the last figure keeps its label, and every one that is marked. */
  function keepFewLabels(trace) {
    if (!Array.isArray(trace.text) || trace.text.filter(Boolean).length <= 4) {
      return;
    }
    const last = trace.text.length - 1;
    const symbols = trace.marker.symbol;
    trace.text = trace.text.map(function (text, at) {
      return at === last || symbols[at].startsWith("square") ? text : "";
    });
  }

  function drawNext() {
    isFrameAsked = false;
    const drawing = waiting.shift();
    if (drawing) {
      draw(drawing);
    }
    if (waiting.length) {
      askForFrame();
    }
  }

  function askForFrame() {
    if (!isFrameAsked) {
      isFrameAsked = true;
      window.requestAnimationFrame(drawNext);
    }
  }

  function download(event) {
    const button = event.target.closest("[data-download]");
    if (!button) {
      return;
    }
    const drawing = button.closest(".chart").querySelector("[data-chart]");
    window.Plotly.downloadImage(drawing, {
      format: button.dataset.download,
      filename: button.dataset.filename,
      width: 1000,
      height: 480,
      scale: button.dataset.download === "png" ? 2 : 1,
    });
  }

  const drawings = Array.from(document.querySelectorAll("[data-chart]"));
  if (!window.Plotly || !drawings.length) {
    return;
  }
  const observer = new IntersectionObserver(
    function (entries) {
      entries.filter((entry) => entry.isIntersecting).forEach(function (entry) {
        observer.unobserve(entry.target);
        waiting.push(entry.target);
      });
      askForFrame();
    },
    { rootMargin: "300px 0px" },
  );
  drawings.forEach((drawing) => observer.observe(drawing));
  document.addEventListener("click", download);
  window.addEventListener("beforeprint", () => drawings.forEach(draw));
})();
