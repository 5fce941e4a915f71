"""Which AWS services are in which regions, from AWS's published data.

In AWS Lambda this package arrives in two pieces: ``core`` in the shared layer, one stage in the function's own zip.
Python takes the first ``aws_ssm_fetcher`` it meets and would never look for the rest elsewhere,
so the path is extended over every folder of that name. Both pieces carry this same file.
The standard library's ``pkgutil.extend_path`` does the same, and takes 20 ms to import.

Source: https://docs.python.org/3/reference/import.html#path-attributes-on-modules

The Python API is imported when one of its names is first used, so that a function or ``--help`` does not pay for it:

>>> import aws_ssm_fetcher
>>> aws_ssm_fetcher.load().service("bedrock").service.name
'Amazon Bedrock'
"""

import sys
from importlib import import_module
from os.path import isdir, join

TYPE_CHECKING = False  # as in typing, which takes 5 ms to import

if TYPE_CHECKING:
    from aws_ssm_fetcher.api.dataset import Dataset as Dataset
    from aws_ssm_fetcher.api.dataset import load as load
    from aws_ssm_fetcher.api.forms import Record as Record
    from aws_ssm_fetcher.api.forms import Result as Result
    from aws_ssm_fetcher.api.forms import Table as Table
    from aws_ssm_fetcher.api.past import Past as Past
    from aws_ssm_fetcher.core.error_handling import FetcherError as FetcherError
    from aws_ssm_fetcher.core.error_handling import UnknownCodeError as UnknownCodeError

# pathlib takes 5 ms to import
_PORTIONS = [join(entry, __name__) for entry in sys.path if entry]  # noqa: PTH118 - see above
__path__ += [portion for portion in dict.fromkeys(_PORTIONS) if portion not in __path__ and isdir(portion)]  # noqa: PTH112 - see above

__version__ = "0.1.0"

_PLACES = {
    "Dataset": "api.dataset",
    "FetcherError": "core.error_handling",
    "Past": "api.past",
    "Record": "api.forms",
    "Result": "api.forms",
    "Table": "api.forms",
    "UnknownCodeError": "core.error_handling",
    "load": "api.dataset",
}
__all__ = ["Dataset", "FetcherError", "Past", "Record", "Result", "Table", "UnknownCodeError", "load"]


def __getattr__(name: str) -> object:
    """Import a name of the API."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    """List the names of the API beside those that are there already."""
    return sorted({*globals(), *__all__})
