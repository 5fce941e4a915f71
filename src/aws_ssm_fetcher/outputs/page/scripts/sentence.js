// What a cell says, as a sentence.

import { ABSENT, ENDED, UNKNOWN } from "./model.js";

/** When an offering began, by the days of the history: "since before 2022-02-18", "arrived between … and …". */
export function began(model, cell) {
  const first = model.since[cell];
  if (first < 0 || !model.offered[cell] && model.until[cell] < 0) return undefined;
  if (first === 0) return `since before ${model.days[0]}`;
  return `arrived between ${model.days[first - 1]} and ${model.days[first]}`;
}

/** Describe a cell of a snapshot. */
export function sentenceOf(model, snapshot, service, region) {
  const cell = service.at * model.width + region.at;
  return `${service.name} in ${region.name}: ${statement(model, snapshot, service, region, cell)}.`;
}

function statement(model, snapshot, service, region, cell) {
  const state = snapshot.state[cell];
  if (state === UNKNOWN) return "not known, since the region could not be read";
  if (state === ABSENT) return snapshot.current ? "not available" : `not available on ${snapshot.day}`;
  if (state === ENDED) {
    if (!snapshot.current) return `not available any more on ${snapshot.day}`;
    const last = model.until[cell];
    return `ended between ${model.days[last]} and ${model.days[last + 1]}`;
  }
  if (!snapshot.current) return `available on ${snapshot.day}`;
  const since = began(model, cell);
  const available = since?.startsWith("since") ? `available ${since}` : ["available", since].filter(Boolean).join(", ");
  return [available, depth(model, cell), endpoint(model, snapshot, cell)].filter(Boolean).join("; ");
}

function depth(model, cell) {
  const known = model.depth.get(cell);
  if (!known) return model.typed.has(Math.floor(cell / model.width)) ? "resource types unknown: AWS's schemas list none for the region" : "";
  return known.has === known.of ? `all ${known.of} resource types` : `${known.has} of ${known.of} resource types`;
}

function endpoint(model, snapshot, cell) {
  if (!snapshot.reach) return "";
  const served = model.servedFrom.get(cell);
  return ["endpoint in the region", `requests are answered in ${served}: check your data-residency rules`, "one global endpoint", "no endpoint published"][snapshot.reach[cell]] ?? "";
}
