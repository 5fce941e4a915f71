// Numbers of regions, services and offerings on each day of the history.

/** How many of all there were on each day; each list is empty where there is no history. */
export function growthOf(model) {
  return (model.growth ??= {
    regions: counted(model.days.length, model.data.history?.region_spans ?? [], () => 1),
    services: counted(model.days.length, model.data.history?.service_spans ?? [], () => 1),
    offerings: counted(model.days.length, model.spans, ([, , , regions]) => regions.length),
  });
}

/** How many regions had a service on each day. */
export const rolloutOf = (model, service) => counted(model.days.length, model.spans.filter((span) => span[0] === service), ([, , , regions]) => regions.length);

/** How many services a region had on each day. */
export const growthOfRegion = (model, region) => counted(model.days.length, model.spans.filter((span) => span[3].includes(region)), () => 1);

function counted(days, spans, weight) {
  const steps = new Int32Array(days + 1);
  for (const span of spans) {
    steps[span[1]] += weight(span);
    if (span[2] !== -1) steps[span[2] + 1] -= weight(span);
  }
  let sum = 0;
  return Array.from(steps.subarray(0, days), (step) => (sum += step));
}
