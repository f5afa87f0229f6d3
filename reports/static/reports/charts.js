/* Puts a Plotly chart over each drawing of the server when it comes near the view, one per
 * animation frame.
 *
 * A chart is <div class="chart__drawing" data-chart="ID">, its figure the JSON script #ID. The
 * server's SVG keeps the room of the chart and says where its words stand. Without this script,
 * where drawing fails, and on paper, the SVG stands.
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
    doubleClick: false,
    locale: document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-US",
  };
  const waiting = [];
  let isFrameAsked = false;

  function figureOf(drawing) {
    // The cached JSON text stands in the page as one JSON string.
    return JSON.parse(JSON.parse(document.getElementById(drawing.dataset.chart).textContent));
  }

  /* The drawing that the style sheet shows: the widest one there is room for. */
  function shownSvg(drawing) {
    const all = Array.from(drawing.querySelectorAll("svg.trend"));
    return all.find((svg) => svg.getBoundingClientRect().width > 0) || all[all.length - 1];
  }

  /* Size, margins and words of the figure as the SVG has them. */
  function layoutLike(svg, layout) {
    const place = layout.meta.places[svg.getAttribute("width")];
    const scale = svg.getBoundingClientRect().width / place.width || 1;
    const margin = Object.assign({}, place.margin);
    for (const side of ["l", "r", "t", "b"]) {
      margin[side] *= scale;
    }
    const annotations = place.annotations.map((label) =>
      Object.assign({}, label, { xshift: label.xshift * scale, yshift: label.yshift * scale }),
    );
    return Object.assign({}, layout, {
      width: place.width * scale,
      height: place.height * scale,
      margin: margin,
      annotations: annotations,
      xaxis: Object.assign({}, layout.xaxis, { tickvals: yearsOf(svg) }),
    });
  }

  function yearsOf(svg) {
    return Array.from(svg.querySelectorAll(".trend__year"), (year) => year.textContent);
  }

  function draw(drawing) {
    if (drawing.dataset.drawn) {
      return;
    }
    drawing.dataset.drawn = "1";
    const figure = figureOf(drawing);
    const over = document.createElement("div");
    over.className = "chart__plotly";
    over.setAttribute("aria-hidden", "true");
    drawing.append(over);
    window.Plotly.newPlot(over, figure.data, layoutLike(shownSvg(drawing), figure.layout), CONFIG)
      .then(function () {
        drawing.closest(".chart").classList.add("is-drawn");
        listen(drawing, over);
      });
  }

  /* The arrow keys move through the figures: each is marked in the drawing and read out. */
  function listen(drawing, over) {
    const said = drawing.closest(".chart").querySelector(".chart__said");
    const figures = observed(over);
    const sized = window.ResizeObserver && new ResizeObserver(() => fit(drawing, over));
    let at = figures.length;
    drawing.tabIndex = 0;
    drawing.setAttribute("role", "group");
    drawing.setAttribute("aria-label", said.dataset.hint);
    drawing.addEventListener("focus", () => { said.textContent = said.dataset.hint; });
    drawing.addEventListener("blur", function () {
      said.textContent = "";
      window.Plotly.Fx.unhover(over);
    });
    drawing.addEventListener("keydown", function (event) {
      const next = nextPlace(event.key, at, figures.length);
      if (next === null) {
        return;
      }
      event.preventDefault();
      at = next;
      window.Plotly.Fx.hover(over, [{ curveNumber: 0, pointNumber: figures[at].place }]);
      said.textContent = figures[at].words;
    });
    if (sized) {
      sized.observe(drawing);
    }
  }

  function nextPlace(key, at, length) {
    const places = {
      ArrowRight: at >= length - 1 ? (at === length ? 0 : length - 1) : at + 1,
      ArrowLeft: at === length ? length - 1 : Math.max(0, at - 1),
      Home: 0,
      End: length - 1,
    };
    return length && key in places ? places[key] : null;
  }

  /* Each figure of the observed line, with its words; gaps are passed over. */
  function observed(over) {
    const line = over.data[0];
    return line.x
      .map((year, place) => ({
        place: place,
        words: [year].concat(line.customdata[place].filter(Boolean)).join(" · "),
        value: line.y[place],
      }))
      .filter((each) => each.value !== null);
  }

  function fit(drawing, over) {
    const width = Math.round(shownSvg(drawing).getBoundingClientRect().width);
    if (width && width !== Math.round(over.layout.width)) {
      const figure = figureOf(drawing);
      window.Plotly.react(over, figure.data, layoutLike(shownSvg(drawing), figure.layout), CONFIG);
    }
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

  /* A picture that says by itself what it shows: the finding above, measure and source below. */
  function download(event) {
    const button = event.target.closest("[data-download]");
    if (!button) {
      return;
    }
    const chart = button.closest(".chart");
    const figure = figureOf(chart.querySelector("[data-chart]"));
    const margin = figure.layout.margin;
    const above = lines(chart.querySelector(".chart__finding").textContent, 22);
    const below = lines(chart.querySelector(".chart__about").textContent, 14);
    const room = { above: above.length * 26 + 8, below: below.length * 18 + 8 };
    figure.layout.height += room.above + room.below;
    margin.t += room.above;
    margin.b += room.below;
    figure.layout.annotations.push(
      words(above, 18, { y: 1, yshift: margin.t - 12, yanchor: "top", weight: 600 }, margin),
      words(below, 12, { y: 0, yshift: 8 - margin.b, yanchor: "bottom", weight: 400 }, margin),
    );
    const size = { width: figure.layout.width, height: figure.layout.height };
    const picture = { data: figure.data, layout: figure.layout, config: CONFIG };
    window.Plotly.toImage(picture, Object.assign({ format: "svg" }, size))
      .then((svg) => (button.dataset.download === "png" ? pngOf(svg, size) : svg))
      .then((address) => save(address, button.dataset.filename + "." + button.dataset.download));
  }

  /* Plotly makes its own over a blob, which the content security policy refuses as an image. */
  function pngOf(svg, size) {
    return new Promise(function (resolve, reject) {
      const image = new Image();
      image.onload = function () {
        const canvas = document.createElement("canvas");
        canvas.width = size.width * 2;
        canvas.height = size.height * 2;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        resolve(canvas.toDataURL("image/png"));
      };
      image.onerror = reject;
      image.src = svg;
    });
  }

  function save(address, name) {
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
  }

  /* Text in lines of at most 760 px; a Chinese letter is as wide as its size. */
  function lines(text, size) {
    const found = [""];
    let width = 0;
    for (const part of text.trim().match(/[\x21-\xff]+\s*|\s+|./gu) || []) {
      const length = Array.from(part).reduce((sum, letter) => sum + (letter > "\xff" ? 1 : 0.55), 0) * size;
      if (width + length > 760 && width) {
        found.push("");
        width = 0;
      }
      found[found.length - 1] += part;
      width += length;
    }
    return found;
  }

  function words(parts, size, place, margin) {
    return {
      text: parts.map(escaped).join("<br>"),
      xref: "paper", yref: "paper", x: 0, y: place.y, xanchor: "left", yanchor: place.yanchor,
      xshift: 12 - margin.l, yshift: place.yshift, align: "left", showarrow: false,
      font: { size: size, weight: place.weight },
    };
  }

  /* Plotly reads a few tags in texts. */
  function escaped(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
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
})();
