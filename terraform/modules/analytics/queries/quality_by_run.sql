-- How good was each run: its score, its findings, and whether it is believed?
select
  taken,
  run_id,
  content.quality.score as score,
  content.quality.grade as grade,
  cardinality(content.findings) as findings,
  counts.gaps as gaps,
  cardinality(content.quarantine) > 0 as is_quarantined
from analyses
order by taken, run_id
