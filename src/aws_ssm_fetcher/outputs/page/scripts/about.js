// The view of sources, dates, and what the words mean.

import { NEW_DAYS } from "./model.js";
import { element } from "./dom.js";
import { reportFiles } from "./links.js";
import { facts } from "./table.js";
import { many, number, shown } from "./text.js";

const KINDS = { bundled: "snapshot that ships with the package", aws: "read from AWS", file: "imported answers of AWS" };

/** The view. */
export function aboutView(model) {
  const { source, run_id: run, statistics = [] } = model.data;
  const sections = [...new Set(statistics.map((one) => one.section))];
  const meaning = (term, words) => [element("dt", {}, term), element("dd", {}, words)];
  return {
    node: element("div", { class: "page" },
      element("h2", {}, "Sources and dates"),
      facts([
        ["Data as of", model.data.taken.replace("T", " ").replace("Z", " UTC")],
        ["Source", `${KINDS[source.kind] ?? source.kind}: ${shown(source.origin)}`],
        ["Asked in", source.query_region && shown(source.query_region)],
        ["Detail", shown(source.detail)],
        ["Not read", model.data.gaps ? many(model.data.gaps, "part of the data", "parts of the data") : undefined],
        ["Left out", source.left_out?.length ? source.left_out.map((one) => shown(one)).join(", ") : undefined],
        ["History", model.days.length ? `${many(model.days.length, "snapshot")}, ${model.days[0]} to ${model.days.at(-1)}` : "none"],
        ["Resource types", model.hasDepth ? `${shown(model.data.depth.origin)}, ${model.data.depth.taken}` : undefined],
        ["Run", shown(run)],
      ]),
      element("p", {}, "AWS publishes which services are in which regions as public parameters of Systems Manager, below /aws/service/global-infrastructure. This page shows one snapshot of them. Between two snapshots nothing is known: a change is dated by the two days around it."),
      element("h3", {}, "Words"),
      element("dl", { class: "facts" },
        meaning("Available", "AWS lists the service in the region."),
        model.hasDepth && meaning("Partly available", "AWS lists the service, and CloudFormation lacks some of its resource types there that other regions of the partition have."),
        meaning("Global endpoint", "One endpoint serves many regions; its name has no region in it."),
        meaning("Served from another region", "Requests are answered in another region: check your data-residency rules."),
        meaning("New", `Not there in a snapshot of the last ${NEW_DAYS} days, and there in this one.`),
        meaning("Ended", "There in an earlier snapshot, and not in this one."),
        meaning("Coverage of partition", "Services of the region over the services that any region of its partition has."),
        meaning("Similarity", "Services that two regions share, over the services that either has (Jaccard)."),
      ),
      element("h3", {}, "The same data as files"),
      element("ul", { class: "files" }, reportFiles().map(([name, words]) => element("li", {}, element("a", { href: name }, name), element("span", { class: "quiet" }, ` ${words}`)))),
      element("h3", {}, "Figures"),
      sections.map((section) => element("details", {}, element("summary", {}, shown(section)), element("dl", { class: "facts figures" },
        statistics.filter((one) => one.section === section).map((one) => [element("dt", { title: one.definition }, shown(one.label)), element("dd", {}, valueOf(one), element("div", { class: "quiet" }, shown(one.definition, 400)))])))),
      element("p", { class: "quiet" }, "Outlines of the world map: Natural Earth (public domain)."),
    ),
    table: () => ({ name: "figures", title: "Figures", columns: ["Section", "Label", "Value", "Unit"], rows: statistics.map((one) => [one.section, one.label, one.value ?? "", one.unit]) }),
  };
}

function valueOf({ value, unit }) {
  if (value === undefined) return "–";
  if (typeof value !== "number") return shown(value);
  return `${Number.isInteger(value) ? number(value) : value.toFixed(3)}${unit === "percent" ? " %" : ""}`;
}
