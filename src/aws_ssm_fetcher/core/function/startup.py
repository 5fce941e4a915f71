"""How a process starts: the command line and each handler import this first, and call it when they are up.

Until then Python looks for no cycles: all that imports make stays, and to look through it and all of boto3, several
times over, took up to half of what a cold start took beyond boto3. Afterwards it looks seldom: what a stage makes are
records that stay until it ends.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.core.function.functions import Function
    from aws_ssm_fetcher.core.function.host import Host
    from aws_ssm_fetcher.core.store.s3 import Client

OBJECTS_BETWEEN_LOOKS: Final = 100_000  # Python's own, 700 and from 3.13 on 2,000: 700 cost a run a tenth of its time

gc.disable()


def settle() -> None:
    """Look for cycles from now on, seldom, and never among what is in memory by now."""
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS)
    gc.enable()


def start(function: Function, client: Client, environment: Mapping[str, str]) -> Host:
    """Make the host of a function, and settle. Raises ``SettingRefusedError`` for a bad setting."""
    from aws_ssm_fetcher.core.function.host import Host  # noqa: PLC0415 - nothing before the search is off

    try:
        return Host(function, client, environment)
    finally:
        settle()
