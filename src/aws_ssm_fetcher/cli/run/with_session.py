"""Commands that write: each is handed a session instead of the options that all of them have."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.shared.options import AS_JSON, QUIET, STORE, add_options
from aws_ssm_fetcher.cli.shared.session import open_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.cli.shared.options import Option
    from aws_ssm_fetcher.core.store.located import Location


def command(*options: Option, name: str | None = None) -> Callable[[Callable[..., None]], click.Command]:
    """Return a decorator that makes a command of a function whose first argument is a session."""

    def make(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        def with_session(
            *,
            root: Location,
            quiet: bool,
            as_json: bool,
            refresh: bool = False,
            detail: str | None = None,
            ssm_region: str | None = None,
            **values: object,
        ) -> None:
            session = open_session(
                root, quiet=quiet, as_json=as_json, refresh=refresh, detail=detail, ssm_region=ssm_region
            )
            function(session, **values)

        decorated = add_options(with_session, (*options, STORE, QUIET, AS_JSON))
        return click.command(name or function.__name__)(decorated)

    return make
