// What is on screen as CSV, as Markdown, and as a table to paste.

import { element } from "./dom.js";
import { many, shown } from "./text.js";

const FORMULA = /^[=+\-@\t\r]/; // how a text begins that a spreadsheet would compute

/** Write a table as RFC 4180. */
export function csvOf({ columns, rows }) {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(value) {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Write a table as GitHub's Markdown. */
export function markdownOf({ title, columns, rows }) {
  const line = (cells) => `| ${cells.map((cell) => markdownCell(cell)).join(" | ")} |\n`;
  return `## ${markdownCell(title)}\n\n${line(columns)}${line(columns.map(() => "---")).replaceAll("\\", "")}${rows.map(line).join("")}`;
}

const markdownCell = (value) => shown(value, 1000).replace(/[\\`*_[\]<>|&#~]/g, "\\$&");

/** Hand a text over as a file. */
export function save(name, kind, text) {
  const address = URL.createObjectURL(new Blob([text], { type: `${kind};charset=utf-8` }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return `Saved ${name}.`;
}

/** Copy a table so that a spreadsheet or a mail takes it for one. Works without asking, from a file too. */
export function copyTable({ title, columns, rows }) {
  const cell = (tag) => (value) => element(tag, {}, shown(value, 1000));
  const table = element("table", {}, element("caption", {}, title), element("tr", {}, columns.map(cell("th"))), rows.map((row) => element("tr", {}, row.map(cell("td")))));
  const html = new XMLSerializer().serializeToString(table);
  const plain = [columns, ...rows].map((row) => row.map((value) => shown(value, 1000)).join("\t")).join("\n");
  const put = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", plain);
  };
  addEventListener("copy", put, { once: true });
  document.execCommand("copy");
  return `Copied ${many(rows.length, "row")}.`;
}
