"""A session of botocore for functions, which start cold: it reads its models faster, and those of few services.

What it needs of botocore is documented: a session takes another ``data_loader``, and a loader another ``file_loader``.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, Final

from botocore.loaders import Loader
from botocore.session import Session

SERVICES: Final = ("s3", "sns", "ssm")
"""All that a function calls."""
OF_CREDENTIALS: Final = ("signin", "sso", "sso-oidc", "sts")
"""What botocore may ask for credentials. In Lambda they are in the environment; elsewhere a handler may have a profile
or a web identity."""


def new_session() -> Session:
    """Create a session that has clients of a few services; any other raises botocore's ``UnknownServiceError``."""
    session = Session()
    # They include what AWS_DATA_PATH names.
    folders = session.get_component("data_loader").search_paths
    loader = _ModelLoader(folders, file_loader=_ModelFiles(), include_default_search_paths=False)
    session.register_component("data_loader", loader)
    return session


class _ModelLoader(Loader):  # type: ignore[misc] # botocore ships no types
    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - as botocore has it
        """Return the services. To find out itself, botocore looks through the folders of more than 400, twice."""
        return [*SERVICES, *OF_CREDENTIALS]


class _ModelFiles:
    """Reads models as plain dictionaries, which keep their order too; ordered ones take twice as long to read."""

    def exists(self, path: str) -> bool:
        """Check whether there is a model, *path* being without ``.json`` or ``.json.gz``."""
        return any(Path(path + ending).is_file() for ending in (".json", ".json.gz"))

    def load_file(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Read the model at *path*; ``None`` if there is none."""
        for ending, unpack in ((".json", bytes), (".json.gz", gzip.decompress)):
            file = Path(path + ending)
            if file.is_file():
                return json.loads(unpack(file.read_bytes()))
        return None
