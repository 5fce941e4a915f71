// The panel of a service.

import { linkTo } from "./address.js";
import { changeItem } from "./changes.js";
import { stepChart } from "./chart.js";
import { dated, element, internalLink, isolated, outerLink } from "./dom.js";
import { TIERS } from "./filter.js";
import { findingItem } from "./findings.js";
import { feedLinks } from "./links.js";
import { regionsOf } from "./model.js";
import { GEOGRAPHIES } from "./places.js";
import { rolloutOf } from "./past.js";
import { began, sentenceOf } from "./sentence.js";
import { facts } from "./table.js";
import { categoryTitle, listed, many, shown } from "./text.js";

const RECENT = 8;
const FEW = 10; // regions that are named at once

/** The contents of the panel; of a cell, its sentence comes first. */
export function servicePanel(model, service, region) {
  const has = regionsOf(model.now, model, service.at);
  const current = model.regions.filter((one) => !one.gone);
  return [
    element("h2", {}, isolated(service.name)),
    element("p", { class: "code" }, shown(service.code, 60)),
    region && element("p", { class: "notice calm" }, dated(sentenceOf(model, model.now, service, region)), names(model, service, region), " ", internalLink(linkTo({ panel: ["region", region.code] }), "About the region")),
    service.gone && element("p", { class: "notice" }, "AWS no longer lists this service."),
    element("p", { class: "lead" }, element("b", {}, `${has.length} of ${many(current.length, "region")}`), service.tier ? ` · ${TIERS[service.tier].toLowerCase()} of its partitions` : ""),
    inShort(model, service, current, has),
    facts([
      ["First seen", dated(firstDay(model, service))],
      ["Category", service.category && categoryTitle(service.category)],
      ["Lifecycle", lifecycle(service)],
      ["Also called", service.aliases?.length && listed(service.aliases.slice(0, 12).map((one) => shown(one, 60)))],
      ["Earlier code", service.earlier_codes?.length && listed(service.earlier_codes.map((one) => shown(one, 60)))],
      ["AWS's page", service.home_page && outerLink(service.home_page, shown(service.home_page.replace(/^https?:\/\//, ""), 48))],
    ]),
    model.days.length > 1 && [element("h3", {}, "Regions over time"), stepChart({ days: model.days, values: rolloutOf(model, service.at), title: `Regions with ${service.name}` })],
    types(model, service),
    element("h3", {}, "Where"),
    GEOGRAPHIES.map((geography) => inGeography(model, service, geography, current.filter((one) => one.geography === geography))),
    recent(model, service),
    findingsOf(model, service),
    feedLinks("services", service.code),
  ];
}

// Name the regions that have it, or those that have not, where either are few.
function inShort(model, service, current, has) {
  const lacks = current.filter((region) => !has.includes(region) && !model.unread.has(region.at));
  const [words, named] = has.length <= FEW ? ["Only in ", has] : lacks.length <= FEW ? ["Not in ", lacks] : ["", []];
  if (!named.length) return undefined;
  return element("p", {}, words, named.map((region, at) => [at ? ", " : "", internalLink(linkTo({ panel: ["service", service.code, region.code] }), region.name)]), ".");
}

// The first day on which any region had it.
function firstDay(model, service) {
  const firsts = model.spans.filter((span) => span[0] === service.at).map((span) => span[1]);
  if (!firsts.length) return undefined;
  const first = Math.min(...firsts);
  return first === 0 ? `before ${model.days[0]}` : `between ${model.days[first - 1]} and ${model.days[first]}`;
}

function lifecycle({ lifecycle: whole, features = [] }) {
  const line = (one) => [one.feature ? `${shown(one.feature)}: ` : "", shown(one.stage), dated(whenOf(one)), " · ", outerLink(one.source, "source")];
  const lines = [whole, ...features].filter(Boolean);
  return lines.length ? lines.map((one) => element("div", {}, line(one))) : undefined;
}

function whenOf({ stage, ends, closed, entered }) {
  return [closed && `, no new customers since ${closed}`, ends && `, ${stage === "shut down" ? "support ended" : "support ends"} ${ends}`, !closed && !ends && entered && `, ${entered}`].filter(Boolean).join("");
}

function inGeography(model, service, geography, regions) {
  if (!regions.length) return undefined;
  const has = regions.filter((region) => model.now.offered[service.at * model.width + region.at]);
  const item = (region) => {
    const there = has.includes(region);
    const since = there && began(model, service.at * model.width + region.at);
    return element("li", { class: there ? "there" : "absent" }, internalLink(linkTo({ panel: ["service", service.code, region.code] }), region.name, { title: region.code }),
      element("span", { class: "quiet" }, model.unread.has(region.at) && !there ? " not known" : there ? (since ? ` ${since}` : "") : " not available"));
  };
  const whole = has.length === regions.length;
  return element("details", {}, element("summary", {}, geography, element("span", { class: whole ? "count" : "count partial" }, `${has.length} of ${regions.length}`)), element("ul", { class: "places" }, regions.map(item)));
}

// In which regions resource types are missing.
function types(model, service) {
  const known = model.regions.map((region) => [region, model.depth.get(service.at * model.width + region.at)]).filter(([, depth]) => depth);
  if (!known.length) return undefined;
  const short = known.filter(([, depth]) => depth.has < depth.of).sort((a, b) => a[1].has / a[1].of - b[1].has / b[1].of);
  const most = Math.max(...known.map(([, depth]) => depth.of));
  return [
    element("h3", {}, "Resource types"),
    element("p", {}, short.length ? `${many(most, "CloudFormation resource type")}; some are missing in ${many(short.length, "region")}.` : `${many(most, "CloudFormation resource type")}, all of them wherever the service is.`),
    short.length > 0 && element("details", {}, element("summary", {}, "Where types are missing"), element("ul", { class: "places" }, short.map(([region, depth]) => element("li", {}, internalLink(linkTo({ panel: ["service", service.code, region.code] }), region.name), element("span", { class: "quiet" }, ` ${depth.has} of ${depth.of}`), names(model, service, region))))),
    element("p", { class: "quiet" }, dated(`By ${shown(model.data.depth.origin)}, ${model.data.depth.taken}.`)),
  ];
}

// The types that are missing in a region, by name.
function names(model, service, region) {
  const missing = model.missing.get(service.at * model.width + region.at) ?? [];
  return missing.length > 0 && element("details", { class: "rest" }, element("summary", {}, "missing"), element("span", { class: "quiet" }, ` ${missing.map((name) => shown(name)).join(", ")}`));
}

function recent(model, service) {
  const own = (model.data.changes ?? []).filter((one) => one.service === service.code || one.old === service.code);
  if (!own.length) return undefined;
  return [
    element("h3", {}, "Recent changes"),
    element("ul", { class: "changes" }, own.slice(0, RECENT).map((one) => changeItem(model, one))),
    own.length > RECENT && element("p", {}, internalLink(linkTo({ view: "changes", panel: [], q: service.code }), `All ${own.length} changes`)),
  ];
}

function findingsOf(model, service) {
  const own = (model.data.findings ?? []).filter((one) => one.subject === service.code || (one.scope !== "region" && one.evidence?.includes(service.code)));
  if (!own.length) return undefined;
  return element("details", {}, element("summary", {}, many(own.length, "data-quality finding")), element("ul", { class: "findings" }, own.map((one) => findingItem(model, one))));
}
