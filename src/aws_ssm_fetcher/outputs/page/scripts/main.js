// Draws the page of a state, and again whenever the state changes.

import { aboutView } from "./about.js";
import { VIEWS, change, linkTo, onChange, state as currentState } from "./address.js";
import { compareView } from "./compare.js";
import { makeControls } from "./controls.js";
import { readData } from "./data.js";
import { byId, element, fill, internalLink } from "./dom.js";
import { loosened, visible } from "./filter.js";
import { findingsView } from "./findings.js";
import { legendOf } from "./legend.js";
import { regionsView, servicesView } from "./lists.js";
import { makeMap, showMap } from "./map.js";
import { makeMenu } from "./menu.js";
import { modelOf, positionOn, snapshotOf } from "./model.js";
import { changesView } from "./news.js";
import { printTables } from "./print.js";
import { regionPanel } from "./region.js";
import { servicePanel } from "./service.js";
import { startTheme } from "./theme.js";
import { differenceOf, makeTime, wordsOf } from "./time.js";
import { dayNumber, many, number, shown } from "./text.js";
import { worldView } from "./world.js";

const FILTERED = new Set(["map", "world", "regions", "services", "compare"]); // views with the search above them
const TIMED = new Set(["map", "world", "regions", "services"]); // and with the slider

const model = modelOf(await readData());
const map = makeMap();
let table = () => ({ name: "services", title: "Services", columns: [], rows: [] });
const controls = makeControls(byId("tools"), model);
const time = makeTime(byId("time"), model);
const snapshots = new Map();
let opener;

heading();
makeMenu(byId("take"), () => table(), (words) => fill(byId("announce"), words));
startTheme(() => draw(currentState()));
printTables(() => table(), () => currentState().view === "map");
addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && currentState().panel.length > 0 && closePanel());
onChange(draw);
draw(currentState());

function heading() {
  const { source, quarantine = [], taken } = model.data;
  const days = Math.floor(Date.now() / 86_400_000) - dayNumber(taken.slice(0, 10));
  const age = days > 0 ? ` · ${many(days, "day")} old` : "";
  const kind = { bundled: "bundled snapshot", aws: "read from AWS", file: "imported" }[source.kind] ?? shown(source.kind);
  fill(byId("as-of"), `as of ${model.taken} · ${kind}${age} · ${many(model.data.regions.length, "region")} · ${many(model.data.services.length, "service")} · ${number(model.now.offered.reduce((sum, one) => sum + one, 0))} available`);
  const unread = model.regions.filter((region) => model.unread.has(region.at)).map((region) => region.code);
  fill(byId("notices"),
    quarantine.map((message) => element("p", { class: "notice" }, `This run is quarantined: ${shown(message, 400)}`)),
    unread.length > 0 && element("p", { class: "notice" }, `Could not be read: ${unread.join(", ")}. Their cells are hatched: nothing is known of them.`));
}

function tabs(state) {
  fill(byId("tabs"), Object.entries(VIEWS).map(([view, title]) =>
    internalLink(linkTo({ view, panel: [], sort: "", kind: "" }), title, { "aria-current": state.view === view ? "page" : undefined })));
}

function draw(state, before) {
  const at = state.day && model.days.length ? positionOn(model, state.day) : -1;
  const snapshot = at >= 0 && at < model.days.length - 1 ? snapshotAt(at) : model.now;
  const seen = { snapshot, ...visible(model, snapshot, state) };
  tabs(state);
  document.body.dataset.view = state.view;
  byId("tools").hidden = !FILTERED.has(state.view);
  byId("time").hidden = !TIMED.has(state.view) || model.days.length < 2;
  controls.show(state, seen);
  time.show(state, snapshot);
  showView(state, seen, before);
  showPanel(state, before);
}

// Days that were shown are kept: the slider goes over them again and again.
function snapshotAt(at) {
  if (!snapshots.has(at)) {
    if (snapshots.size > 60) snapshots.clear();
    snapshots.set(at, snapshotOf(model, at));
  }
  return snapshots.get(at);
}

function showView(state, seen, before) {
  const view = byId("view");
  if (state.view === "map") return showHeatMap(state, seen, view);
  const makers = {
    world: () => worldView(model, seen),
    regions: () => regionsView(model, seen, state),
    services: () => servicesView(model, seen, state),
    compare: () => compareView(model, seen, state),
    changes: () => changesView(model, state),
    findings: () => findingsView(model),
    about: () => aboutView(model),
  };
  const made = makers[state.view]();
  table = made.table;
  const focused = document.activeElement?.id;
  const scrolled = before?.view === state.view ? view.scrollTop : 0;
  fill(view, emptyNote(state, seen) ?? made.node);
  view.scrollTop = scrolled;
  if (focused && before?.view === state.view && view.querySelector(`#${CSS.escape(focused)}`)) byId(focused).focus();
}

function showHeatMap(state, seen, view) {
  const { snapshot, services, regions, picked } = seen;
  const earlier = state.from && model.days.length > 1 ? positionOn(model, state.from) : -1;
  const difference = earlier >= 0 ? differenceOf(snapshotAt(earlier), snapshot) : undefined;
  const [kind, code, where] = state.panel;
  const panel = {
    service: kind === "service" ? model.services[model.serviceAt.get(code)] : undefined,
    region: model.regions[model.regionAt.get(kind === "region" ? code : where)],
  };
  const note = emptyNote(state, seen);
  const above = [legendOf(model, snapshot, Boolean(difference)),
    difference && element("p", { class: "compared-note" }, `${model.days[earlier]} → ${snapshot.day}: ${wordsOf(difference)}. `, internalLink(linkTo({ view: "changes", panel: [] }), "List them"))];
  // A frame that is taken out of the document loses its focus and its place.
  if (note || map.frame.parentNode !== view) fill(view, element("div", { class: "above" }), note ?? map.frame);
  fill(view.firstChild, above);
  if (!note) {
    showMap(map, { model, snapshot, rows: services, columns: regions, difference, panel, bands: state.columns === "geography", group: state.group, picked: new Set(picked.map((region) => region.at)) });
  }
  table = () => matrixTable(state, seen);
}

// As service_matrix.csv has it: 1 is available, 0 is not, ? could not be read.
function matrixTable(state, { snapshot, services, regions }) {
  const value = (service, region) => (snapshot.offered[service.at * model.width + region.at] ? 1 : snapshot.current && model.unread.has(region.at) ? "?" : 0);
  return {
    name: `services-by-region-${snapshot.day}`,
    title: `Services by region as of ${snapshot.day}`,
    columns: ["Service Code", "Service Name", ...regions.map((region) => region.code)],
    rows: services.map((service) => [service.code, model.data.services[service.at] ? service.original : service.name, ...regions.map((region) => value(service, region))]),
  };
}

function emptyNote(state, { services, regions }) {
  if (!FILTERED.has(state.view) || state.view === "compare" || (services.length && regions.length)) return undefined;
  const missing = services.length ? "region" : "service";
  return element("div", { class: "page empty" },
    element("p", { class: "lead" }, `No ${missing} fits${state.q ? ` “${shown(state.q, 60)}”` : ""} with these filters.`),
    element("p", {}, "Loosen ", loosened(state).map(([name, members]) => [element("button", { type: "button", class: "chip", on: { click: () => change(members) } }, name), " "])));
}

function showPanel(state, before) {
  const panel = byId("panel");
  const [kind, code, where] = state.panel;
  const same = before && before.panel.join("/") === state.panel.join("/");
  if (kind !== "region" && kind !== "service") {
    const was = !panel.hidden;
    panel.hidden = true;
    fill(panel);
    if (was) opener?.isConnected ? opener.focus({ preventScroll: true }) : map.grid.isConnected && map.grid.focus({ preventScroll: true });
    return;
  }
  if (same && state.pick === before.pick && !panel.hidden) return;
  if (panel.hidden && before) opener = document.activeElement;
  const found = kind === "region" ? model.regions[model.regionAt.get(code)] : model.services[model.serviceAt.get(code)];
  const contents = found ? (kind === "region" ? regionPanel(model, found) : servicePanel(model, found, model.regions[model.regionAt.get(where)])) : unknown(kind, code);
  const close = element("button", { type: "button", class: "plain close", "aria-label": "Close the details", on: { click: closePanel } }, "×");
  const scrolled = same ? panel.scrollTop : 0;
  fill(panel, close, contents);
  panel.hidden = false;
  panel.scrollTop = scrolled;
  if (before && !same) close.focus({ preventScroll: true });
}

function closePanel() {
  change({ panel: [] }, { push: true });
}

function unknown(kind, code) {
  return [element("h2", {}, `Unknown ${kind} “${shown(code, 60)}”`), element("p", {}, "This snapshot and its history have no such code. Search for it above.")];
}
