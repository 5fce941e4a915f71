"""Where the entries and feeds lead: to the page of the site, or, without a site, to AWS's own pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.analysis import Analysis

ALL_SERVICES: Final = "https://aws.amazon.com/about-aws/global-infrastructure/regional-product-services/"
ALL_REGIONS: Final = "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The web addresses of what the feeds are about."""

    site: str | None = None
    """Where ``reports/latest/`` is served, ``https://d111111abcdef8.cloudfront.net/``; ``None`` if nowhere."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """AWS's page of each region and service that has one, by folder: ``services/bedrock``."""

    def page(self, folder: str) -> str:
        """Return the page about a region or a service; of an empty *folder*, about all of them."""
        if self.site is None:
            return self.pages.get(folder) or (ALL_REGIONS if folder.startswith("regions/") else ALL_SERVICES)
        kind, _, code = folder.partition("/")
        return f"{self.site}#/{kind.removesuffix('s')}/{quote(code, safe='')}" if folder else f"{self.site}#/changes"

    def file(self, name: str) -> str | None:
        """Return the address of a file below ``reports/latest/``; ``None`` without a site."""
        return None if self.site is None else f"{self.site}{quote(name)}"


NOWHERE: Final = Addresses()
"""Those of feeds without a site, about codes that AWS has no page of."""


def addresses_of(analysis: Analysis, site: str | None = None) -> Addresses:
    """Return the addresses for the feeds of an analysis; *site* is the setting ``SITE_URL``."""
    pages: dict[str, str | None] = {}
    for service in analysis.inventory.services:
        pages[f"services/{service.code}"] = service.home_page
    for region in analysis.inventory.regions:
        pages[f"regions/{region.code}"] = region.launch.url if region.launch else None
    usable = {folder: page for folder, page in pages.items() if page and _is_web_address(page)}
    # With exactly one slash at its end, names of files can be put behind it.
    return Addresses(f"{site.rstrip('/')}/" if site else None, usable)


def _is_web_address(text: str) -> bool:
    """Check an address that comes from outside, before a reader of feeds makes a link of it."""
    try:
        parts = urlsplit(text)
    except ValueError:  # such as an unfinished IPv6 address
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and text.isascii() and " " not in text
