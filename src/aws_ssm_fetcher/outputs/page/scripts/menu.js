// The menu of what one can take away.

import { element, fill } from "./dom.js";
import { copyTable, csvOf, markdownOf, save } from "./export.js";

const CONFIRMED_MS = 1500;

/** Make the menu once; `tableOf` gives what is on screen. */
export function makeMenu(node, tableOf, announce) {
  const summary = element("summary", { class: "plain" }, "Export");
  const menu = element("details", {}, summary);
  const take = (text, action) => element("button", { type: "button", on: { click: () => taken(action(tableOf())) } }, text);
  const taken = (words) => {
    menu.open = false;
    summary.focus({ preventScroll: true });
    if (!words) return;
    announce(words);
    fill(summary, "Done");
    setTimeout(() => fill(summary, "Export"), CONFIRMED_MS);
  };
  menu.append(element("div", { class: "menu" },
    take("Download CSV", (table) => save(`${table.name}.csv`, "text/csv", csvOf(table))),
    take("Download Markdown", (table) => save(`${table.name}.md`, "text/markdown", markdownOf(table))),
    take("Copy as table", copyTable),
    take("Print", () => setTimeout(print, 0) && ""),
  ));
  addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.preventDefault();
    menu.open = false;
    summary.focus();
  });
  fill(node, menu);
}
