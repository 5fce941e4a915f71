// Paints one cell: of the map, or of its legend.

import { ABSENT, ENDED, FULL, MOST, SOME, UNKNOWN, UNLISTED } from "./model.js";

/** Paint within a rectangle alone. */
export function clipped(pen, x, y, width, height, paint) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  paint();
  pen.restore();
}

/** Draw a line of one pixel. */
export function line(pen, colour, x, y, toX, toY) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(toX, toY);
  pen.stroke();
}

/** Paint a cell by what it is. */
export function paintCell(pen, colours, { state, reach, fresh, turned, faded }, x, y, width, height) {
  const fills = { [FULL]: colours.full, [MOST]: colours.most, [SOME]: colours.some, [UNLISTED]: colours.some };
  pen.globalAlpha = faded ? 0.28 : 1;
  pen.fillStyle = turned === 1 ? colours.came : turned === -1 ? colours.paper : fills[state] ?? colours.absent;
  pen.fillRect(x, y, width, height);
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  if (turned) sign(pen, colours, turned, x, y, width, height);
  else if (state === UNKNOWN) hatch(pen, colours.quiet, x, y, width, height);
  else if (state === ENDED) line(pen, colours.ended, x + 4, middleY, x + width - 4, middleY);
  else if (state !== ABSENT) {
    if (state === UNLISTED) hatch(pen, colours.full, x, y, width, height);
    if (reach === 1) ring(pen, colours["on-full"], middleX, middleY, Math.min(width, height) / 2 - 5);
    if (reach === 2) dot(pen, colours["on-full"], middleX, middleY, 2.2);
    if (fresh) wedge(pen, colours.fresh, x + width, y);
  }
  pen.globalAlpha = 1;
}

function sign(pen, colours, turned, x, y, width, height) {
  const [middleX, middleY, arm] = [x + width / 2, y + height / 2, 4];
  const colour = turned === 1 ? colours["on-full"] : colours.went;
  if (turned === -1) {
    pen.strokeStyle = colours.went;
    pen.lineWidth = 1.5;
    pen.strokeRect(x + 1, y + 1, width - 2, height - 2);
  }
  pen.fillStyle = colour;
  pen.fillRect(middleX - arm, middleY - 0.9, 2 * arm, 1.8);
  if (turned === 1) pen.fillRect(middleX - 0.9, middleY - arm, 1.8, 2 * arm);
}

function hatch(pen, colour, x, y, width, height) {
  clipped(pen, x, y, width, height, () => {
    for (let start = x - height; start < x + width; start += 5) line(pen, colour, start, y + height, start + height, y);
  });
}

function ring(pen, colour, x, y, radius) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.arc(x, y, Math.max(2.5, radius), 0, 7);
  pen.stroke();
}

function dot(pen, colour, x, y, radius) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fill();
}

function wedge(pen, colour, right, top) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(right - 8, top);
  pen.lineTo(right, top);
  pen.lineTo(right, top + 8);
  pen.fill();
}
