// The panel of a region.

import { change, linkTo, state } from "./address.js";
import { changeItem } from "./changes.js";
import { stepChart } from "./chart.js";
import { element, fill, internalLink, isolated, outerLink } from "./dom.js";
import { findingItem } from "./findings.js";
import { feedLinks } from "./links.js";
import { servicesIn, similarity } from "./model.js";
import { growthOfRegion } from "./past.js";
import { facts } from "./table.js";
import { country, many, percent, shown } from "./text.js";

const NEAREST = 5;
const RECENT = 12;

/** The contents of the panel. */
export function regionPanel(model, region) {
  const now = model.now;
  const known = !region.gone && !model.unread.has(region.at);
  return [
    element("h2", {}, isolated(region.name)),
    element("p", { class: "code" }, region.label),
    region.gone && element("p", { class: "notice" }, "AWS no longer lists this region."),
    model.unread.has(region.at) && element("p", { class: "notice" }, "This region could not be read: what it offers is not known."),
    known && element("p", { class: "lead" }, element("b", {}, many(region.services, "service")), ` · ${percent(region.partition_share)} of what its partition has · rank ${region.rank ?? "–"} of ${model.data.regions.length}`),
    facts([
      ["Open since", launch(region)],
      ["Country", region.country && country(region.country)],
      ["Partition", region.partition && shown(region.partition)],
      ["Zones", zones(region)],
      ["Opt-in", region.opt_in === undefined ? undefined : region.opt_in ? "must be enabled in each account" : "enabled by default"],
      ["Data quality", region.score === undefined ? undefined : `${region.score} of 100 (${region.grade})`],
    ]),
    known && element("div", { class: "actions" }, compareButton(region), element("button", { type: "button", class: "plain", on: { click: () => change({ columns: "like", like: region.code, view: "map" }) } }, "Sort the map by similarity")),
    model.days.length > 1 && [element("h3", {}, "Services over time"), stepChart({ days: model.days, values: growthOfRegion(model, region.at), title: `Services in ${region.name}` })],
    known && nearest(model, now, region),
    known && missing(model, now, region),
    recent(model, region),
    findingsOf(model, region),
    feedLinks("regions", region.code),
  ];
}

function launch(region) {
  if (!region.launched) return undefined;
  const source = { feed: "AWS's regions feed", "feed copy": "the last copy of AWS's regions feed", overlay: "list of dates in this package" }[region.launch_source] ?? region.launch_source;
  return [region.launched, element("span", { class: "quiet" }, " · ", region.launch_url ? outerLink(region.launch_url, "announcement") : shown(source))];
}

function zones(region) {
  const of = (count, noun) => (count ? many(count, noun) : undefined);
  if (region.availability_zones === undefined) return undefined;
  return [many(region.availability_zones, "availability zone"), of(region.local_zones, "local zone"), of(region.wavelength_zones, "Wavelength Zone")].filter(Boolean).join(", ");
}

function compareButton(region) {
  const picked = state().pick ? state().pick.split(",") : [];
  const has = picked.includes(region.code);
  return element("button", { type: "button", class: "plain", disabled: !has && picked.length >= 4, on: { click: () => change({ pick: (has ? picked.filter((one) => one !== region.code) : [...picked, region.code]).join(",") }) } }, has ? "Remove from comparison" : "Add to comparison");
}

function peers(model, region) {
  return model.regions.filter((one) => one !== region && !one.gone && one.partition === region.partition && !model.unread.has(one.at));
}

function nearest(model, now, region) {
  const graded = peers(model, region).map((other) => [other, similarity(now, model, region.at, other.at)]).sort((a, b) => b[1] - a[1]).slice(0, NEAREST);
  if (!graded.length) return undefined;
  return [
    element("h3", {}, "Most similar regions"),
    element("table", { class: "small" }, element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Region"), element("th", { scope: "col", class: "number" }, "Similarity"), element("th", { scope: "col", class: "number" }, "Has more"), element("th", { scope: "col", class: "number" }, "Has less"))),
      element("tbody", {}, graded.map(([other, alike]) => element("tr", {},
        element("th", { scope: "row" }, internalLink(linkTo({ view: "compare", panel: [], pick: `${region.code},${other.code}`, only: "" }), other.name)),
        element("td", { class: "number" }, percent(alike)),
        element("td", { class: "number" }, onlyIn(model, now, other, region).length),
        element("td", { class: "number" }, onlyIn(model, now, region, other).length))))),
  ];
}

const onlyIn = (model, now, one, other) => servicesIn(now, model, one.at).filter((service) => !now.offered[service.at * model.width + other.at]);

// What another region has that this one has not; the widest of its partition is asked first.
function missing(model, now, region) {
  const others = peers(model, region);
  if (!others.length) return undefined;
  const widest = others.reduce((a, b) => (b.services > a.services ? b : a));
  const list = element("div", {});
  const show = (code) => {
    const other = model.regions[model.regionAt.get(code)];
    const [lacks, extra] = [onlyIn(model, now, other, region), onlyIn(model, now, region, other)];
    fill(list, services(`${many(lacks.length, "service")} missing here`, lacks), services(`${many(extra.length, "service")} only here`, extra));
  };
  const field = element("select", { "aria-label": "Compare with", on: { change: () => show(field.value) } }, others.map((other) => element("option", { value: other.code, selected: other === widest }, `${other.label} · ${other.name}`)));
  show(widest.code);
  return [element("h3", {}, "Missing here"), element("label", { class: "pair" }, "against ", field), list];
}

/** A list of services that opens. */
export function services(title, all) {
  if (!all.length) return element("p", { class: "quiet" }, title);
  return element("details", {}, element("summary", {}, title), element("ul", { class: "links" }, all.map((service) => element("li", {}, internalLink(linkTo({ panel: ["service", service.code] }), service.name)))));
}

function recent(model, region) {
  const own = (model.data.changes ?? []).filter((one) => one.regions?.includes(region.code));
  if (!own.length) return undefined;
  return [
    element("h3", {}, "Recent changes"),
    element("ul", { class: "changes" }, own.slice(0, RECENT).map((one) => changeItem(model, { ...one, regions: one.kind === "renamed" ? one.regions : [region.code] }))),
    own.length > RECENT && element("p", {}, internalLink(linkTo({ view: "changes", panel: [], q: region.code }), `All ${own.length} changes`)),
  ];
}

function findingsOf(model, region) {
  const own = (model.data.findings ?? []).filter((one) => one.subject === region.code || one.evidence?.includes(region.code));
  if (!own.length) return undefined;
  return element("details", {}, element("summary", {}, many(own.length, "data-quality finding")), element("ul", { class: "findings" }, own.map((one) => findingItem(model, one))));
}
