"""``doctor``: whether everything that a run needs is in order here. It writes nothing."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from aws_ssm_fetcher import __version__
from aws_ssm_fetcher.cli.shared.headline import FRESH_DAYS
from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.layout import TextTable, show
from aws_ssm_fetcher.cli.shared.options import AS_JSON, STORE
from aws_ssm_fetcher.cli.shared.session import open_session
from aws_ssm_fetcher.core.error_handling import CredentialsError, FetcherError, SourceError
from aws_ssm_fetcher.core.ports import ROOT
from aws_ssm_fetcher.core.retrying import CircuitBreaker
from aws_ssm_fetcher.core.store.listing import inventories
from aws_ssm_fetcher.core.text import excerpt, many, printable
from aws_ssm_fetcher.queries.records.current import current_inventory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.model.codes import RegionCode
    from aws_ssm_fetcher.core.store.located import Location

ATTEMPTS: Final = 2  # at each request: whoever diagnoses does not want to wait for eight
FEED_SECONDS: Final = 10.0  # it answers in under one
_PER_SECOND: Final = 10  # requests; one is sent
CLOCK_SECONDS: Final = 300  # AWS refuses signatures that are further off
NO_FEED: Final = "none"
_NETWORK: Final = "Check the network, HTTPS_PROXY and NO_PROXY"
_IDENTITY: Final = "credentials"


class Diagnosis(NamedTuple):
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
        table = TextTable("", "", "")
        for check in checks:
            status = click.style("ok", fg="green") if check.ok else click.style("problem", fg="red", bold=True)
            table.add_row(status, check.name, printable(check.detail))
        show((table,))
    sys.exit(0 if healthy else 1)


def _local_checks(session: Session) -> Iterator[Diagnosis]:
    yield Diagnosis("python", ok=True, detail=f"{platform.python_version()}, aws-ssm-fetcher {__version__}")
    root = session.store.root
    yield _checked("store", lambda: _describe_store(session))
    yield _checked("data", lambda: _describe_data(session, root))


def _describe_store(session: Session) -> str:
    root = session.store.root
    if not root.exists():
        return f"{root} does not exist yet; the first run creates it"
    count = sum(1 for _ in inventories(session.store))
    return f"{root}, {many(count, 'snapshot')}"


def _describe_data(session: Session, root: Location) -> str:
    inventory = current_inventory(session.store, detail=session.settings.detail)
    age = (session.clock() - inventory.taken).days
    origin = "bundled snapshot" if inventory.source.kind == "bundled" else f"run {inventory.run_id}"
    live = f". For live data: {proposed('run --source aws', root)}" if age > FRESH_DAYS else ""
    return f"{origin} of {inventory.taken:%Y-%m-%d}, {age:,} days old{live}"


def _network_checks(session: Session) -> Iterator[Diagnosis]:
    region = session.settings.ssm_region
    aws = _Account(region)
    identity = _checked(_IDENTITY, aws.identity)
    yield identity
    if identity.ok:
        yield _checked("permission", aws.permission)
        yield _clock(aws.dated)
    yield _feed(session.settings.feed_url)


def _checked(name: str, describe: Callable[[], str]) -> Diagnosis:
    try:
        return Diagnosis(name, ok=True, detail=describe())
    except FetcherError as error:
        return Diagnosis(name, ok=False, detail=str(error))


class _Account:
    """The account that asks, whose credentials are resolved once: they may need an MFA code."""

    def __init__(self, region: RegionCode) -> None:
        self._region = region
        self._session: Any = None
        self.dated: datetime | None = None
        """AWS's time."""

    def identity(self) -> str:
        """Return who asks. Raises ``SourceError``, ``ExtraMissingError``."""
        from botocore.config import Config  # noqa: PLC0415 - 0.3 s, which --offline does without
        from botocore.exceptions import BotoCoreError, ClientError, ProxyConnectionError, SSLError  # noqa: PLC0415 - see above
        from botocore.parsers import ResponseParserError  # noqa: PLC0415 - see above

        from aws_ssm_fetcher.data_sources import aws_client  # noqa: PLC0415 - see above

        # One session for all checks: an MFA code is asked for once.
        self._session = aws_client.open_session(self._region)
        config = Config(retries={"total_max_attempts": ATTEMPTS})
        client = aws_client.open_client("sts", self._region, config, self._session)
        try:
            answer = client.get_caller_identity()
        except ClientError as error:
            code, explanation = aws_client.stated_error(error, "STS")
            message = f"AWS does not accept the credentials ({code}): {explanation}"
            raise CredentialsError(message, code=code, advice=aws_client.sign_in_advice(error)) from error
        except (ProxyConnectionError, SSLError) as error:
            raise aws_client.connection_refusal(error, client.meta.endpoint_url) from error
        except BotoCoreError as error:
            message = f"AWS cannot be reached: {excerpt(str(error))}"
            raise SourceError(message, code=type(error).__name__, advice=_NETWORK) from error
        except (ResponseParserError, *aws_client.UNPARSABLE) as error:  # a page in HTML, or JSON
            raise aws_client.not_from_aws("no answer of STS", client.meta.endpoint_url) from error
        date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        # Each answer of AWS has its time; no further request is needed to compare clocks.
        self.dated = parsedate_to_datetime(date) if date else None
        if "Arn" not in answer:
            raise aws_client.not_from_aws("no identity", client.meta.endpoint_url)
        return str(answer["Arn"])

    def permission(self) -> str:
        """Read one page as a run does. Raises ``SourceError``, with regions to ask where this one does not serve it."""
        from aws_ssm_fetcher.data_sources.parameter_store.client import QUERY_REGIONS, live_tree  # noqa: PLC0415 - see above
        from aws_ssm_fetcher.data_sources.parameter_store.pacing import Pace  # noqa: PLC0415 - see above

        tree = live_tree(
            self._region,
            "offerings",
            pace=Pace(_PER_SECOND),
            breaker=CircuitBreaker("AWS Systems Manager"),
            threads=1,
            attempts=ATTEMPTS,
            session=self._session,
        )
        if not next(tree.pages("regions", recursive=False)):
            message = f"The parameter store of {self._region} does not serve {ROOT}"
            raise SourceError(
                message, code="NoParameters", advice=f"Set SSM_REGION to one of {', '.join(QUERY_REGIONS)}"
            )
        return f"ssm:GetParametersByPath in {self._region}"


def _clock(dated: datetime | None) -> Diagnosis:
    if dated is None:
        return Diagnosis("clock", ok=True, detail="AWS sent no date to compare with")
    seconds = abs((datetime.now(UTC) - dated).total_seconds())
    if seconds <= CLOCK_SECONDS:
        return Diagnosis("clock", ok=True, detail="agrees with AWS")
    return Diagnosis("clock", ok=False, detail=f"{seconds:,.0f} s off: set it, or AWS refuses signatures")


def _feed(url: str) -> Diagnosis:
    if url == NO_FEED:
        return Diagnosis("feed", ok=True, detail="not read: FEED_URL is none")
    from aws_ssm_fetcher.data_sources.regions_feed.reader import FeedReader, manager_for  # noqa: PLC0415 - as for botocore

    def describe() -> str:
        return f"{len(FeedReader(url, manager_for(url)).get(within=FEED_SECONDS).body):,} bytes from {url}"

    return _checked("feed", describe)
