"""What is seen and not certain yet, told below an answer that there is no such change."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Final

from click.core import ParameterSource

from aws_ssm_fetcher.cli.shared.proposals import proposed
from aws_ssm_fetcher.queries.history.changes import ChangesAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click import Context

    from aws_ssm_fetcher.cli.history.drawing import Answer

_KEPT: Final = frozenset({"regions", "services", "kinds", "bundled", "query_region", "detail"})
"""The options that stay: what is pending has been announced at no time."""


def told_of_waiting(ctx: Context, answer: Answer) -> Iterator[str]:
    """Yield how many changes wait to become certain, and the command that lists them."""
    if isinstance(answer, ChangesAnswer) and answer.waiting:
        yield f"Seen and not certain yet: {', '.join(f'{count:,} {kind}' for kind, count in answer.waiting.items())}."
        listing = " ".join(("history changes --pending", *_options(ctx)))
        yield f"To list what is pending: {proposed(listing, ctx.params['root'])}"


def _options(ctx: Context) -> Iterator[str]:
    """Write the options anew that were given and stay."""
    for one in ctx.command.params:
        name = one.name or ""
        if name in _KEPT and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            value = ctx.params[name]
            given = value if isinstance(value, tuple) else (value,)
            yield from (one.opts[0] if value is True else f"{one.opts[0]} {quote(value)}" for value in given)
