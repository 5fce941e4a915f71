// The slider over the days of the history.

import { change } from "./address.js";
import { drawing, element, fill } from "./dom.js";
import { years } from "./chart.js";
import { positionOn } from "./model.js";
import { dayNumber, dayOf, many } from "./text.js";

const PLAY_SECONDS = 12; // for the whole history

/** Make the strip once; it has nothing to show where there is no history. */
export function makeTime(node, model) {
  if (model.days.length < 2) {
    fill(node);
    node.hidden = true;
    return { show() {} };
  }
  const [from, to] = [model.numbers[0], model.numbers.at(-1)];
  const range = element("input", { type: "range", id: "day", min: from, max: to, step: 1, "aria-label": "Day shown" });
  const output = element("output", { for: "day", class: "day" });
  const play = element("button", { type: "button", class: "plain", id: "play" });
  const compare = element("input", { type: "date", id: "from", min: model.days[0], max: model.days.at(-1), "aria-label": "Compare with the day" });
  const comparing = element("label", { class: "pair" }, "Compare with ", compare);
  const clear = element("button", { type: "button", class: "plain", hidden: true, on: { click: () => change({ from: "" }) } }, "Stop comparing");
  fill(node,
    play,
    element("div", { class: "track" }, range, marks(model, from, to)),
    output,
    comparing,
    clear,
  );
  const set = (at) => change({ day: at >= model.days.length - 1 ? "" : model.days[at] });
  range.addEventListener("input", () => set(Math.max(0, positionOn(model, dayOf(Number(range.value))))));
  range.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 5, PageDown: -5 }[event.key];
    if (!step) return;
    event.preventDefault();
    set(Math.max(0, Math.min(model.days.length - 1, positionOn(model, dayOf(Number(range.value))) + step)));
  });
  compare.addEventListener("change", () => change({ from: compare.value && positionOn(model, compare.value) >= 0 ? compare.value : "" }));
  const player = makePlayer(model, play, range, set);
  return {
    show(state, snapshot) {
      range.value = dayNumber(snapshot.day);
      const at = snapshot.at ?? model.days.length - 1;
      range.setAttribute("aria-valuetext", `${model.days[at]}, snapshot ${at + 1} of ${model.days.length}`);
      fill(output, snapshot.day, snapshot.current && element("span", { class: "word" }, " · latest"));
      if (document.activeElement !== compare) compare.value = state.from;
      comparing.hidden = state.view !== "map";
      clear.hidden = !state.from || state.view !== "map";
      player.show();
    },
  };
}

function makePlayer(model, button, range, set) {
  let timer;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    show();
  };
  const show = () => {
    button.setAttribute("aria-label", timer ? "Pause" : "Play the history");
    fill(button, element("span", { "aria-hidden": "true" }, timer ? "❚❚" : "▶"), element("span", { class: "word" }, timer ? " Pause" : " Play"));
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    const last = model.days.length - 1;
    let at = positionOn(model, dayOf(Number(range.value)));
    if (at >= last) at = -1;
    timer = setInterval(() => {
      at += Math.max(1, Math.round(model.days.length / 600));
      set(Math.min(at, last));
      if (at >= last) stop();
    }, Math.max(40, (PLAY_SECONDS * 1000) / model.days.length));
    show();
  });
  range.addEventListener("pointerdown", () => timer && stop());
  return { show };
}

// Years, and a mark for each snapshot.
function marks(model, from, to) {
  const x = (value) => `${(100 * (value - from)) / (to - from)}%`;
  return drawing("svg", { class: "marks", "aria-hidden": "true", width: "100%", height: "18" },
    model.numbers.map((value) => drawing("line", { x1: x(value), x2: x(value), y1: 0, y2: 4, class: "mark" })),
    years(from, to).map(([year, at]) => drawing("text", { x: x(at), y: 15, class: "tick" }, year)),
  );
}

/** What two snapshots differ in: for each cell 1 where it came, -1 where it went. */
export function differenceOf(earlier, later) {
  const difference = new Int8Array(later.offered.length);
  for (let cell = 0; cell < difference.length; cell += 1) difference[cell] = later.offered[cell] - earlier.offered[cell];
  return difference;
}

/** A difference in words. */
export function wordsOf(difference) {
  let [came, went] = [0, 0];
  for (const one of difference) {
    if (one === 1) came += 1;
    if (one === -1) went += 1;
  }
  return `${many(came, "arrival")} and ${many(went, "removal")}`;
}
