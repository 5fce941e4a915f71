// Data-quality findings and the score.

import { linkTo } from "./address.js";
import { dated, element, internalLink } from "./dom.js";
import { many, shown } from "./text.js";

/** A line of a list of findings. */
export function findingItem(model, finding) {
  return element("li", { class: `finding ${finding.severity}` },
    element("span", { class: "kind" }, finding.severity),
    element("div", {}, statement(model, finding), element("div", { class: "quiet" }, shown(finding.advice, 400))));
}

// Its subject, what is said of it, and the codes that show it.
function statement(model, { subject, message, evidence = [] }) {
  const known = model.regionAt.has(subject) ? ["region", subject] : model.serviceAt.has(subject) ? ["service", subject] : undefined;
  const named = shown(subject, 80);
  const text = shown(message, 400);
  return [
    known ? internalLink(linkTo({ panel: known }), named) : named,
    dated(text.startsWith(named) ? text.slice(named.length) : /^[a-z]/.test(text) ? ` ${text}` : `: ${text}`),
    evidence.length > 0 && element("details", { class: "rest" }, element("summary", {}, "evidence"), element("span", { class: "quiet" }, evidence.slice(0, 200).map((one) => shown(one, 200)).join(", "))),
  ];
}

// Findings of one rule have one advice.
function ofRule(model, rule, own) {
  const title = rule.replaceAll("-", " ");
  return element("section", {},
    element("h4", {}, title[0].toUpperCase() + title.slice(1), element("span", { class: "quiet" }, ` ${own.length}`)),
    element("p", { class: "quiet" }, shown(own[0].advice, 400)),
    element("ul", { class: "plain-list" }, own.map((one) => element("li", {}, statement(model, one)))));
}

/** The view of all findings. */
export function findingsView(model) {
  const { findings: all = [], quarantine = [], strands = [] } = model.data;
  const waiting = [...quarantine, ...strands];
  const { score, grade } = model.data.quality;
  const lost = all.reduce((sum, one) => sum + one.cost, 0);
  const bySeverity = ["error", "warning", "note"].map((severity) => [severity, all.filter((one) => one.severity === severity)]).filter(([, own]) => own.length);
  const titles = { error: "Errors: do not rely on these", warning: "Warnings: worth a look", note: "Notes: peculiar, but AWS's own data" };
  return {
    node: element("div", { class: "page" },
      element("h2", {}, "Findings"),
      element("p", { class: "lead" }, element("b", {}, `Quality ${score} of 100, grade ${grade}`), lost ? ` · ${many(lost, "point")} lost` : " · nothing found"),
      element("p", { class: "quiet" }, "How far the data can be relied on: 100 less the points that the findings cost. Notes cost nothing."),
      waiting.length > 0 && [element("h3", {}, "Quarantined: waits for a decision"), element("ul", { class: "plain-list" }, waiting.map((message) => element("li", {}, dated(shown(message, 400)))))],
      bySeverity.map(([severity, own]) => [element("h3", {}, titles[severity]), [...new Set(own.map((one) => one.rule))].map((rule) => ofRule(model, rule, own.filter((one) => one.rule === rule)))]),
    ),
    table: () => ({ name: "findings", title: "Findings", columns: ["Severity", "Rule", "Scope", "Subject", "Message", "Points", "Evidence"], rows: all.map((one) => [one.severity, one.rule, one.scope, one.subject, one.message, one.cost, (one.evidence ?? []).join(", ")]) }),
  };
}
