// Which services and regions are shown, in which order.

import { GEOGRAPHIES } from "./places.js";
import { ABSENT, ENDED, MOST, SOME, count, similarity } from "./model.js";
import { country, folded, searched } from "./text.js";

export const TIERS = {
  universal: "In every region", wide: "In most regions", moderate: "In many regions", limited: "In some regions",
  rare: "In few regions", single: "In one region", none: "In no region",
};

export const SHOWS = { partial: "Partly available", remote: "Served from another region", global: "Global endpoint", new: "New in 90 days", ended: "Ended" };

/** Regions and services for a state, and how the parts of the search were understood. */
export function visible(model, snapshot, state) {
  const picked = pickedIn(model, state);
  const parts = understood(model, state.q);
  let regions = model.regions.filter((region) => regionFits(region, state, parts, model, snapshot));
  if (state.only && picked.length) regions = picked;
  let services = model.services.filter((service) => serviceFits(service, state, parts, model, snapshot));
  if (state.only === "differences" && picked.length > 1) services = services.filter((service) => differs(snapshot, model, service, picked));
  if (state.show) services = services.filter((service) => regions.some((region) => shows(model, snapshot, state.show, service, region)));
  return { parts, picked, regions: sortedRegions(regions, model, snapshot, state), services: sortedServices(services, regions, model, snapshot, state) };
}

export const pickedIn = (model, state) =>
  [...new Set(state.pick.split(","))].filter((code) => model.regionAt.has(code)).slice(0, 4).map((code) => model.regions[model.regionAt.get(code)]);

function differs({ offered }, model, service, regions) {
  const there = regions.filter((region) => offered[service.at * model.width + region.at]).length;
  return there > 0 && there < regions.length;
}

/** Whether a cell is of a kind that one can ask for. */
export function shows(model, snapshot, kind, service, region) {
  const cell = service.at * model.width + region.at;
  if (kind === "partial") return snapshot.state[cell] === MOST || snapshot.state[cell] === SOME;
  if (kind === "new") return snapshot.fresh[cell] === 1;
  if (kind === "ended") return snapshot.state[cell] === ENDED;
  return snapshot.state[cell] !== ABSENT && snapshot.reach?.[cell] === (kind === "remote" ? 1 : 2);
}

/** The parts of a search, each with its words for services and those for regions; of several, any may fit. */
export function understood(model, text) {
  const parts = searched(text);
  return parts.map((words) => {
    const part = sortedWords(model, words);
    const whole = part.services.join(" ");
    const fitting = model.services.filter((service) => part.services.every((word) => service.words.includes(word)));
    // Who lists "lambda, bedrock" means these two, and not every service with such a word.
    const named = parts.length > 1 ? fitting.filter((service) => service.key === whole || service.order === whole || service.alike.has(whole)) : [];
    return { ...part, fitting: new Set(named.length ? named : fitting) };
  });
}

/**
 * Sort words into those for services and those for regions.
 * A word that begins a word of a region's name is for regions, unless all words together name a service.
 */
function sortedWords(model, words) {
  const whole = words.join(" ");
  const found = { services: [], regions: [] };
  const namesService = whole && model.services.some((service) => service.words.includes(whole));
  const namesRegion = whole && model.regions.some((region) => begins(region, whole));
  for (const word of words) {
    const ofService = model.services.some((service) => service.words.includes(word));
    const ofRegion = model.regions.some((region) => begins(region, word));
    const forRegion = ofRegion && !(namesService && !namesRegion) && (!ofService || model.regions.some((region) => region.code === word || wordsOf(region).includes(word)));
    found[forRegion ? "regions" : "services"].push(word);
  }
  return found;
}

const wordsOf = (region) => (region.searchWords ??= folded(`${region.code} ${region.name} ${region.geography} ${country(region.country)}`).split(/[^a-z0-9-]+/).filter(Boolean));
const begins = (region, word) => wordsOf(region).some((one) => one.startsWith(word)) || region.code.startsWith(word);

// Whether a part of the search fits; without parts of that kind everything does.
function anyFits(parts, kind, fits) {
  const own = parts.filter((part) => part[kind].length > 0);
  return own.length === 0 || own.some(fits);
}

function regionFits(region, state, parts, model, snapshot) {
  const exists = snapshot.current ? !region.gone : count(snapshot, model, { region: region.at }) > 0;
  return (
    exists &&
    anyFits(parts, "regions", (part) => part.regions.every((word) => begins(region, word))) &&
    (!state.partition || region.partition === state.partition) &&
    (!state.geography || region.geography === state.geography) &&
    (!state.country || region.country === state.country) &&
    (!state.optin || region.opt_in === (state.optin === "yes")) &&
    (!state.zones || (region.availability_zones ?? 0) >= Number(state.zones))
  );
}

function serviceFits(service, state, parts, model, snapshot) {
  const exists = snapshot.current
    ? !service.gone || state.lifecycle === "left"
    : count(snapshot, model, { service: service.at }) > 0;
  return (
    exists &&
    anyFits(parts, "services", (part) => part.fitting.has(service)) &&
    (!state.category || service.category === state.category) &&
    (!state.tier || service.tier === state.tier) &&
    (!state.lifecycle || (state.lifecycle === "left" ? service.gone : service.lifecycle?.stage === state.lifecycle))
  );
}

const byName = (a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.code < b.code ? -1 : 1);

function sortedServices(services, regions, model, snapshot, state) {
  const among = new Map(services.map((service) => [service, regions.reduce((sum, region) => sum + snapshot.offered[service.at * model.width + region.at], 0)]));
  const began = (service) => Math.max(-1, ...regions.map((region) => (snapshot.offered[service.at * model.width + region.at] ? model.since[service.at * model.width + region.at] : -1)));
  const newest = state.rows === "newest" ? new Map(services.map((service) => [service, began(service)])) : undefined;
  const orders = {
    name: byName,
    coverage: (a, b) => among.get(b) - among.get(a) || byName(a, b),
    rare: (a, b) => among.get(a) - among.get(b) || byName(a, b),
    newest: (a, b) => newest.get(b) - newest.get(a) || byName(a, b),
  };
  const order = orders[state.rows] ?? byName;
  const byGroup = (a, b) => compare(a.category ?? "~", b.category ?? "~") || order(a, b);
  return services.sort(state.group ? byGroup : order);
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function sortedRegions(regions, model, snapshot, state) {
  const services = new Map(regions.map((region) => [region, count(snapshot, model, { region: region.at })]));
  const like = model.regionAt.get(state.like);
  const alike = new Map(regions.map((region) => [region, like === undefined ? 0 : similarity(snapshot, model, like, region.at)]));
  const byCode = (a, b) => compare(a.code, b.code);
  const orders = {
    geography: (a, b) => GEOGRAPHIES.indexOf(a.geography) - GEOGRAPHIES.indexOf(b.geography) || byCode(a, b),
    services: (a, b) => services.get(b) - services.get(a) || byCode(a, b),
    launch: (a, b) => compare(a.launched ?? "~", b.launched ?? "~") || byCode(a, b),
    name: (a, b) => compare(a.name, b.name) || byCode(a, b),
    like: (a, b) => alike.get(b) - alike.get(a) || byCode(a, b),
  };
  return [...regions].sort(orders[state.columns] ?? orders.geography);
}

/** Why nothing is shown: the controls that could be loosened, each with the state that loosens it. */
export function loosened(state) {
  const names = {
    q: "the search", partition: "the partition", geography: "the geography", country: "the country", optin: "opt-in",
    zones: "the zones", category: "the category", tier: "the coverage", lifecycle: "the lifecycle", show: "the kind of cell", only: "the chosen regions",
  };
  return Object.keys(names).filter((name) => state[name]).map((name) => [names[name], { [name]: "" }]);
}
