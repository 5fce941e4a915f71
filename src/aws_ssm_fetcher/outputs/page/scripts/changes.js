// Changes in words, as the report of changes has them.

import { linkTo } from "./address.js";
import { dated, element, internalLink } from "./dom.js";
import { many, shown } from "./text.js";

export const KINDS = {
  "service-opened": "New service", "service-ended": "Ended",
  added: "Added", removed: "Removed", returned: "Returned", renamed: "New code", "region-opened": "Region opened",
  "region-launched": "Region launched", "name-changed": "New name", "endpoint-changed": "New endpoint", "zone-added": "Zone opened", "zone-removed": "Zone closed",
};

const UNFOLDED = 6; // regions named in a line before the rest is counted

export const nameOfService = (model, code) => shown(model.services[model.serviceAt.get(code)]?.name ?? code);
export const nameOfRegion = (model, code) => shown(model.regions[model.regionAt.get(code)]?.name ?? code);

/** The text of a group of changes. */
export function textOf(model, change) {
  const service = change.service && nameOfService(model, change.service);
  const where = (change.regions ?? []).length === 1 ? nameOfRegion(model, change.regions[0]) : many((change.regions ?? []).length, "region");
  const zones = change.zones && many(change.zones.length, (change.new ?? change.old ?? "zone").replaceAll("-", " "));
  return {
    "service-opened": `${service} is new`,
    "service-ended": `${service} is gone from all regions`,
    added: `${service} came to ${where}`,
    removed: `${service} left ${where}`,
    returned: `${service} returned to ${where}`,
    renamed: `${service}: the code ${shown(change.old)} became ${shown(change.new)}`,
    "region-opened": `${where} has its first services`,
    "region-launched": `${where} launched${change.launched ? ` on ${change.launched}` : ""}`,
    "name-changed": `${shown(change.old)} is now named ${shown(change.new)}`,
    "endpoint-changed": `${service} has another endpoint in ${where}`,
    "zone-added": `${zones} opened in ${where}`,
    "zone-removed": `${zones} closed in ${where}`,
  }[change.kind] ?? shown(change.kind);
}

/** When a change happened, as far as the snapshots tell. */
export const whenOf = (change) => (change.after ? `between ${change.after} and ${change.seen}` : `by ${change.seen}`);

/** A line of a list of changes. */
export function changeItem(model, change) {
  const codes = change.zones ?? change.regions ?? [];
  const linked = change.zones ? codes.slice(0, UNFOLDED).join(", ") : codes.slice(0, UNFOLDED).map((code, at) => [at ? ", " : "", internalLink(linkTo({ panel: ["region", code] }), shown(code))]);
  const rest = codes.slice(UNFOLDED);
  return element("li", { class: `change ${change.kind}` },
    element("span", { class: "kind" }, KINDS[change.kind] ?? change.kind),
    element("div", {},
      change.service ? internalLink(linkTo({ panel: ["service", change.service] }), textOf(model, change)) : textOf(model, change),
      element("div", { class: "quiet" }, dated(whenOf(change)), codes.length > 1 || change.zones ? [" · ", linked] : "", rest.length > 0 && element("details", { class: "rest" }, element("summary", {}, `and ${rest.length} more`), rest.join(", "))),
    ),
  );
}

/** Whether a change is about a service or region that a part of a search names. */
export function changeFits(model, change, parts) {
  const text = [change.service, model.services[model.serviceAt.get(change.service)]?.words, change.old, change.new, ...(change.regions ?? []).flatMap((code) => [code, nameOfRegion(model, code)])].join(" ").toLowerCase();
  return parts.length === 0 || parts.some((words) => words.every((word) => text.includes(word)));
}
