-- How many regions, services and offerings were there at the end of each quarter? A quarter without a run is not told.
with points as (
  select
    query_region,
    detail,
    concat(substr(taken, 1, 4), '-Q', cast(quarter(cast(substr(taken, 1, 10) as date)) as varchar)) as quarter,
    max(taken) as taken
  from history
  where kind = 'run'
  group by 1, 2, 3
),
offered as (
  select history.query_region, history.detail, history.service, t.region, history.first_seen, history.last_seen
  from history
  cross join unnest(history.regions) as t (region)
  where history.kind = 'offering'
)
select
  points.query_region,
  points.detail,
  points.quarter,
  points.taken,
  count(distinct offered.region) as regions,
  count(distinct offered.service) as services,
  count(*) as offerings
from points
join offered
  on offered.query_region = points.query_region
  and offered.detail = points.detail
  and offered.first_seen <= points.taken
  and (offered.last_seen is null or offered.last_seen >= points.taken)
group by 1, 2, 3, 4
order by 1, 2, 3
