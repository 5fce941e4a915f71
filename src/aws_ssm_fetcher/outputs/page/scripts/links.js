// Addresses of the other files of the report, from wherever this page is read.

import { element } from "./dom.js";

// Feeds and the JSON API are only among the latest reports, not below those of a run.
const OF_A_RUN = /\/\d{4}\/\d\d\/\d\d\/[^/]+\/[^/]*$/;

const latest = () => (OF_A_RUN.test(location.pathname) ? "../../../../latest/" : "");

/** Links to the feeds of a region or a service; nothing for a code that can name no folder. */
export function feedLinks(folder, code) {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(code)) return undefined;
  const base = `${latest()}feeds/${folder}/${code}/changes`;
  const link = (ending, text) => element("a", { href: `${base}.${ending}` }, text);
  return element("p", { class: "quiet" }, "Follow the changes: ", link("atom.xml", "Atom"), " · ", link("json", "JSON Feed"), " · ", link("md", "Markdown"));
}

/** A link to the changes of resource types, which have a feed of their own. */
export const typeChanges = () => element("a", { href: `${latest()}feeds/types/all/changes.md` }, "changes of resource types");

/** The files of the report, with what each is for. */
export const reportFiles = () => [...FILES, ...LATEST.map(([name, words]) => [`${latest()}${name}`, words])];

const FILES = [
  ["brief.html", "what changed and what to look at, in ten lines"],
  ["brief.md", "the same as Markdown"],
  ["aws_regions_services.xlsx", "workbook with all tables"],
  ["service_matrix.csv", "services by regions, as CSV"],
  ["regional_services.csv", "one row for each offering, as CSV"],
  ["region_summary.csv", "one row for each region, as CSV"],
  ["service_summary.csv", "one row for each service, as CSV"],
  ["aws_regions_services.json", "everything, as JSON"],
  ["changes.md", "what changed, to read"],
  ["changes.atom.xml", "what changed, as a feed"],
  ["manifest.json", "files of this report with their hashes"],
];

const LATEST = [
  ["feeds/types/all/changes.md", "what changed among resource types, to read"],
  ["feeds/calendar.ics", "launches of regions and ends of services, as a calendar"],
  ["api/v1/index.json", "JSON API: a document for each region and service"],
];
