-- What was offered once, and is not any more? Brief absences are among it; the changes know which were removals.
select history.query_region, history.detail, t.region, history.service, max(history.last_seen) as last_seen
from history
cross join unnest(history.regions) as t (region)
where history.kind = 'offering'
group by history.query_region, history.detail, t.region, history.service
having count(*) = count(history.last_seen)
order by history.query_region, history.detail, last_seen desc, t.region, history.service
