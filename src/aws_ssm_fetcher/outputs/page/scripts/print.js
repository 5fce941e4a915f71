// On paper there is no canvas that scrolls: while it is printed, the map is a table.

import { byId, element } from "./dom.js";
import { shown } from "./text.js";

/** Put the table of what is on screen beside the view while the page is printed. */
export function printTables(tableOf, isMap) {
  addEventListener("beforeprint", () => {
    if (!isMap()) return;
    const { title, columns, rows } = tableOf();
    const words = { 1: "●", 0: "", "?": "?" };
    byId("view").append(element("table", { class: "printed" }, element("caption", {}, title),
      element("thead", {}, element("tr", {}, columns.slice(1).map((column) => element("th", {}, element("span", {}, shown(column)))))),
      element("tbody", {}, rows.map(([code, name, ...cells]) => element("tr", {}, [name ?? code, ...cells].map((value, at) => (at ? element("td", {}, words[value] ?? shown(value)) : element("th", {}, shown(value)))))))));
  });
  addEventListener("afterprint", () => document.querySelectorAll(".printed").forEach((one) => one.remove()));
}
