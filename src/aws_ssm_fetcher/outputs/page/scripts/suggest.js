// What the search may mean: services and regions that one can open at once.

import { change } from "./address.js";
import { byId, element, fill } from "./dom.js";
import { folded } from "./text.js";

const SHOWN = 7;

/** Make the list below the search field, and let its keys move in it. */
export function makeSuggestions(field, model) {
  const list = element("ul", { id: "suggestions", role: "listbox", "aria-label": "Services and regions", hidden: true });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "suggestions", "aria-autocomplete": "list" })) field.setAttribute(name, value);
  let [found, at] = [[], -1];
  const close = () => {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const open = (one) => {
    close();
    field.value = "";
    change({ q: "", panel: [one.kind, one.code] }, { push: true });
  };
  const show = () => {
    found = matches(model, field.value);
    at = -1;
    if (!found.length) return close();
    fill(list, found.map((one, place) => element("li", { role: "option", id: `suggestion-${place}`, "aria-selected": "false", on: { pointerdown: (event) => event.preventDefault(), click: () => open(one) } },
      element("span", {}, one.name), element("span", { class: "quiet" }, one.kind === "region" ? one.code : `${one.code} · in ${one.regions} regions`))));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    field.removeAttribute("aria-activedescendant");
  };
  field.addEventListener("input", show);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter") {
      event.preventDefault(); // else the button that has the focus then is pressed by the same key
      if (at >= 0) open(found[at]);
      else close();
    } else if (step && found.length) {
      event.preventDefault();
      if (list.hidden) show();
      at = (at + step + found.length + (at < 0 && step < 0 ? 1 : 0)) % found.length;
      [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
      field.setAttribute("aria-activedescendant", `suggestion-${at}`);
      byId(`suggestion-${at}`).scrollIntoView({ block: "nearest" });
    }
  });
  return list;
}

/** The services and regions that a text names best. */
export function matches(model, text) {
  const words = folded(text).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const whole = words.join(" ");
  const graded = [];
  for (const [kind, all] of [["region", model.regions], ["service", model.services]]) {
    for (const one of all) {
      if (one.gone) continue;
      const { key: code, order: name, words: known, alike } = one;
      if (!words.every((word) => known.includes(word))) continue;
      const bare = whole.replace(/^(amazon|aws) /, "");
      const grade = [whole, bare].some((said) => code === said || name === said || alike?.has(said)) ? 0 : name.startsWith(whole) ? 1 : code.startsWith(whole) ? 2 : known.includes(` ${whole}`) ? 3 : 4;
      graded.push({ grade, kind, code: one.code, name: one.name, regions: one.regions });
    }
  }
  return graded.sort((a, b) => a.grade - b.grade || a.name.length - b.name.length || (a.code < b.code ? -1 : 1)).slice(0, SHOWN);
}
