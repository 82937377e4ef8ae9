"use strict";
// What pages do without asking the server.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.platform_lab = {
  // Whether there is room for the narrow drawings only.
  narrow: () => window.innerWidth < 700,

  // Another page, from the start.
  go: (address) => {
    if (address) window.location.assign(address);
    return window.dash_clientside.no_update;
  },

  // The address says what the page shows, so that it can be sent to somebody.
  remember: (query) => {
    if (query === null || query === undefined) return window.dash_clientside.no_update;
    const address = window.location.pathname + (query ? "?" + query : "");
    if (address !== window.location.pathname + window.location.search) {
      window.history.replaceState(window.history.state, "", address);
    }
    return query;
  },
};

// Dash calls lists of boxes and radio buttons listboxes whose options are labels; a reader for the blind then meets a
// control inside a control. The boxes are native and speak for themselves, so these roles are taken off again.
const ROLES = ["role", "aria-selected", "aria-multiselectable", "aria-activedescendant"];
const plain = (list) => {
  for (const part of [list, ...list.querySelectorAll(".dash-options-list-option")]) {
    for (const role of ROLES) part.removeAttribute(role);
  }
};
new MutationObserver(() => document.querySelectorAll(".dash-options-list").forEach(plain)).observe(document, {
  subtree: true, childList: true, attributes: true, attributeFilter: ROLES,
});

// A slider for the box of every lever: the browser's own, which a keyboard moves and a reader for the blind names. It
// ends sooner than the box, which takes all that is allowed.
const PAUSE = 20; // milliseconds between two values told while the slider moves
const boxOf = (place) => place.parentElement.querySelector("input[type=number]");
const slide = (place) => {
  const slider = document.createElement("input"), box = boxOf(place);
  if (!box) return;
  Object.assign(slider, { type: "range", min: place.dataset.low, max: place.dataset.most, step: place.dataset.step });
  slider.value = box.value || box.getAttribute("value") || place.dataset.low;
  slider.setAttribute("aria-label", place.dataset.name);
  let waiting = 0;
  slider.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      const id = { lever: place.dataset.lever, type: "lever" };
      window.dash_clientside.set_props(id, { value: Number(slider.value) });
    }, PAUSE);
  });
  box.addEventListener("input", () => { if (box.value !== "") slider.value = box.value; });
  place.append(slider);
};
new MutationObserver(() => document.querySelectorAll(".slider:empty").forEach(slide)).observe(document, {
  subtree: true, childList: true,
});
