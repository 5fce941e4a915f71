-- Since when has which region a service? Give the service's code, as 'bedrock'.
select history.query_region, history.detail, t.region, history.first_seen, history.last_seen, history.hint
from history
cross join unnest(history.regions) as t (region)
where history.kind = 'offering' and history.service = ?
order by history.query_region, history.detail, history.first_seen, t.region
