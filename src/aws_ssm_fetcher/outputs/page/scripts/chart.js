// Step charts of a number over time, with its last value beside the line.

import { drawing, element } from "./dom.js";
import { dayNumber, number } from "./text.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [360, 120, 4, 44, 10, 18];

/** Draw values by day. `title` is what a person who does not see it hears. */
export function stepChart({ days, values, title, mark = undefined }) {
  if (days.length < 2) return element("p", { class: "quiet" }, "There is one snapshot only, so there is no curve yet.");
  const numbers = days.map(dayNumber);
  const [from, to] = [numbers[0], numbers.at(-1)];
  const most = Math.max(1, ...values);
  const least = Math.min(...values);
  const low = least > most / 2 ? least - (most - least) * 0.15 : 0;
  const x = (value) => LEFT + ((value - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - ((value - low) / (most - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const path = values.map((value, at) => `${at ? `H${x(numbers[at]).toFixed(1)}V` : `M${x(numbers[0]).toFixed(1)} `}${y(value).toFixed(1)}`).join("");
  const area = `${path}V${HEIGHT - BOTTOM}H${LEFT}z`;
  const summary = `${title}: ${number(values[0])} on ${days[0]}, ${number(values.at(-1))} on ${days.at(-1)}`;
  return drawing("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": summary },
    years(from, to).map(([year, at]) => [
      drawing("line", { x1: x(at), x2: x(at), y1: TOP, y2: HEIGHT - BOTTOM, class: "rule" }),
      drawing("text", { x: x(at) + 2, y: HEIGHT - 5, class: "tick" }, year),
    ]),
    drawing("path", { d: area, class: "area" }),
    drawing("path", { d: path, class: "line" }),
    mark !== undefined && drawing("circle", { cx: x(numbers[mark]), cy: y(values[mark]), r: 4, class: "mark" }),
    drawing("text", { x: x(to) + 5, y: y(values.at(-1)) + 4, class: "value" }, number(values.at(-1))),
  );
}

/** The first days of the years between two days. */
export function years(from, to) {
  const first = new Date(from * 86_400_000).getUTCFullYear() + 1;
  const last = new Date(to * 86_400_000).getUTCFullYear();
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => [String(first + at), dayNumber(`${first + at}-01-01`)]);
}
