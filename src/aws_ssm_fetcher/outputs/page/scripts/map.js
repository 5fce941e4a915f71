// The heat map: its frame, pointer and keyboard, and a grid in words for whoever does not see the canvas.

import { change } from "./address.js";
import { element, fill } from "./dom.js";
import { coloursOf, drawMap, layoutOf } from "./heat.js";
import { count } from "./model.js";
import { sentenceOf } from "./sentence.js";
import { categoryTitle } from "./text.js";
import { hideTip, showTip } from "./tip.js";

const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };

/** Make the map once; `show` repaints it. */
export function makeMap() {
  const canvas = element("canvas", { "aria-hidden": "true" });
  const size = element("div", { class: "map-size" }, canvas);
  const grid = element("div", { class: "twin", role: "grid", tabindex: "0", "aria-label": "Services by region. Move with the arrow keys, open with Enter." });
  const frame = element("div", { class: "map-frame" }, size, grid);
  const map = { frame, canvas, size, grid, focus: { row: 0, column: 0 }, hover: undefined, drawn: undefined };
  frame.addEventListener("scroll", () => repaint(map), { passive: true });
  new ResizeObserver(() => relayout(map)).observe(frame);
  canvas.addEventListener("pointermove", (event) => moved(map, event));
  canvas.addEventListener("pointerleave", () => {
    map.hover = undefined;
    hideTip();
    repaint(map);
  });
  canvas.addEventListener("click", (event) => open(map, spotOf(map, event)));
  grid.addEventListener("keydown", (event) => pressed(map, event));
  grid.addEventListener("focus", () => repaint(map));
  grid.addEventListener("blur", () => repaint(map));
  return map;
}

/** Show rows and columns of a snapshot. */
export function showMap(map, view) {
  const rows = view.group ? withHeadings(view.rows) : view.rows;
  map.view = {
    ...view,
    rows,
    services: view.rows.length,
    counts: rows.map((service) => !service.heading && view.columns.reduce((sum, region) => sum + view.snapshot.offered[service.at * view.model.width + region.at], 0)),
    totals: view.columns.map((region) => count(view.snapshot, view.model, { region: region.at })),
  };
  map.colours = undefined;
  map.focus.row = Math.max(0, Math.min(map.focus.row, rows.length - 1));
  map.focus.column = Math.max(0, Math.min(map.focus.column, view.columns.length - 1));
  if (rows[map.focus.row]?.heading) map.focus.row += 1;
  relayout(map);
  tellGrid(map);
  reveal(map);
}

// A row with the name of each group above its services.
function withHeadings(services) {
  return services.flatMap((service, at) => (at && services[at - 1].category === service.category ? [service] : [{ heading: categoryTitle(service.category ?? "other") }, service]));
}

// Bring what a panel was opened for into sight, once.
function reveal(map) {
  const { panel, rows, columns } = map.view;
  const key = `${panel.service?.code}|${panel.region?.code}`;
  if (key === map.revealed) return;
  map.revealed = key;
  const row = rows.indexOf(panel.service);
  const column = columns.indexOf(panel.region);
  if (row >= 0) map.focus.row = row;
  if (column >= 0) map.focus.column = column;
  if (!map.layout || (row < 0 && column < 0)) return;
  const before = map.frame.scrollTop;
  scrollTo(map, row >= 0, column >= 0);
  // A row that was out of sight comes to the middle, where one looks for it.
  if (map.frame.scrollTop !== before) map.frame.scrollTop = row * map.layout.cellHeight - (map.frame.clientHeight - map.layout.head) / 2;
}

function relayout(map) {
  if (!map.view || !map.frame.clientWidth) return;
  map.layout = layoutOf(map.view.rows, map.view.columns, map.frame.clientWidth);
  map.size.style.width = `${map.layout.width}px`;
  map.size.style.height = `${map.layout.height}px`;
  repaint(map);
}

function repaint(map) {
  if (map.waiting || !map.layout) return;
  map.waiting = true;
  requestAnimationFrame(() => {
    map.waiting = false;
    paint(map);
  });
}

function paint(map) {
  map.colours ??= coloursOf(document.documentElement);
  const typing = document.activeElement === map.grid;
  const { panel } = map.view;
  const marked = { service: panel.service?.at, region: panel.region?.at };
  const focus = map.hover ?? (typing ? map.focus : marked.service === undefined && marked.region === undefined ? undefined : { row: -1, column: -1 });
  drawMap(map.canvas, {
    ...map.view,
    layout: map.layout,
    colours: map.colours,
    focus: focus && { ...marked, ...focus },
    left: map.frame.scrollLeft,
    top: map.frame.scrollTop,
    width: map.frame.clientWidth,
    height: map.frame.clientHeight,
    ratio: devicePixelRatio || 1,
  });
}

// The row and column under the pointer; -1 for the labels.
function spotOf(map, event) {
  const { layout, view } = map;
  const edge = map.canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - edge.left, event.clientY - edge.top];
  const column = x < layout.label ? -1 : Math.floor((x - layout.label + map.frame.scrollLeft) / layout.cellWidth);
  const row = y < layout.head ? -1 : Math.floor((y - layout.head + map.frame.scrollTop) / layout.cellHeight);
  return row < view.rows.length && column < view.columns.length && (row >= 0 || column >= 0) ? { row, column } : undefined;
}

function moved(map, event) {
  map.hover = spotOf(map, event);
  map.canvas.style.cursor = map.hover ? "pointer" : "default";
  const words = map.hover && event.pointerType !== "touch" ? wordsOf(map, map.hover) : "";
  if (words) showTip(words, event.clientX, event.clientY);
  else hideTip();
  repaint(map);
}

function wordsOf({ view }, { row, column }) {
  const [service, region] = [view.rows[row], view.columns[column]];
  if (service?.heading) return "";
  if (service && region) return sentenceOf(view.model, view.snapshot, service, region);
  if (service) return `${service.name} (${service.code}): in ${view.counts[row]} of ${view.columns.length} regions shown.`;
  return `${region.name} (${region.code}): ${view.totals[column]} services${region.launched ? `, open since ${region.launched}` : ""}.`;
}

function open(map, spot) {
  if (!spot || map.view.rows[spot.row]?.heading) return;
  hideTip();
  const [service, region] = [map.view.rows[spot.row], map.view.columns[spot.column]];
  if (spot.row >= 0 && spot.column >= 0) map.focus = spot;
  change({ panel: service ? ["service", service.code, ...(region ? [region.code] : [])] : ["region", region.code] }, { push: true });
}

function pressed(map, event) {
  const { view, focus } = map;
  const step = KEYS[event.key];
  if (event.key === "Enter" || event.key === " ") open(map, focus);
  else if (event.key === "Home") event.ctrlKey ? (focus.row = 0) : (focus.column = 0);
  else if (event.key === "End") event.ctrlKey ? (focus.row = view.rows.length - 1) : (focus.column = view.columns.length - 1);
  else if (step) [focus.row, focus.column] = [focus.row + step[0], focus.column + step[1]];
  else return;
  event.preventDefault();
  focus.row = Math.max(0, Math.min(focus.row, view.rows.length - 1));
  focus.column = Math.max(0, Math.min(focus.column, view.columns.length - 1));
  if (view.rows[focus.row]?.heading) focus.row += step?.[0] < 0 && focus.row > 0 ? -1 : 1;
  scrollTo(map);
  tellGrid(map);
  repaint(map);
}

function scrollTo({ frame, layout, focus }, vertically = true, sideways = true) {
  const { label, head, cellWidth, cellHeight } = layout;
  const [left, top] = [focus.column * cellWidth, focus.row * cellHeight];
  if (sideways && left < frame.scrollLeft) frame.scrollLeft = left;
  else if (sideways && left + cellWidth > frame.scrollLeft + frame.clientWidth - label) frame.scrollLeft = left + cellWidth - frame.clientWidth + label;
  if (vertically && top < frame.scrollTop) frame.scrollTop = top;
  else if (vertically && top + cellHeight > frame.scrollTop + frame.clientHeight - head) frame.scrollTop = top + cellHeight - frame.clientHeight + head;
}

// Only the headings and the row in focus are in the document; the counts tell how much there is.
function tellGrid({ grid, view, focus }) {
  const service = view.rows[focus.row];
  grid.setAttribute("aria-rowcount", view.rows.length + 1);
  grid.setAttribute("aria-colcount", view.columns.length + 1);
  const heads = view.columns.map((region, at) => element("span", { role: "columnheader", "aria-colindex": at + 2 }, region.name));
  const head = element("div", { role: "row", "aria-rowindex": 1 }, element("span", { role: "columnheader", "aria-colindex": 1 }, "Service"), heads);
  const row = service && element("div", { role: "row", "aria-rowindex": focus.row + 2 },
    element("span", { role: "rowheader", "aria-colindex": 1 }, service.name),
    view.columns.map((region, at) => element("span", { role: "gridcell", id: `cell-${at}`, "aria-colindex": at + 2 }, at === focus.column ? sentenceOf(view.model, view.snapshot, service, region) : view.snapshot.offered[service.at * view.model.width + region.at] ? "available" : "not available")),
  );
  fill(grid, head, row);
  if (service && view.columns.length) grid.setAttribute("aria-activedescendant", `cell-${focus.column}`);
  else grid.removeAttribute("aria-activedescendant");
}
