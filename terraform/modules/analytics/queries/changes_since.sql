-- What changed since a day, and when did a run make it certain? Give the day, as '2025-01-01'.
select distinct t.announced, t.seen, t.kind, t.region, t.service, t.old, t.new, t.launched, t.id
from analyses
cross join unnest(analyses.content.changes) as t (id, kind, seen, announced, region, service, old, new, launched)
where t.announced >= ?
order by t.announced, t.id
