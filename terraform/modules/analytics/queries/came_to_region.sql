-- What came to a region since a day? Give the region, as 'eu-south-2', and the day, as '2025-01-01'.
with beginning as (
  select query_region, detail, min(taken) as taken
  from history
  where kind = 'run'
  group by query_region, detail
)
select came.query_region, came.detail, came.first_seen, came.service, came.last_seen, came.hint
from history as came
join beginning on beginning.query_region = came.query_region and beginning.detail = came.detail
cross join unnest(came.regions) as t (region)
where came.kind = 'offering'
  and t.region = ?
  and came.first_seen >= ?
  and came.first_seen > beginning.taken
order by came.query_region, came.detail, came.first_seen, came.service
