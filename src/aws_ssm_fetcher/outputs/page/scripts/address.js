// The state of the page is its address: whoever has the link sees the same.

// Each member of the state with its default; what equals its default is not in the address.
export const DEFAULTS = {
  q: "", partition: "", geography: "", country: "", optin: "", zones: "",
  category: "", tier: "", lifecycle: "", show: "",
  rows: "name", columns: "geography", like: "", group: "",
  day: "", from: "", pick: "", only: "", kind: "", sort: "",
};

export const VIEWS = { map: "Map", world: "World", regions: "Regions", services: "Services", compare: "Compare", changes: "Changes", findings: "Findings", about: "About" };

/** Read the state from the part of an address after the hash sign. */
export function stateOf(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").filter(Boolean).map(decoded);
  const state = { ...DEFAULTS, view: "map", panel: [] };
  if (parts[0] === "region" || parts[0] === "service") state.panel = parts.slice(0, 3);
  else if (parts[0] in VIEWS) [state.view, state.panel] = [parts[0], parts.slice(1)];
  for (const [name, value] of new URLSearchParams(query)) {
    if (name in DEFAULTS) state[name] = value.slice(0, 400);
    if (name === "view" && value in VIEWS) state.view = value;
  }
  if (state.view === "compare" && state.panel.length) state.pick = state.panel.slice(0, 4).join(",");
  return state;
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

/** Write a state as the part of an address that begins with the hash sign. */
export function hashOf(state) {
  const open = state.panel[0] === "region" || state.panel[0] === "service";
  const picked = state.pick ? state.pick.split(",") : [];
  const path = open ? state.panel : state.view === "compare" ? ["compare", ...picked] : [state.view];
  const query = new URLSearchParams();
  if (open && state.view !== "map") query.set("view", state.view);
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    if (name === "pick" && state.view === "compare" && !open) continue;
    if (state[name] && state[name] !== usual) query.set(name, state[name]);
  }
  const text = query.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

let current = stateOf(location.hash);
let draw = () => {};

export const state = () => current;

/** Draw with this function whenever the state changes. */
export function onChange(listener) {
  draw = listener;
  addEventListener("popstate", () => {
    const before = current;
    current = stateOf(location.hash);
    draw(current, before);
  });
}

/** Change members of the state. A step that one would go back from is pushed, a move of a control is not. */
export function change(members, { push = false } = {}) {
  const before = current;
  current = { ...current, ...members };
  const hash = hashOf(current);
  if (push && hash !== location.hash) history.pushState(null, "", hash);
  else history.replaceState(null, "", hash);
  draw(current, before);
}

/** The address of this state with other members. */
export const linkTo = (members) => hashOf({ ...current, ...members });
