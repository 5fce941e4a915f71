"""The account and the region that the cloud on this machine has."""

from __future__ import annotations

from typing import Final

ACCOUNT: Final = "123456789012"
REGION: Final = "us-east-1"
