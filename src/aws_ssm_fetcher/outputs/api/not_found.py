"""What a site answers where nothing is: a small page instead of the whole report."""

from __future__ import annotations

from typing import Final

NOT_FOUND: Final = "404.html"
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not found · AWS services by region</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1rem }</style>
<main>
<h1>Not found</h1>
<p>Nothing is published at this address. A region or service may be spelled differently: codes are lower-case, such as
<code>eu-south-2</code> and <code>bedrock</code>.</p>
<p><a href="/">The report</a> · <a href="/api/v1/index.json">all documents of the JSON API</a></p>
</main>
</html>
"""


def not_found_page() -> bytes:
    """Return the page. It never changes with a run."""
    return _PAGE.encode()
