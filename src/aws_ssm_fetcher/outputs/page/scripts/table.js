// Tables that are sorted by a click on a heading; the order is part of the address.

import { change, state } from "./address.js";
import { element, inParts } from "./dom.js";

/**
 * Make a table. A column is {title, key, number, first}; a row is {cells, values}: a function of what is shown, and
 * what it is sorted by.
 * `first` is the direction of the first click: "down" begins with the largest.
 */
export function dataTable({ caption, columns, rows, usual = "" }) {
  const [key, direction] = (state().sort || usual).split("-");
  const place = columns.findIndex((column) => column.key === key);
  const sorted = place < 0 ? rows : [...rows].sort((a, b) => ordered(a.values[place], b.values[place]) * (direction === "down" ? -1 : 1));
  const heads = columns.map((column, at) => heading(column, at === place ? direction : ""));
  const body = element("tbody", {});
  const row = (cells) => element("tr", {}, cells.map((cell, at) => (at ? element("td", { class: columns[at].number && "number" }, cell) : element("th", { scope: "row" }, cell))));
  inParts(body, sorted.map(({ cells }) => () => body.append(row(cells()))));
  return element("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": caption },
    element("table", {}, element("caption", { class: "unseen" }, caption), element("thead", {}, element("tr", {}, heads)), body));
}

function ordered(a, b) {
  if (a === b) return 0;
  if (a === undefined || a === null || a === "") return 1;
  if (b === undefined || b === null || b === "") return -1;
  return a < b ? -1 : 1;
}

function heading(column, direction) {
  const sort = direction === "down" ? "descending" : direction === "up" ? "ascending" : undefined;
  if (!column.key) return element("th", { scope: "col", class: column.number && "number" }, column.title);
  const usual = column.first ?? (column.number ? "down" : "up");
  const next = direction ? (direction === "down" ? "up" : "down") : usual;
  const press = () => {
    change({ sort: `${column.key}-${next}` });
    document.querySelector(`[data-sort="${column.key}"]`)?.focus();
  };
  return element("th", { scope: "col", class: column.number && "number", "aria-sort": sort },
    element("button", { type: "button", class: "sorter", "data-sort": column.key, on: { click: press } }, column.title, element("span", { "aria-hidden": "true", class: "arrow" }, direction === "down" ? "▼" : direction === "up" ? "▲" : "")));
}

/** A list of facts: terms and what they are. What is empty is left out. */
export function facts(entries) {
  const stated = entries.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return element("dl", { class: "facts" }, stated.map(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]));
}
