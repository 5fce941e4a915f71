// What the marks of the map mean, drawn as they are on it.

import { paintCell } from "./cell.js";
import { element } from "./dom.js";
import { coloursOf } from "./heat.js";
import { ABSENT, ENDED, FULL, MOST, SOME, UNKNOWN, UNLISTED } from "./model.js";

const SIDE = 16;

const made = new Map();

/** The legend of a snapshot, with the marks that occur in it; made once for each set of colours. */
export function legendOf(model, snapshot, comparing) {
  const colours = coloursOf(document.documentElement);
  const key = `${snapshot.at}|${comparing}|${colours.paper}`;
  if (!made.has(key)) {
    if (made.size > 200) made.clear();
    made.set(key, newLegend(model, snapshot, comparing, colours));
  }
  return made.get(key);
}

function newLegend(model, snapshot, comparing, colours) {
  const has = (test) => snapshot.state.some(test);
  const entries = comparing
    ? [["added", { state: FULL, turned: 1 }], ["removed", { state: ABSENT, turned: -1 }], ["as before", { state: FULL, faded: true }]]
    : [
        ["available", { state: FULL }],
        has((state) => state === MOST) && ["most resource types", { state: MOST }],
        has((state) => state === SOME) && ["some resource types", { state: SOME }],
        has((state) => state === UNLISTED) && ["available, resource types unknown", { state: UNLISTED }],
        snapshot.reach && snapshot.reach.includes(2) && ["global endpoint", { state: FULL, reach: 2 }],
        snapshot.reach && snapshot.reach.includes(1) && ["served from another region", { state: FULL, reach: 1 }],
        ["new in 90 days", { state: FULL, fresh: 1 }],
        ["not available", { state: ABSENT }],
        ["ended", { state: ENDED }],
        has((state) => state === UNKNOWN) && ["could not be read", { state: UNKNOWN }],
      ];
  return element("ul", { class: "legend", "aria-label": "Legend" }, entries.filter(Boolean).map(([text, look]) => element("li", {}, swatch(colours, look), text)));
}

function swatch(colours, look) {
  const ratio = devicePixelRatio || 1;
  const canvas = element("canvas", { width: SIDE * ratio, height: SIDE * ratio, "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  paintCell(pen, colours, look, 0, 0, SIDE, SIDE);
  return canvas;
}
