// The view of changes: growth, the recent ones grouped, or those between two days.

import { change, linkTo } from "./address.js";
import { KINDS, changeFits, changeItem, textOf } from "./changes.js";
import { stepChart } from "./chart.js";
import { dated, element, inParts, internalLink } from "./dom.js";
import { positionOn, snapshotOf } from "./model.js";
import { typeChanges } from "./links.js";
import { growthOf } from "./past.js";
import { differenceOf } from "./time.js";
import { dayNumber, dayOf, many, number, searched, shown } from "./text.js";

const SHOWN = 300; // lines; a search or a filter finds the rest
const QUARTER = 90;

/** The view of changes. */
export function changesView(model, state) {
  const between = state.from && model.days.length > 1;
  const [lines, rows] = between ? betweenTwo(model, state) : recent(model, state);
  const all = model.data.changes ?? [];
  const kinds = [...new Set(all.map((one) => one.kind))];
  const fromField = element("input", { type: "date", id: "since", min: model.days[0], max: model.days.at(-1), value: state.from, on: { change: (event) => change({ from: event.target.value }) } });
  const toField = element("input", { type: "date", id: "until", min: model.days[0], max: model.days.at(-1), value: state.day || model.days.at(-1), on: { change: (event) => change({ day: event.target.value === model.days.at(-1) ? "" : event.target.value }) } });
  const search = element("input", { type: "search", id: "which", placeholder: "lambda, bedrock, spain", value: state.q, "aria-label": "Only changes of", on: { change: (event) => change({ q: event.target.value }) } });
  return {
    node: element("div", { class: "page wide" },
      element("h2", {}, between ? `Changes between ${state.from} and ${state.day || model.taken}` : "What changed"),
      !between && summary(model),
      model.days.length > 1 && !between && element("div", { class: "curves" }, ["regions", "services", "offerings"].map((noun) => element("figure", {}, element("figcaption", {}, noun[0].toUpperCase() + noun.slice(1)), stepChart({ days: model.days, values: growthOf(model)[noun], title: noun })))),
      element("form", { class: "choices", on: { submit: (event) => event.preventDefault() } },
        element("label", { class: "pair" }, "Only ", search),
        !between && kinds.length > 1 && element("label", { class: "pair" }, "Kind ", kindField(kinds, state)),
        model.days.length > 1 && [element("label", { class: "pair" }, "Between ", fromField), element("label", { class: "pair" }, "and ", toField)],
        between && element("button", { type: "button", class: "plain", on: { click: () => change({ from: "", day: "" }) } }, "Recent changes"),
      ),
      lines,
    ),
    table: () => rows,
  };
}

function kindField(kinds, state) {
  const field = element("select", { id: "kind", on: { change: () => change({ kind: field.value }) } }, element("option", { value: "" }, "All"), kinds.map((kind) => element("option", { value: kind, selected: kind === state.kind }, KINDS[kind] ?? kind)));
  return field;
}

// One sentence a manager can pass on.
function summary(model) {
  const since = dayOf(dayNumber(model.taken) - QUARTER);
  const late = (model.data.changes ?? []).filter((one) => one.announced > since);
  const total = (...kinds) => late.filter((one) => kinds.includes(one.kind)).reduce((sum, one) => sum + Math.max(1, one.regions?.length ?? 1), 0);
  const groups = (kind) => late.filter((one) => one.kind === kind).sort((a, b) => (b.regions?.length ?? 0) - (a.regions?.length ?? 0)).slice(0, 3);
  const opened = late.filter((one) => one.kind === "region-launched" || one.kind === "region-opened").flatMap((one) => one.regions ?? []);
  const top = [...groups("added"), ...groups("removed")];
  return [
    element("p", { class: "lead" }, `In the ${QUARTER} days to ${model.taken}: `, element("b", {}, many(total("service-opened"), "new service")), ", ", element("b", {}, many(total("service-ended"), "ended service")), ", ", element("b", {}, many(total("added", "returned"), "arrival")), ", ", element("b", {}, many(total("removed"), "removal")), ", ", element("b", {}, many(new Set(opened).size, "region")), " opened."),
    top.length > 0 && element("p", { class: "quiet" }, "Most notable: ", top.map((one, at) => [at ? "; " : "", internalLink(linkTo({ panel: ["service", one.service] }), textOf(model, one))]), "."),
    model.hasDepth && element("p", { class: "quiet" }, "In a list of their own: ", typeChanges(), "."),
    sentences("What to look at", model.data.look),
    sentences("How sure", model.data.sure),
  ];
}

// The sentences of the brief.
function sentences(title, lines = []) {
  return lines.length > 0 && [element("h3", {}, title), element("ul", { class: "sentences" }, lines.map((line) => element("li", {}, dated(shown(line, 600)))))];
}

function recent(model, state) {
  const parts = searched(state.q);
  const fitting = (model.data.changes ?? []).filter((one) => (!state.kind || one.kind === state.kind) && changeFits(model, one, parts));
  const byDay = Map.groupBy ? Map.groupBy(fitting.slice(0, SHOWN), (one) => one.announced) : grouped(fitting.slice(0, SHOWN));
  const lines = fitting.length
    ? [linesOf([...byDay].map(([day, own]) => [`Confirmed by the snapshot of ${day}`, own]), model), fitting.length > SHOWN && element("p", { class: "quiet" }, `${fitting.length - SHOWN} more: narrow the search.`)]
    : element("p", {}, (model.data.changes ?? []).length ? "No change fits. Clear the search or the kind above." : "No earlier snapshot differs from this one.");
  const rows = fitting.flatMap((one) => (one.regions?.length ? one.regions : [""]).map((region) => [one.kind, one.service ?? "", region, (one.zones ?? []).join(" "), one.after ?? "", one.seen, textOf(model, one)]));
  return [lines, { name: "changes", title: "Changes", columns: ["Kind", "Service Code", "Region Code", "Zones", "Previous Snapshot", "First Seen", "Text"], rows }];
}

function grouped(all) {
  const groups = new Map();
  for (const one of all) groups.set(one.announced, [...(groups.get(one.announced) ?? []), one]);
  return groups;
}

function betweenTwo(model, state) {
  const [earlierAt, laterAt] = [positionOn(model, state.from), positionOn(model, state.day || model.taken)];
  if (earlierAt < 0) return [element("p", {}, `The history begins on ${model.days[0]}.`), { name: "changes", title: "Changes", columns: ["Kind"], rows: [] }];
  const difference = differenceOf(snapshotOf(model, earlierAt), snapshotOf(model, laterAt));
  const parts = searched(state.q);
  const found = [];
  for (const service of model.services) {
    for (const [value, kind] of [[1, "added"], [-1, "removed"]]) {
      const regions = model.regions.filter((region) => difference[service.at * model.width + region.at] === value).map((region) => region.code);
      const one = { kind, service: service.code, regions, seen: model.days[laterAt], after: model.days[earlierAt] };
      const own = parts.length ? { ...one, regions: narrowed(model, one, parts) } : one;
      if (own.regions.length) found.push(own);
    }
  }
  found.sort((a, b) => b.regions.length - a.regions.length);
  const came = found.filter((one) => one.kind === "added");
  const went = found.filter((one) => one.kind === "removed");
  const total = (all) => all.reduce((sum, one) => sum + one.regions.length, 0);
  const lines = [
    element("p", { class: "lead" }, element("b", {}, many(total(came), "arrival")), ` of ${many(came.length, "service")} and `, element("b", {}, many(total(went), "removal")), ` of ${many(went.length, "service")}, by the snapshots of ${model.days[earlierAt]} and ${model.days[laterAt]}.`),
    linesOf([[`Added: ${number(came.length)}`, came], [`Removed: ${number(went.length)}`, went]].filter(([, all]) => all.length), model),
  ];
  const rows = found.flatMap((one) => one.regions.map((region) => [one.kind, one.service, region]));
  return [lines, { name: `changes-${model.days[earlierAt]}-${model.days[laterAt]}`, title: `Changes between ${model.days[earlierAt]} and ${model.days[laterAt]}`, columns: ["Change", "Service Code", "Region Code"], rows }];
}

// Headings with their changes.
function linesOf(groups, model) {
  const node = element("div", {});
  const makers = groups.flatMap(([title, own]) => {
    const list = element("ul", { class: "changes" });
    const item = (one) => () => list.append(changeItem(model, one));
    return [() => node.append(element("h3", {}, title), list), ...own.map(item)];
  });
  return inParts(node, makers);
}

// A search for a region keeps that region's changes alone.
function narrowed(model, one, parts) {
  if (changeFits(model, { ...one, regions: [] }, parts)) return one.regions;
  return one.regions.filter((region) => changeFits(model, { ...one, regions: [region] }, parts));
}
