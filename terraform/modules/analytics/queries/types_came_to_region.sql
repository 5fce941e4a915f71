-- Which resource types came to a region since a day, by AWS's schemas? Give the region, as 'eu-south-2', and the day, as '2025-01-01'.
with beginning as (
  select min(taken) as taken
  from type_history
  where kind = 'run'
)
select came.first_seen, came.service as resource_type, came.last_seen
from type_history as came
cross join beginning
cross join unnest(came.regions) as t (region)
where came.kind = 'offering'
  and t.region = ?
  and came.first_seen >= ?
  and came.first_seen > beginning.taken
order by came.first_seen, came.service
