// Search, filters, order and chosen regions.

import { change } from "./address.js";
import { element, fill } from "./dom.js";
import { SHOWS, TIERS, loosened } from "./filter.js";
import { GEOGRAPHIES } from "./places.js";
import { makeSuggestions } from "./suggest.js";
import { categoryTitle, country, many, shown } from "./text.js";

const CHOSEN = 4; // regions side by side: more do not fit on a screen
const OF_REGIONS = ["geography", "partition", "country", "optin", "zones"];
const IDLE = { // controls that change nothing in a view
  world: ["rows", "columns", "like", "group"],
  regions: ["rows", "group"],
  services: ["columns", "like", "group"],
  compare: [...OF_REGIONS, "show", "columns", "like", "group"],
};

/** Make the tools once; `show` puts them as the state is. */
export function makeControls(node, model) {
  const search = element("input", { type: "search", id: "q", placeholder: "Search: bedrock spain, or a list: lambda, msk", autocomplete: "off", spellcheck: "false", "aria-label": "Search services or regions" });
  const suggestions = makeSuggestions(search, model);
  search.addEventListener("input", () => change({ q: search.value }));
  const filters = selects(model);
  const picks = element("div", { class: "picks" });
  let drawn;
  const active = element("div", { class: "active" });
  const more = element("details", { class: "filters" }, element("summary", {}, "Filters and order"), element("div", { class: "selects" }, filters.map((one) => one.node)));
  fill(node, element("div", { class: "bar" }, element("div", { class: "search" }, search, suggestions), picks), more, active);
  more.open = matchMedia("(min-width: 900px)").matches;
  return {
    show(state, shown) {
      if (search.value !== state.q) search.value = state.q;
      for (const one of filters) one.show(state);
      const key = [state.pick, state.only, state.view].join("|");
      if (key !== drawn) fill(picks, pickBar(model, state));
      drawn = key;
      fill(active, activeBar(state, shown));
    },
  };
}

function selects(model) {
  const present = (values) => [...new Set(values.filter(Boolean))];
  const current = model.regions.filter((region) => !region.gone);
  const named = (values) => present(values).sort().map((value) => [value, value]);
  const countries = present(current.map((region) => region.country)).map((code) => [code, country(code)]).sort((a, b) => (a[1] < b[1] ? -1 : 1));
  const zones = present(current.map((region) => region.availability_zones)).sort((a, b) => a - b).map((count) => [String(count), `${count} or more`]);
  const shows = Object.entries(SHOWS).filter(([name]) => name !== "partial" || model.hasDepth);
  return [
    ["geography", "Geography", [["", "All"], ...GEOGRAPHIES.filter((one) => current.some((region) => region.geography === one)).map((one) => [one, one])]],
    ["partition", "Partition", [["", "All"], ...named(current.map((region) => region.partition))]],
    ["country", "Country", [["", "All"], ...countries]],
    ["optin", "Opt-in", [["", "All"], ["no", "Enabled by default"], ["yes", "Must be enabled"]]],
    ["zones", "Availability zones", [["", "Any"], ...zones.slice(1)]],
    model.hasCategories && ["category", "Category", [["", "All"], ...named(model.services.map((service) => service.category)).map(([one]) => [one, categoryTitle(one)])]],
    ["tier", "Service is", [["", "Anywhere"], ...Object.entries(TIERS)]],
    ["lifecycle", "Lifecycle", lifecycles(model)],
    ["show", "Only with cells", [["", "Any kind"], ...shows]],
    ["rows", "Services by", [["name", "Name"], ["coverage", "Most regions"], ["rare", "Fewest regions"], ["newest", "Newest arrival"]]],
    ["columns", "Regions by", [["geography", "Geography"], ["services", "Most services"], ["launch", "Launch date"], ["name", "Name"], ["like", "Similarity to …"]]],
    ["like", "Similar to", [["", "Choose a region"], ...current.map((region) => [region.code, `${region.label} · ${region.name}`])]],
    model.hasCategories && ["group", "Group", [["", "None"], ["category", "By category"]]],
  ].filter(Boolean).map(([name, title, options]) => select(name, title, options));
}

function lifecycles(model) {
  const stages = [...new Set(model.services.map((service) => service.lifecycle?.stage).filter(Boolean))].sort();
  return [["", "Listed now"], ...stages.map((stage) => [stage, stage.replaceAll("-", " ")]), ["left", "Left the list"]];
}

function select(name, title, options) {
  const field = element("select", { id: `by-${name}`, on: { change: () => change(name === "like" && field.value ? { like: field.value, columns: "like" } : { [name]: field.value }) } },
    options.map(([value, text]) => element("option", { value }, text)));
  const node = element("label", { class: "select" }, element("span", {}, title), field);
  return {
    node,
    show(state) {
      field.value = state[name];
      node.classList.toggle("set", Boolean(state[name]) && field.selectedIndex > 0);
      node.hidden = (IDLE[state.view] ?? []).includes(name) || (name === "like" && state.columns !== "like");
    },
  };
}

function pickBar(model, state) {
  const picked = state.pick ? state.pick.split(",").filter((code) => model.regionAt.has(code)) : [];
  const put = (codes) => change({ pick: codes.join(","), only: codes.length ? state.only : "" });
  const adding = element("select", { id: "pick", "aria-label": "Choose a region to compare", on: { change: () => put([...picked, adding.value]) } },
    element("option", { value: "" }, picked.length ? "Add a region …" : "Compare regions …"),
    model.regions.filter((region) => !region.gone && !picked.includes(region.code)).map((region) => element("option", { value: region.code }, `${region.label} · ${region.name}`)));
  const only = (value, text) => element("label", { class: "check" },
    element("input", { type: "checkbox", checked: state.only === value, on: { change: (event) => change({ only: event.target.checked ? value : "" }) } }), text);
  return [
    picked.map((code) => element("span", { class: "chip" }, code, element("button", { type: "button", "aria-label": `Remove ${code}`, on: { click: () => put(picked.filter((one) => one !== code)) } }, "×"))),
    picked.length < CHOSEN && adding,
    state.view !== "compare" && picked.length > 0 && only("picked", "only these"),
    state.view !== "compare" && picked.length > 1 && only("differences", "only what differs"),
    state.view !== "compare" && picked.length > 1 && element("button", { type: "button", class: "plain", on: { click: () => change({ view: "compare", panel: [] }, { push: true }) } }, "Side by side"),
  ];
}

// How the search was understood, and one click to loosen each filter.
function activeBar(state, { parts, services, regions }) {
  const reset = loosened(state).map(([name, members]) => element("button", { type: "button", class: "chip", on: { click: () => change(members) } }, name, element("span", { "aria-hidden": "true" }, " ×")));
  if (!reset.length) return [];
  const quoted = (kind, of) => of.filter((part) => part[kind].length > 0).map((part) => `“${shown(part[kind].join(" "), 60)}”`).join(" or ");
  const known = parts.filter((part) => part.fitting.size > 0);
  const unknown = parts.filter((part) => part.fitting.size === 0);
  const understood = [
    ["services with", quoted("services", known)], ["regions with", quoted("regions", parts)], ["no service fits", quoted("services", unknown)],
  ].filter(([, names]) => names).map((words) => words.join(" ")).join(", ");
  return [
    element("span", { class: "quiet" }, `${many(services.length, "service")} in ${many(regions.length, "region")}${understood ? ` (${understood})` : ""}. Loosen:`),
    reset,
  ];
}
