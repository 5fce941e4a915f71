// The views of regions and of services as tables.

import { linkTo } from "./address.js";
import { element, internalLink } from "./dom.js";
import { TIERS } from "./filter.js";
import { count, similarity } from "./model.js";
import { dataTable } from "./table.js";
import { categoryTitle, country, many, percent, shown } from "./text.js";

const SERVICE_FILTERS = ["q", "category", "tier", "lifecycle", "show"];

/** The view of regions. */
export function regionsView(model, { snapshot, regions, services }, state) {
  const chosen = SERVICE_FILTERS.some((name) => state[name]) && services.length > 0;
  const ofChosen = (one) => services.filter((service) => snapshot.offered[service.at * model.width + one.at]).length;
  const like = model.regionAt.get(state.like);
  const columns = [
    { title: "Region", key: "name", value: (one) => one.name, cell: (one) => internalLink(linkTo({ panel: ["region", one.code] }), one.name) },
    { title: "Code", key: "code", value: (one) => one.code, cell: (one) => element("code", {}, one.label) },
    { title: "Geography", key: "geography", value: (one) => one.geography },
    { title: "Country", key: "country", value: (one) => one.country && country(one.country) },
    { title: "Partition", key: "partition", value: (one) => one.partition && shown(one.partition) },
    { title: "Open since", key: "launched", value: (one) => one.launched },
    { title: "Zones", key: "zones", number: true, value: (one) => one.availability_zones },
    { title: "Services", key: "services", number: true, value: (one) => (snapshot.current && model.unread.has(one.at) ? undefined : count(snapshot, model, { region: one.at })) },
    chosen && { title: `Of ${many(services.length, "service")} chosen`, key: "chosen", number: true, value: (one) => (snapshot.current && model.unread.has(one.at) ? undefined : ofChosen(one)) },
    snapshot.current && { title: "Coverage of partition", key: "share", number: true, value: (one) => one.partition_share, cell: (one) => percent(one.partition_share) },
    snapshot.current && { title: "Rank", key: "rank", number: true, first: "up", value: (one) => one.rank },
    { title: "Opt-in", key: "optin", value: (one) => (one.opt_in === undefined ? undefined : one.opt_in ? "yes" : "no") },
    like !== undefined && { title: `Like ${state.like}`, key: "alike", number: true, value: (one) => similarity(snapshot, model, like, one.at), cell: (one) => percent(similarity(snapshot, model, like, one.at)) },
    snapshot.current && { title: "Quality", key: "score", number: true, value: (one) => one.score },
  ];
  return listOf(`Regions as of ${snapshot.day}`, "regions", columns.filter(Boolean), regions, chosen ? "chosen-down" : "services-down");
}

/** The view of services. */
export function servicesView(model, { snapshot, services, regions }, state) {
  const among = (one) => regions.filter((region) => snapshot.offered[one.at * model.width + region.at]).length;
  const newest = (one) => {
    const first = Math.max(-1, ...regions.map((region) => (model.offered[one.at * model.width + region.at] ? model.since[one.at * model.width + region.at] : -1)));
    return first > 0 ? model.days[first] : undefined;
  };
  const columns = [
    { title: "Service", key: "name", value: (one) => one.order, text: (one) => one.name, cell: (one) => internalLink(linkTo({ panel: ["service", one.code] }), one.name) },
    { title: "Code", key: "code", value: (one) => one.code, cell: (one) => element("code", {}, shown(one.code, 60)) },
    model.hasCategories && { title: "Category", key: "category", value: (one) => one.category && categoryTitle(one.category) },
    { title: regions.length === model.data.regions.length ? "Regions" : `Of ${regions.length} regions`, key: "regions", number: true, value: among },
    snapshot.current && { title: "In its partitions", key: "tier", value: (one) => one.tier && TIERS[one.tier] },
    snapshot.current && model.days.length > 1 && { title: "Newest arrival", key: "newest", first: "down", value: newest },
    model.hasLifecycle && { title: "Lifecycle", key: "lifecycle", value: (one) => one.lifecycle && shown([one.lifecycle.stage, one.lifecycle.ends ?? one.lifecycle.closed].filter(Boolean).join(" ")) },
  ];
  return listOf(`Services as of ${snapshot.day}`, "services", columns.filter(Boolean), services, state.rows === "coverage" ? "regions-down" : "");
}

function listOf(title, name, columns, all, usual) {
  const rows = all.map((one) => ({
    cells: () => columns.map((column) => (column.cell ? column.cell(one) : column.value(one) ?? "–")),
    values: columns.map((column) => column.value(one)),
  }));
  return {
    node: dataTable({ caption: title, columns, rows, usual }),
    table: () => ({ name, title, columns: columns.map((column) => column.title), rows: all.map((one) => columns.map((column) => plain(column, one))) }),
  };
}

function plain(column, one) {
  if (column.text) return column.text(one);
  const value = column.value(one);
  return typeof value === "number" && !Number.isInteger(value) ? Number((100 * value).toFixed(1)) : value;
}
