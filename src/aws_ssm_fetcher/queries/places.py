"""Names of regions that AWS's parameters do not have: price-list names, cities, countries, short codes. Pure.

The price list calls the first European regions ``EU (Ireland)``; availability-zone ids begin with a short code of the
region: ``use1-az1``. Bills have short codes of their own, some of which are another region's zone ids: ``APS1`` is
Singapore on a bill, ``aps1-az1`` is a zone of Mumbai. Airport codes name CloudFront's edges and local zones.
Sources: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_ssm_fetcher.core.model.aliases import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COUNTRIES: Final[Mapping[str, tuple[str, ...]]] = {
    "AE": ("United Arab Emirates", "UAE", "Emirates"),
    "AU": ("Australia",),
    "BH": ("Bahrain",),
    "BR": ("Brazil", "Brasil"),
    "CA": ("Canada",),
    "CH": ("Switzerland",),
    "CL": ("Chile",),
    "CN": ("China",),
    "DE": ("Germany", "Deutschland"),
    "ES": ("Spain", "España"),
    "FR": ("France",),
    "GB": ("United Kingdom", "UK", "Great Britain", "Britain", "England"),
    "ID": ("Indonesia",),
    "IE": ("Ireland",),
    "IL": ("Israel",),
    "IN": ("India",),
    "IT": ("Italy", "Italia"),
    "JP": ("Japan",),
    "KR": ("South Korea", "Korea", "Republic of Korea"),
    "MX": ("Mexico",),
    "MY": ("Malaysia",),
    "NZ": ("New Zealand",),
    "SA": ("Saudi Arabia",),
    "SE": ("Sweden",),
    "SG": ("Singapore",),
    "TH": ("Thailand",),
    "TW": ("Taiwan",),
    "US": ("United States", "United States of America", "USA", "US", "America"),
    "ZA": ("South Africa",),
}
"""English names, and those in daily use, by ISO 3166-1 alpha-2."""

_PLACES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "af-south-1": ("ZA", ("Cape Town", "CPT")),
    "ap-east-1": ("CN", ("Hong Kong", "HKG")),
    "ap-east-2": ("TW", ("Taipei", "TPE")),
    "ap-northeast-1": ("JP", ("Tokyo", "NRT", "APN1")),
    "ap-northeast-2": ("KR", ("Seoul", "ICN", "APN2")),
    "ap-northeast-3": ("JP", ("Osaka", "Osaka-Local", "Asia Pacific (Osaka-Local)", "KIX", "APN3")),
    "ap-south-1": ("IN", ("Mumbai", "Bombay", "BOM", "APS3")),
    "ap-south-2": ("IN", ("Hyderabad", "HYD", "APS5")),
    "ap-southeast-1": ("SG", ("Singapore", "SIN", "APS1")),
    "ap-southeast-2": ("AU", ("Sydney", "SYD", "APS2")),
    "ap-southeast-3": ("ID", ("Jakarta", "CGK", "APS4")),
    "ap-southeast-4": ("AU", ("Melbourne", "MEL", "APS6")),
    "ap-southeast-5": ("MY", ("Kuala Lumpur", "KUL", "APS7")),
    "ap-southeast-6": ("NZ", ("Auckland", "AKL")),
    "ap-southeast-7": ("TH", ("Bangkok", "BKK")),
    "ca-central-1": ("CA", ("Montreal", "Canada Central", "YUL", "CAN1")),
    "ca-west-1": ("CA", ("Calgary", "Canada West", "YYC", "CAN2")),
    "cn-north-1": ("CN", ("Beijing", "PEK", "BJS")),
    "cn-northwest-1": ("CN", ("Ningxia", "ZHY", "CNW1")),
    "eu-central-1": ("DE", ("Frankfurt", "Frankfurt am Main", "FRA")),
    "eu-central-2": ("CH", ("Zurich", "ZRH")),
    "eu-north-1": ("SE", ("Stockholm", "ARN")),
    "eu-south-1": ("IT", ("Milan", "Milano", "MXP")),
    "eu-south-2": ("ES", ("Aragon", "Zaragoza", "ZAZ")),
    "eu-west-1": ("IE", ("Dublin", "DUB")),
    "eu-west-2": ("GB", ("London", "LHR")),
    "eu-west-3": ("FR", ("Paris", "CDG")),
    "eusc-de-east-1": (
        "DE",
        ("Brandenburg", "AWS European Sovereign Cloud", "European Sovereign Cloud", "EUSC", "EUSC (Germany)"),
    ),
    "il-central-1": ("IL", ("Tel Aviv", "TLV")),
    "me-central-1": ("AE", ("Dubai", "DXB")),
    "me-south-1": ("BH", ("Manama", "BAH")),
    "mx-central-1": ("MX", ("Querétaro", "Mexico Central", "QRO")),
    "sa-east-1": ("BR", ("Sao Paulo", "GRU")),
    "us-east-1": ("US", ("Virginia", "Northern Virginia", "US East (Northern Virginia)", "IAD")),
    "us-east-2": ("US", ("Ohio", "Columbus", "CMH")),
    "us-gov-east-1": ("US", ("GovCloud East", "GovCloud", "AWS GovCloud", "AWS GovCloud (US)", "UGE1")),
    "us-gov-west-1": ("US", ("GovCloud West", "GovCloud", "AWS GovCloud", "AWS GovCloud (US)", "UGW1")),
    "us-west-1": ("US", ("California", "Northern California", "US West (Northern California)", "SFO")),
    "us-west-2": ("US", ("Oregon", "PDX")),
}
"""Country and other names by code. A region that is not here is found by its long name and its published country."""

_COUNTRY_LETTERS: Final = 2
_LONG_NAME: Final = re.compile(r"(?P<area>[^(]+?)\s*\((?P<place>[^)]+)\)")
_EUROPE: Final = "Europe ("
_PRICE_LIST_EUROPE: Final = "EU ("
_DIRECTIONS: Final = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "central": "c",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
    "gov": "g",
}


def region_names(code: str, name: str | None, country: str | None) -> Iterator[str]:
    """Yield what a region may be called besides its code, folded for comparison; a name may be that of others too."""
    listed_country, others = _PLACES.get(code, (None, ()))
    letters = country or listed_country or ""
    named = [code, short_code(code), *others, letters, *COUNTRIES.get(letters, ())]
    if name:
        named += [name, *_parts(name)]
    return map(fold, named)


def country_codes(text: str) -> frozenset[str]:
    """Return the ISO 3166-1 codes that a code or a name of a country stands for; none if nobody knows it."""
    wanted = fold(text)
    known = frozenset(code for code, names in COUNTRIES.items() if wanted in map(fold, (code, *names)))
    # Two letters of a country with no region are a valid question, to which the answer is "none".
    if known:
        return known
    code = text.strip().upper()  # of a country that has no region yet
    return frozenset({code} if len(code) == _COUNTRY_LETTERS else ())


def short_code(code: str) -> str:
    """Return the short code that zone ids begin with: ``us-east-1`` is ``use1``, ``ap-southeast-2`` is ``apse2``."""
    return "".join(_DIRECTIONS.get(part, part) for part in code.split("-"))


def _parts(name: str) -> Iterator[str]:
    """Yield the area and the place of ``Europe (Ireland)``, and what the price list calls it."""
    match = _LONG_NAME.fullmatch(name)
    if match is not None:
        yield match["area"]
        yield match["place"]
    if name.startswith(_EUROPE):
        yield "EU"
        yield name.replace(_EUROPE, _PRICE_LIST_EUROPE, 1)
