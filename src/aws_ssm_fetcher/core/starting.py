"""How a function starts: a handler imports this first, and makes its host with it last.

Until the host is made, Python looks for no cycles: all that imports make stays, and to look through it and all of
boto3, several times over, took up to half of what a cold start took beyond boto3.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.core.functions import Function
    from aws_ssm_fetcher.core.hosting import Host
    from aws_ssm_fetcher.core.s3_store import Client

gc.disable()


def start(function: Function, client: Client, environment: Mapping[str, str]) -> Host:
    """Make the host of a function, and leave what is in memory by then out of every later look for cycles.

    Raises ``SettingRefusedError`` for a bad setting.
    """
    from aws_ssm_fetcher.core.hosting import Host  # noqa: PLC0415 - nothing before the search is off

    try:
        return Host(function, client, environment)
    finally:
        gc.freeze()
        gc.enable()
