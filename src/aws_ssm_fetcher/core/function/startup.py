"""Process start-up: the command line and each handler import this first and call it once they are loaded.

Until then the garbage collector is off: what imports create stays alive, and collecting it several times over took up
to half of a cold start beyond botocore. Afterwards it runs seldom: what a stage creates lives until the stage ends.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.core.function.functions import Function
    from aws_ssm_fetcher.core.function.host import Host
    from aws_ssm_fetcher.core.store.s3 import S3Client

OBJECTS_BETWEEN_LOOKS: Final = 100_000  # Python's own, 700 and from 3.13 on 2,000: 700 cost a run a tenth of its time

gc.disable()


def settle() -> None:
    """Turn the garbage collector on, with a high threshold, and exclude what is in memory by now."""
    # What imports made is never collected again: freeze takes it out of every later look.
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS)
    gc.enable()


def start(function: Function, client: S3Client, environment: Mapping[str, str]) -> Host:
    """Create the host of a function, and settle. Raises ``SettingRefusedError`` for a bad setting."""
    from aws_ssm_fetcher.core.function.host import Host  # noqa: PLC0415 - nothing before the search is off

    try:
        return Host(function, client, environment)
    finally:
        settle()
