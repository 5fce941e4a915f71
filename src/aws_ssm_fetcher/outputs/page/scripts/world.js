// The map of the world: a circle for each region, its area by its services.

import { linkTo } from "./address.js";
import { drawing, element, internalLink } from "./dom.js";
import { count } from "./model.js";
import { LAND, placeOf, projected } from "./places.js";
import { many, number } from "./text.js";

const LARGEST = 15; // the radius of the region with the most services
const EUROPE = [456, 34, 86, 80]; // left, top, width and height, in the units of the outline

/** The view of the world. */
export function worldView(model, { snapshot, regions }) {
  const counted = regions.map((region) => ({ region, services: count(snapshot, model, { region: region.at }) }));
  const most = Math.max(1, ...counted.map((one) => one.services));
  const placed = counted.filter((one) => placeOf(one.region)).map((one) => ({ ...one, spot: projected(placeOf(one.region)), radius: 3 + LARGEST * Math.sqrt(one.services / most) * 0.8 }));
  placed.sort((a, b) => b.services - a.services);
  const lost = counted.filter((one) => !placeOf(one.region));
  const node = element("div", { class: "page wide world" },
    element("h2", {}, `Regions as of ${snapshot.day}`),
    element("p", { class: "quiet" }, "The area of a circle grows with the number of services. Open a region with a click or with Enter."),
    element("div", { class: "maps" },
      picture("World", [0, 0, 1010, 440], placed, 1, (one) => !inside(one, EUROPE)),
      picture("Europe", EUROPE, placed.filter((one) => inside(one, EUROPE)), 0.24, () => true)),
    lost.length > 0 && element("p", {}, "Not placed: ", lost.map((one, at) => [at ? ", " : "", internalLink(linkTo({ panel: ["region", one.region.code] }), one.region.name)])),
  );
  return { node, table: () => ({ name: "regions-by-services", title: `Regions as of ${snapshot.day}`, columns: ["Region Code", "Region", "Services"], rows: counted.map((one) => [one.region.code, one.region.name, one.services]) }) };
}

const inside = ({ spot: [x, y] }, [left, top, width, height]) => x > left && x < left + width && y > top && y < top + height;

function picture(title, [left, top, width, height], placed, scale, named) {
  const taken = placed.map(({ spot: [x, y], radius }) => [x - radius * scale, y - radius * scale, x + radius * scale, y + radius * scale]);
  const circles = placed.map((one) => drawing("a", { href: linkTo({ panel: ["region", one.region.code] }), "aria-label": `${one.region.name}: ${many(one.services, "service")}` },
    drawing("title", {}, `${one.region.name} (${one.region.code}): ${number(one.services)} services`),
    drawing("circle", { cx: one.spot[0], cy: one.spot[1], r: one.radius * scale, class: "bubble" })));
  const labels = placed.filter(named).map((one) => label(one, taken, scale, [left, top, left + width, top + height]));
  return drawing("svg", { viewBox: `${left} ${top} ${width} ${height}`, class: "outline", role: "group", "aria-label": title },
    drawing("path", { d: LAND, class: "land" }), circles, labels);
}

// A name where it covers no circle and no other name; else none.
function label({ region, spot: [x, y], radius }, taken, scale, [left, top, right, bottom]) {
  const [text, size] = [short(region.name), 11 * scale];
  const [wide, gap] = [text.length * size * 0.54, (radius + 3) * scale];
  const spots = [[x + gap, y + size / 3, "start"], [x - gap, y + size / 3, "end"], [x, y + gap + size * 0.8, "middle"], [x, y - gap, "middle"]];
  for (const [at, base, anchor] of spots) {
    const from = anchor === "start" ? at : anchor === "end" ? at - wide : at - wide / 2;
    const box = [from, base - size * 0.8, from + wide, base + size * 0.2];
    const free = box[0] > left && box[2] < right && box[1] > top && box[3] < bottom && !taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
    if (!free) continue;
    taken.push(box);
    return drawing("text", { x: at, y: base, "text-anchor": anchor, "font-size": size.toFixed(2), class: "place", "aria-hidden": "true" }, text);
  }
  return undefined;
}

// "Europe (Paris)" is Paris on a map, and "Canada (Central)" Canada.
function short(name) {
  const [, whole, part] = /^(.*?)\s*\(([^()]+)\)$/.exec(name) ?? [undefined, name, ""];
  return !part || part === "Central" ? whole : part;
}
