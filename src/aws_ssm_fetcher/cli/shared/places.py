"""Where things are unless somebody says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Final

DEFAULT_STORE: Final = Path("out")
