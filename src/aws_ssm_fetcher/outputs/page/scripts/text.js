// How numbers, days and texts from outside are written.

const LONGEST = 120; // characters of a name that is shown; no name of AWS's has half of them
// Control characters, and marks that turn the direction of what follows.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** A text on one line, short enough to be shown. */
export function shown(text, longest = LONGEST) {
  const seen = String(text ?? "").slice(0, 4 * longest).replace(UNSEEN, " ").trim();
  const letters = [...seen];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : seen;
}

export const number = (value) => value.toLocaleString("en");

export const many = (count, noun, plural = `${noun}s`) => `${number(count)} ${count === 1 ? noun : plural}`;

export const percent = (share) => (share === undefined || share === null ? "–" : `${(100 * share).toFixed(1)} %`);

/** The number of a day: days since 1970. */
export const dayNumber = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);

export const dayOf = (value) => new Date(value * 86_400_000).toISOString().slice(0, 10);

/** Fold letters for searching: without case and accents. */
export const folded = (text) => String(text ?? "").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

/** The parts of a search, between commas, each as its words. */
export const searched = (text) => folded(text).split(",").map((part) => part.split(/\s+/).filter(Boolean)).filter((words) => words.length > 0);

/** Join as in a sentence: "a, b and c". */
export function listed(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

const SHORT = { ai: "AI", iot: "IoT" };

/** The title of a category: "developer-tools" is "Developer tools". */
export function categoryTitle(category) {
  const text = shown(category).replaceAll("-", " ");
  return SHORT[category] ?? text.charAt(0).toUpperCase() + text.slice(1);
}

const COUNTRIES = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });

/** The name of a country by its two letters; what is no such code stays as it is. */
export function country(code) {
  return /^[A-Z]{2}$/.test(code ?? "") ? COUNTRIES.of(code) : shown(code);
}
