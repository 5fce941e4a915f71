-- What was offered where at the end of a day? Give the day, as '2025-06-30'.
with point as (
  select query_region, detail, max(taken) as taken
  from history
  where kind = 'run' and taken <= concat(?, 'T23:59:59Z')
  group by query_region, detail
)
select offered.query_region, offered.detail, point.taken, t.region, offered.service
from history as offered
join point on point.query_region = offered.query_region and point.detail = offered.detail
cross join unnest(offered.regions) as t (region)
where offered.kind = 'offering'
  and offered.first_seen <= point.taken
  and (offered.last_seen is null or offered.last_seen >= point.taken)
order by offered.query_region, offered.detail, t.region, offered.service
