"""Commands that write: run, fetch, import, process, report, accept, reject, cache."""
