// Two to four regions side by side.

import { change, linkTo } from "./address.js";
import { element, internalLink } from "./dom.js";
import { pickedIn } from "./filter.js";
import { similarity } from "./model.js";
import { country, listed, many, percent } from "./text.js";

/** The view of the chosen regions. */
export function compareView(model, { snapshot, services: shownServices }, state) {
  const regions = pickedIn(model, state);
  if (regions.length < 2) {
    return {
      node: element("div", { class: "page" }, element("h2", {}, "Compare regions"), element("p", {}, "Choose two to four regions above: this page then shows them side by side, with the services in which they differ."),
        element("p", { class: "quiet" }, "For example: ", internalLink(linkTo({ view: "compare", panel: [], pick: "eu-central-1,eu-west-1" }), "Frankfurt and Ireland"), " · ", internalLink(linkTo({ view: "compare", panel: [], pick: "us-east-1,us-west-2,eu-west-1" }), "the three largest"))),
      table: () => ({ name: "comparison", title: "Comparison", columns: ["Service"], rows: [] }),
    };
  }
  const has = (service, region) => snapshot.offered[service.at * model.width + region.at];
  const there = (service) => regions.filter((region) => has(service, region)).length;
  // Who searches for services wants to see each of them, also those that no region has.
  const services = shownServices.filter((service) => state.q || there(service) > 0);
  const nowhere = services.filter((service) => there(service) === 0);
  const shared = services.filter((service) => there(service) === regions.length);
  const differing = services.filter((service) => there(service) > 0 && there(service) < regions.length);
  const kind = state.kind || (state.q ? "all" : "different");
  const rows = kind === "all" ? services : differing;
  const known = (region) => !model.unread.has(region.at);
  const fact = (title, value) => element("tr", {}, element("th", { scope: "row" }, title), regions.map((region) => element("td", {}, value(region) ?? "–")));
  const choose = (value, text) => element("label", { class: "check" }, element("input", { type: "radio", name: "which", checked: kind === value, on: { change: () => change({ kind: value }) } }), text);
  const node = element("div", { class: "page wide" },
    element("h2", {}, regions.map((region) => region.name).join(" · ")),
    element("p", { class: "lead" }, element("b", {}, many(shared.length, "service")), ` in all of them, `, element("b", {}, number(differing)), " in some only", nowhere.length > 0 && [", ", element("b", {}, number(nowhere)), " in none"]),
    element("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": "Facts" }, element("table", { class: "compared" },
      element("caption", { class: "unseen" }, "Facts"),
      element("thead", {}, element("tr", {}, element("td", {}), regions.map((region) => element("th", { scope: "col" }, internalLink(linkTo({ view: "map", panel: ["region", region.code] }), region.name), element("div", { class: "code" }, region.label))))),
      element("tbody", {},
        fact("Services", (region) => (known(region) ? services.filter((service) => has(service, region)).length : "not known")),
        fact("Missing of these", (region) => (known(region) ? services.length - services.filter((service) => has(service, region)).length : "not known")),
        fact(`Similarity to ${regions[0].code}`, (region) => (region === regions[0] ? "–" : percent(similarity(snapshot, model, regions[0].at, region.at)))),
        fact("Open since", (region) => region.launched),
        fact("Country", (region) => region.country && country(region.country)),
        fact("Partition", (region) => region.partition),
        fact("Availability zones", (region) => region.availability_zones),
        fact("Local zones", (region) => region.local_zones),
        fact("Opt-in", (region) => (region.opt_in === undefined ? undefined : region.opt_in ? "must be enabled" : "enabled by default")),
      ))),
    element("div", { class: "choices", role: "radiogroup", "aria-label": "Services shown" }, choose("different", `${many(differing.length, "service")} that differ`), choose("all", `all ${services.length}`)),
    rows.length === 0 ? element("p", {}, "These regions offer the same services.") :
    element("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": "Services compared" }, element("table", { class: "compared" },
      element("caption", { class: "unseen" }, "Services compared"),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Service"), regions.map((region) => element("th", { scope: "col" }, region.label)))),
      groupsOf(rows, regions, has).map(([title, own]) => element("tbody", {},
        element("tr", { class: "group" }, element("th", { scope: "rowgroup", colspan: regions.length + 1 }, `${title}: ${own.length}`)),
        own.map((service) => element("tr", {},
          element("th", { scope: "row" }, internalLink(linkTo({ panel: ["service", service.code] }), service.name)),
          regions.map((region) => mark(model, snapshot, service, region)))))))),
  );
  const word = (service, region) => (has(service, region) ? "yes" : known(region) ? "no" : "not known");
  return { node, table: () => ({ name: `compare-${regions.map((region) => region.code).join("-")}`, title: `Services of ${regions.map((region) => region.code).join(", ")} as of ${snapshot.day}`, columns: ["Service Code", "Service", ...regions.map((region) => region.code)], rows: rows.map((service) => [service.code, service.name, ...regions.map((region) => word(service, region))]) }) };
}

const EVERYWHERE = "In all of them";
const NOWHERE = "In none of them";

// Services by which of the regions have them: the largest group first, those in all or none of them last.
function groupsOf(services, regions, has) {
  const groups = new Map();
  for (const service of services) {
    const there = regions.filter((region) => has(service, region)).map((region) => region.name);
    const title = there.length === 0 ? NOWHERE : there.length === regions.length ? EVERYWHERE : there.length === 1 ? `Only in ${there[0]}` : `In ${listed(there)} only`;
    groups.set(title, [...(groups.get(title) ?? []), service]);
  }
  const last = ([title]) => (title === EVERYWHERE ? 1 : title === NOWHERE ? 2 : 0);
  return [...groups].sort((a, b) => last(a) - last(b) || b[1].length - a[1].length);
}

const number = (all) => String(all.length);

function mark(model, snapshot, service, region) {
  const cell = service.at * model.width + region.at;
  if (!snapshot.offered[cell]) return element("td", { class: "no" }, model.unread.has(region.at) ? "not known" : "– no");
  const served = snapshot.reach?.[cell] === 1 ? ` from ${model.servedFrom.get(cell)}` : "";
  const depth = model.depth.get(cell);
  const short = depth && depth.has < depth.of;
  return element("td", { class: short ? "yes part" : "yes" }, `${short ? "◐" : "●"} yes${served}`, short ? `, ${depth.has} of ${depth.of} types` : "");
}
