"use strict";
// Each figure was drawn twice, for a wide and for a narrow column; show the one that fits.
const NARROW = 560;

function draw(plot) {
  const drawn = JSON.parse(document.getElementById("figure-" + plot.dataset.figure).textContent);
  const isFull = plot.closest("figure").classList.contains("full");
  const kind = plot.clientWidth < (isFull ? NARROW : 400) ? "narrow" : "wide";
  const figure = drawn[kind];
  plot.dataset.kind = kind;
  plot.style.height = figure.layout.height + "px";
  return Plotly.react(plot, figure.data, figure.layout, CONFIG);
}

function drawAll() {
  return Promise.all(Array.from(document.querySelectorAll(".plot"), draw));
}

drawAll().then(() => { document.documentElement.dataset.drawn = "yes"; });

// A picture is the wide figure on white with its title and note, whatever the page looks like.
function save(plot, format) {
  const { data, layout } = JSON.parse(document.getElementById("figure-" + plot.dataset.figure).textContent).wide;
  const { title, space, height, top } = layout.meta;
  layout.title.text = title;
  layout.height = height + space;
  layout.margin.t = top + space;
  layout.paper_bgcolor = "#FFFFFF";
  const size = { format, width: 1000, height: layout.height, scale: format === "png" ? 2 : 1 };
  return Plotly.downloadImage({ data, layout }, { ...size, filename: plot.dataset.figure });
}

for (const button of document.querySelectorAll("button.save")) {
  button.hidden = false;
  button.addEventListener("click", () => save(button.closest("figure").querySelector(".plot"), button.dataset.save));
}

let waiting = 0;
window.addEventListener("resize", () => {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(drawAll, 150);
});
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details").forEach((part) => { part.open = true; });
  drawAll();
});
window.addEventListener("afterprint", drawAll);

const copy = document.getElementById("copy");
copy.hidden = false;
copy.addEventListener("click", async () => {
  const command = document.getElementById("command");
  try {
    await navigator.clipboard.writeText(command.textContent);
    copy.textContent = "Copied";
  } catch {
    window.getSelection().selectAllChildren(command);
    copy.textContent = "Selected";
  }
});
