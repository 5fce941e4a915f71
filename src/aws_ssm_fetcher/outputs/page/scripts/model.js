// The matrix of services by regions, on any day of the history.

import { geographyOf } from "./places.js";
import { dayNumber, folded, shown } from "./text.js";

export const NEW_DAYS = 90;

// What a cell is.
export const ABSENT = 0;
export const FULL = 1; // offered; with all resource types, where those are known
export const MOST = 2; // half of the resource types or more
export const SOME = 3;
export const UNKNOWN = 4; // the region could not be read
export const ENDED = 5; // was there before
export const UNLISTED = 6; // offered; the region has no list of resource types, so how much of it is unknown

export const REACHES = ["regional", "remote", "global", "unlisted"];

/** Make the model of the data of a page. */
export function modelOf(data) {
  const past = data.history ?? { days: [], spans: [] };
  const names = { ...past.names };
  for (const one of data.last_names ?? []) names[one.region ?? one.service] = one.name;
  const gone = (code) => ({ code, name: names[code], gone: true });
  const regions = [...data.regions, ...(past.regions ?? []).map(gone)].map(regionOf);
  const services = [...data.services, ...(past.services ?? []).map(gone)].map(serviceOf);
  const model = {
    data,
    taken: data.taken.slice(0, 10),
    regions,
    services,
    days: past.days,
    numbers: past.days.map(dayNumber),
    width: regions.length,
    spans: past.spans,
    regionAt: new Map(regions.map((one) => [one.code, one.at])),
    serviceAt: new Map(services.map((one) => [one.code, one.at])),
    unread: new Set(data.unread ?? []),
    hasCategories: services.some((one) => one.category),
    hasLifecycle: services.some((one) => one.lifecycle),
    hasDepth: Boolean(data.depth),
  };
  readOfferings(model);
  readDepth(model);
  readTimes(model);
  const now = snapshotOf(model);
  for (const service of services) service.regions = count(now, model, { service: service.at });
  for (const region of regions) region.services = count(now, model, { region: region.at });
  return { ...model, now };
}

function regionOf(one, at) {
  const name = shown(one.name ?? one.code);
  return { ...one, at, label: shown(one.code, 40), name, geography: geographyOf(one.code), order: folded(name), key: folded(one.code), words: folded(`${one.code} ${name}`) };
}

function serviceOf(one, at) {
  const name = shown(one.name ?? one.code);
  const sort = shown(one.sort_name ?? name);
  const others = [...(one.aliases ?? []), ...(one.earlier_codes ?? [])];
  return {
    ...one, at, name, original: one.name, sort, order: folded(sort), key: folded(one.code), others, alike: new Set(others.map(folded)), words: folded([one.code, name, ...others].join(" ").slice(0, 4000)),
  };
}

function readOfferings(model) {
  const size = model.services.length * model.width;
  const offered = new Uint8Array(size);
  const reach = new Uint8Array(size).fill(REACHES.length);
  const servedFrom = new Map();
  model.data.offerings.forEach((groups, service) => {
    for (const [kind, from, regions] of groups) {
      for (const region of regions) {
        const cell = service * model.width + region;
        offered[cell] = 1;
        if (REACHES.includes(kind)) reach[cell] = REACHES.indexOf(kind);
        if (from !== null) servedFrom.set(cell, typeof from === "number" ? model.regions[from].code : from);
      }
    }
  });
  Object.assign(model, { offered, reach, servedFrom });
}

// For each cell whose region has a list of resource types, how many of the service's types are there.
function readDepth(model) {
  model.depth = new Map();
  model.missing = new Map();
  model.typed = new Set(); // services with resource types in some region
  (model.data.depth?.services ?? []).forEach((groups, service) => {
    if (groups.length > 0) model.typed.add(service);
    for (const [has, of, regions] of groups) for (const region of regions) model.depth.set(service * model.width + region, { has, of });
  });
  (model.data.depth?.missing ?? []).forEach((groups, service) => {
    for (const [names, regions] of groups) for (const region of regions) {
      const cell = service * model.width + region;
      model.missing.set(cell, [...(model.missing.get(cell) ?? []), ...names].sort());
    }
  });
}

// For each cell, when it last began and ended, as positions of days.
function readTimes(model) {
  const size = model.services.length * model.width;
  const since = new Int32Array(size).fill(-1);
  const until = new Int32Array(size).fill(-1);
  for (const [service, first, last, regions] of model.spans) {
    for (const region of regions) {
      const cell = service * model.width + region;
      if (first >= since[cell]) [since[cell], until[cell]] = [first, last];
    }
  }
  Object.assign(model, { since, until });
}

/** Which cells were offered on a day, by its position. */
export function offeredOn(model, at) {
  const offered = new Uint8Array(model.services.length * model.width);
  for (const [service, first, last, regions] of model.spans) {
    if (first > at || (last !== -1 && last < at)) continue;
    for (const region of regions) offered[service * model.width + region] = 1;
  }
  return offered;
}

/** The last day of the history up to a day, by position; -1 where the history begins later. */
export function positionOn(model, day) {
  const wanted = dayNumber(day);
  let at = -1;
  while (at + 1 < model.numbers.length && model.numbers[at + 1] <= wanted) at += 1;
  return at;
}

/** The matrix as the snapshot has it, or as of an earlier day by its position. */
export function snapshotOf(model, at = undefined) {
  const current = at === undefined;
  const day = current ? model.taken : model.days[at];
  const offered = current ? model.offered : offeredOn(model, at);
  const limit = current ? Infinity : at;
  const size = offered.length;
  const state = new Uint8Array(size);
  const fresh = new Uint8Array(size);
  for (let cell = 0; cell < size; cell += 1) {
    if (offered[cell]) state[cell] = current ? depthOf(model, cell) : FULL;
    else if (current && model.unread.has(cell % model.width)) state[cell] = UNKNOWN;
  }
  const from = dayNumber(day) - NEW_DAYS;
  for (const [service, first, last, regions] of model.spans) {
    if (first > limit) continue;
    const ended = last !== -1 && last < limit;
    const isFresh = first > 0 && model.numbers[first] > from && !ended;
    if (!ended && !isFresh) continue;
    for (const region of regions) {
      const cell = service * model.width + region;
      if (ended && state[cell] === ABSENT) state[cell] = ENDED;
      if (isFresh && offered[cell]) fresh[cell] = 1;
    }
  }
  return { at, day, current, offered, state, fresh, reach: current ? model.reach : undefined };
}

function depthOf(model, cell) {
  const depth = model.depth.get(cell);
  if (!depth) return model.typed.has(Math.floor(cell / model.width)) ? UNLISTED : FULL;
  if (depth.has === depth.of) return FULL;
  return depth.has * 2 >= depth.of ? MOST : SOME;
}

/** Count the offerings of a snapshot, of one region or one service. */
export function count({ offered }, model, { service, region }) {
  let total = 0;
  if (service !== undefined) for (let at = 0; at < model.width; at += 1) total += offered[service * model.width + at];
  else for (let cell = region; cell < offered.length; cell += model.width) total += offered[cell];
  return total;
}

/** How alike two regions are: services in both over services in either. */
export function similarity({ offered }, model, one, other) {
  let both = 0;
  let either = 0;
  for (let row = 0; row < offered.length; row += model.width) {
    const [a, b] = [offered[row + one], offered[row + other]];
    both += a & b;
    either += a | b;
  }
  return either ? both / either : 0;
}

/** Positions of the services that a snapshot has in a region. */
export function servicesIn({ offered }, model, region) {
  return model.services.filter((service) => offered[service.at * model.width + region]);
}

/** Positions of the regions in which a snapshot has a service. */
export function regionsOf({ offered }, model, service) {
  return model.regions.filter((region) => offered[service * model.width + region.at]);
}
