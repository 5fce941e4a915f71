// Elements without markup: every text from outside becomes a text node.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. `on` holds listeners; `undefined`, `null` and `false` leave an attribute out. */
export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Make an SVG element. */
export function drawing(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(node, { on = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "style") for (const [property, text] of Object.entries(value)) node.style.setProperty(property, text);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const [event, listener] of Object.entries(on)) node.addEventListener(event, listener);
  add(node, children);
  return node;
}

function add(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

/** Replace what an element contains. */
export function fill(node, ...children) {
  node.replaceChildren();
  add(node, children);
  return node;
}

export const byId = (id) => document.getElementById(id);

/** A link to another view of this page. */
export function internalLink(hash, text, attributes = {}) {
  return element("a", { href: hash, ...attributes }, text);
}

/** A link out of the page, if the address is one of the web; else its text alone. */
export function outerLink(address, text) {
  const safe = /^https?:\/\//i.test(address ?? "");
  return safe ? element("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, text) : element("span", {}, text);
}

const AT_ONCE = 60;

/** Run makers of a long list: as many as fill a screen at once, the others while nothing else is to be done. */
export function inParts(node, makers, from = 0) {
  const to = Math.min(makers.length, from + AT_ONCE);
  for (let at = from; at < to; at += 1) makers[at]();
  if (to < makers.length) setTimeout(() => node.isConnected && inParts(node, makers, to), 0);
  return node;
}

/** A text whose days are not broken between two lines. */
export function dated(text) {
  return String(text ?? "").split(/(\d{4}-\d\d-\d\d)/).map((part, at) => (at % 2 ? element("span", { class: "day-of" }, part) : part));
}

/** A text from outside, kept from turning its surroundings when it is written right to left. */
export const isolated = (text) => element("bdi", {}, text);
