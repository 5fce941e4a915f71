"""``doctor``: whether everything that a run needs is in order here. It writes nothing."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from aws_ssm_fetcher import __version__
from aws_ssm_fetcher.cli.shared.headline import FRESH_DAYS
from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.layout import Table, show
from aws_ssm_fetcher.cli.shared.options import AS_JSON, STORE
from aws_ssm_fetcher.cli.shared.session import open_session
from aws_ssm_fetcher.core.error_handling import FetcherError
from aws_ssm_fetcher.core.ports import ROOT
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.records.current import current_inventory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.store.located import Location

FEED_SECONDS: Final = 10.0  # it answers in under one
CLOCK_SECONDS: Final = 300  # AWS refuses signatures that are further off
NO_FEED: Final = "none"
_IDENTITY: Final = "credentials"


class Check(NamedTuple):
    """One thing that was checked."""

    name: str
    ok: bool
    detail: str
    """What was found, or what is wrong and what to do."""


@click.command()
@STORE
@AS_JSON
@click.option("--offline", is_flag=True, help="Check only what needs no network.")
def doctor(root: Location, *, as_json: bool, offline: bool) -> None:
    """Check Python, store, credentials and network.

    Exits 0 if everything is in order, else 1.
    """
    session = open_session(root, as_json=as_json, quiet=True)
    checks = [*_local_checks(session), *(() if offline else _network_checks(session))]
    healthy = all(check.ok for check in checks)
    if as_json:
        click.echo(json_text({"ok": healthy, "checks": [check._asdict() for check in checks]}))
    else:
        table = Table("", "", "")
        for check in checks:
            status = click.style("ok", fg="green") if check.ok else click.style("problem", fg="red", bold=True)
            table.add_row(status, check.name, printable(check.detail))
        show((table,))
    sys.exit(0 if healthy else 1)


def _local_checks(session: Session) -> Iterator[Check]:
    yield Check("python", ok=True, detail=f"{platform.python_version()}, aws-ssm-fetcher {__version__}")
    root = session.store.root
    yield _checked("store", lambda: _describe_store(session))
    yield _checked("data", lambda: _describe_data(session, root))


def _describe_store(session: Session) -> str:
    root = session.store.root
    if not root.exists():
        return f"{root} does not exist yet; the first run creates it"
    count = sum(1 for _ in session.store.keys("raw-data/"))
    return f"{root}, {count:,} snapshots"


def _describe_data(session: Session, root: Location) -> str:
    inventory = current_inventory(session.store, detail=session.settings.detail)
    age = (session.clock() - inventory.taken).days
    origin = "bundled snapshot" if inventory.source.kind == "bundled" else f"run {inventory.run_id}"
    live = f". For live data: {proposed('run --source aws', root)}" if age > FRESH_DAYS else ""
    return f"{origin} of {inventory.taken:%Y-%m-%d}, {age:,} days old{live}"


def _network_checks(session: Session) -> Iterator[Check]:
    import boto3  # noqa: PLC0415 - 0.3 s, which --offline does without
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - goes with it

    region = session.settings.ssm_region
    identity, dated = _checked_call(_IDENTITY, (BotoCoreError, ClientError), lambda: _identity(boto3, region))
    yield identity
    if identity.ok:
        permission, _ = _checked_call("permission", (BotoCoreError, ClientError), lambda: _one_parameter(boto3, region))
        yield permission
        yield _clock(dated)
    yield _feed(session.settings.feed_url)


def _checked(name: str, describe: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, detail=describe())
    except FetcherError as error:
        return Check(name, ok=False, detail=str(error))


def _checked_call(
    name: str, refusals: tuple[type[Exception], ...], call: Callable[[], tuple[str, datetime | None]]
) -> tuple[Check, datetime | None]:
    try:
        detail, dated = call()
    except refusals as error:
        return Check(name, ok=False, detail=" ".join(str(error).split())), None
    return Check(name, ok=True, detail=detail), dated


def _identity(boto3: Any, region: str) -> tuple[str, datetime | None]:  # noqa: ANN401 - boto3 ships no types
    answer = boto3.session.Session().client("sts", region_name=region).get_caller_identity()
    return answer["Arn"], _date_of(answer)


def _one_parameter(boto3: Any, region: str) -> tuple[str, datetime | None]:  # noqa: ANN401 - boto3 ships no types
    answer = (
        boto3.session.Session()
        .client("ssm", region_name=region)
        .get_parameters_by_path(Path=f"{ROOT}/regions", MaxResults=1)
    )
    if not answer.get("Parameters"):
        return f"{region} does not serve {ROOT}: choose another region with SSM_REGION", _date_of(answer)
    return f"ssm:GetParametersByPath in {region}", _date_of(answer)


def _date_of(answer: dict[str, Any]) -> datetime | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - as for boto3

    text = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    return parsedate_to_datetime(text) if text else None


def _clock(dated: datetime | None) -> Check:
    if dated is None:
        return Check("clock", ok=True, detail="AWS sent no date to compare with")
    seconds = abs((datetime.now(UTC) - dated).total_seconds())
    if seconds <= CLOCK_SECONDS:
        return Check("clock", ok=True, detail="agrees with AWS")
    return Check("clock", ok=False, detail=f"{seconds:,.0f} s off: set it, or AWS refuses signatures")


def _feed(url: str) -> Check:
    if url == NO_FEED:
        return Check("feed", ok=True, detail="not read: FEED_URL is none")
    from aws_ssm_fetcher.data_sources.regions_feed.reader import FeedReader  # noqa: PLC0415 - as for boto3

    def describe() -> str:
        return f"{len(FeedReader(url).get(within=FEED_SECONDS).body):,} bytes from {url}"

    return _checked("feed", describe)
