// Draws the heat map: only what is in sight, on one canvas that stays in place while its frame scrolls.

import { clipped, line, paintCell } from "./cell.js";
import { number } from "./text.js";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif";

/** Sizes for a frame of a width: cells grow until they fill it. */
export function layoutOf(rows, columns, width) {
  const label = width < 600 ? 150 : width < 1100 ? 226 : 264;
  const room = width - label - 1;
  const cellWidth = Math.max(width < 600 ? 24 : 19, Math.min(58, Math.floor(room / Math.max(1, columns.length))));
  const cellHeight = width < 600 ? 24 : 21;
  const head = 148;
  return { label, head, cellWidth, cellHeight, width: label + columns.length * cellWidth + 1, height: head + rows.length * cellHeight + 8 };
}

const read = new Map();

/** The colours of the style sheet, as light or dark as it is. */
export function coloursOf(root) {
  const key = `${root.dataset.theme}|${matchMedia("(prefers-color-scheme: dark)").matches}`;
  if (!read.has(key)) read.set(key, coloursIn(root));
  return read.get(key);
}

function coloursIn(root) {
  const style = getComputedStyle(root);
  const names = ["paper", "ink", "quiet", "line", "full", "most", "some", "absent", "on-full", "fresh", "ended", "came", "went", "hover"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Draw rows and columns as they stand at a scroll position. `difference` maps a cell to 1, -1 or nothing. */
export function drawMap(canvas, view) {
  const { layout, colours, left, top, width, height, ratio } = view;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = colours.paper;
  pen.fillRect(0, 0, width, height);
  const { label, head, cellWidth, cellHeight } = layout;
  const rows = range(top, height - head, cellHeight, view.rows.length);
  const columns = range(left, width - label, cellWidth, view.columns.length);
  const x = (column) => label + column * cellWidth - left;
  const y = (row) => head + row * cellHeight - top;
  clipped(pen, label, head, width - label, height - head, () => cells(pen, view, rows, columns, x, y));
  clipped(pen, 0, head, label, height - head, () => rowLabels(pen, view, rows, y));
  clipped(pen, label, 0, width - label, head, () => columnLabels(pen, view, columns, x));
  corner(pen, view);
}

function range(offset, room, size, total) {
  const first = Math.max(0, Math.floor(offset / size));
  const last = Math.min(total, Math.ceil((offset + room) / size));
  return [first, Math.max(first, last)];
}

function cells(pen, view, [firstRow, lastRow], [firstColumn, lastColumn], x, y) {
  const { model, rows, columns, layout, colours, focus } = view;
  const { cellWidth, cellHeight } = layout;
  for (let row = firstRow; row < lastRow; row += 1) {
    const service = rows[row];
    if (service.heading) continue;
    for (let column = firstColumn; column < lastColumn; column += 1) {
      const cell = service.at * model.width + columns[column].at;
      box(pen, view, cell, x(column), y(row), cellWidth - 1, cellHeight - 1);
    }
  }
  if (view.bands) {
    for (let column = Math.max(1, firstColumn); column < lastColumn; column += 1) {
      if (columns[column].geography !== columns[column - 1].geography) line(pen, colours.quiet, x(column) - 0.5, layout.head, x(column) - 0.5, view.height);
    }
  }
  if (focus && focus.row >= 0 && focus.column >= 0) {
    pen.strokeStyle = colours.ink;
    pen.lineWidth = 2;
    pen.strokeRect(x(focus.column), y(focus.row), cellWidth - 1, cellHeight - 1);
  }
}

function box(pen, view, cell, x, y, width, height) {
  const { snapshot, difference } = view;
  const turned = difference?.[cell];
  const look = { state: snapshot.state[cell], reach: snapshot.reach?.[cell], fresh: snapshot.fresh[cell], turned, faded: Boolean(difference) && !turned };
  paintCell(pen, view.colours, look, x, y, width, height);
}

function rowLabels(pen, view, [first, last], y) {
  const { rows, layout, colours, focus, counts } = view;
  const middle = layout.cellHeight / 2;
  pen.textBaseline = "middle";
  for (let row = first; row < last; row += 1) {
    if (rows[row].heading) {
      pen.textAlign = "left";
      pen.font = `600 12px ${FONT}`;
      pen.fillStyle = colours.ink;
      pen.fillText(rows[row].heading, 12, y(row) + middle + 2);
      continue;
    }
    if (focus?.row === row || focus?.service === rows[row].at) {
      pen.fillStyle = colours.hover;
      pen.fillRect(0, y(row), layout.label, layout.cellHeight);
    }
    pen.textAlign = "right";
    pen.font = `12px ${FONT}`;
    pen.fillStyle = colours.quiet;
    pen.fillText(number(counts[row]), layout.label - 10, y(row) + middle);
    pen.textAlign = "left";
    pen.font = `13px ${FONT}`;
    pen.fillStyle = colours.ink;
    pen.fillText(cut(pen, rows[row].sort, layout.label - 56), 12, y(row) + middle);
  }
}

function columnLabels(pen, view, [first, last], x) {
  const { columns, layout, colours, focus, totals, bands, picked } = view;
  const bottom = layout.head - 8;
  const middle = layout.cellWidth / 2;
  for (let column = first; column < last; column += 1) {
    const region = columns[column];
    if (focus?.column === column || focus?.region === region.at) {
      pen.fillStyle = colours.hover;
      pen.fillRect(x(column), 20, layout.cellWidth - 1, layout.head - 20);
    }
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    pen.fillStyle = colours.quiet;
    pen.font = `${layout.cellWidth < 22 ? 9 : layout.cellWidth < 26 ? 10 : 11}px ${FONT}`;
    pen.fillText(totals[column], x(column) + middle - 0.5, bottom + 2);
    pen.save();
    pen.translate(x(column) + middle, bottom - 14);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.font = `${picked.has(region.at) ? "600 " : ""}12px ${FONT}`;
    pen.fillStyle = colours.ink;
    pen.fillText(cut(pen, region.label, 104), 0, 0);
    pen.restore();
  }
  if (bands) bandsOf(columns).forEach(([name, from, to]) => {
    const [start, end] = [Math.max(layout.label, x(from)), x(to)];
    if (end <= start) return;
    line(pen, colours.quiet, start + 1, 18.5, end - 3, 18.5);
    pen.textAlign = "left";
    pen.textBaseline = "alphabetic";
    pen.font = `600 11px ${FONT}`;
    pen.fillStyle = colours.quiet;
    pen.fillText(cut(pen, name, end - start - 2), start + 1, 13);
  });
}

/** Runs of columns of one geography: name, first and the one after the last. */
export function bandsOf(columns) {
  const bands = [];
  columns.forEach((region, at) => {
    if (bands.at(-1)?.[0] === region.geography) bands.at(-1)[2] = at + 1;
    else bands.push([region.geography, at, at + 1]);
  });
  return bands;
}

function corner(pen, { layout, colours, services, columns, height, width, top, left }) {
  pen.fillStyle = colours.paper;
  pen.fillRect(0, 0, layout.label, layout.head);
  pen.textBaseline = "alphabetic";
  pen.textAlign = "left";
  pen.font = `600 13px ${FONT}`;
  pen.fillStyle = colours.ink;
  pen.fillText(`${number(services)} ${services === 1 ? "service" : "services"}`, 12, layout.head - 8);
  pen.textAlign = "right";
  pen.font = `11px ${FONT}`;
  pen.fillStyle = colours.quiet;
  if (layout.label > 200) pen.fillText(`${number(columns.length)} ${columns.length === 1 ? "region" : "regions"}`, layout.label - 10, layout.head - 7);
  line(pen, top > 0 ? colours.quiet : colours.line, 0, layout.head - 0.5, width, layout.head - 0.5);
  line(pen, left > 0 ? colours.quiet : colours.line, layout.label - 0.5, 0, layout.label - 0.5, height);
}

const widths = new Map();

// A text as far as there is room; each is measured once.
function cut(pen, text, room) {
  const key = `${pen.font}|${Math.round(room)}|${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  let kept = text;
  if (pen.measureText(kept).width > room) {
    while (kept.length > 1 && pen.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
    kept = kept.length > 1 ? `${kept.trimEnd()}…` : "";
  }
  if (widths.size > 5000) widths.clear();
  widths.set(key, kept);
  return kept;
}
