"""Sources that a session opens: AWS as it is now, or saved answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.data_sources import live as aws
from aws_ssm_fetcher.data_sources.opened import OpenedSource, read_bundled_launches
from aws_ssm_fetcher.data_sources.saved_answers import saved_answers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.model.codes import RegionCode


def open_aws(session: Session) -> OpenedSource:
    """Return AWS as it is now. Answers are cached in the store and not requested again while they are young."""
    cache = session.cache()
    tree, launches = aws.open_tree(session.settings, cache), aws.open_launches(session.settings, cache)
    return OpenedSource(tree, launches, session.clock(), aws.THREADS)


def open_saved(files: Sequence[Path], query_region: RegionCode, taken: datetime) -> OpenedSource:
    """Return saved answers as a source."""
    return OpenedSource(saved_answers(files, query_region), read_bundled_launches, taken)
