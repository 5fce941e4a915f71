"""Where moto falls short of AWS for what is tested here. Each patch has a test that tells when it is not needed.

They hold while ``patched`` does: other tests in the same process have moto as it is.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from moto.awslambda.models import LambdaFunction
from moto.s3 import notifications

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    Notify = Callable[[str, Any, str, str], None]

KEPT: Final = ("DeadLetterConfig", "LoggingConfig")
"""What moto drops of a function's configuration."""


@contextmanager
def patched(notify: Notify) -> Iterator[None]:
    """Let S3 tell functions through *notify*, and let functions keep their whole configuration."""
    with notifying(notify), whole_configurations():
        yield


def notifying(notify: Notify) -> AbstractContextManager[None]:
    """Have S3's notifications delivered by *notify*: moto invokes at once, in Docker, and whoever is allowed or not."""
    return _replaced(notifications, _invoke_awslambda=notify)


def whole_configurations() -> AbstractContextManager[None]:
    """Have ``DeadLetterConfig`` and ``LoggingConfig`` kept and given back."""
    make, give, update = LambdaFunction.__init__, LambdaFunction.get_configuration, LambdaFunction.update_configuration

    def keep(function: Any, spec: dict[str, Any]) -> None:  # noqa: ANN401 - moto's
        function.kept = getattr(function, "kept", {}) | {name: spec[name] for name in KEPT if spec.get(name)}

    def making(self: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - moto's
        make(self, account_id, spec, *args, **kwargs)
        keep(self, spec)

    def giving(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - moto's
        return {**give(self, *args, **kwargs), **getattr(self, "kept", {})}

    def updating(self: Any, updates: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - moto's
        keep(self, updates)
        update(self, updates)
        return giving(self)

    return _replaced(LambdaFunction, __init__=making, get_configuration=giving, update_configuration=updating)


@contextmanager
def _replaced(owner: object, **replacements: object) -> Iterator[None]:
    """Have other attributes for a while."""
    before = {name: getattr(owner, name) for name in replacements}
    for name, replacement in replacements.items():
        setattr(owner, name, replacement)
    try:
        yield
    finally:
        for name, original in before.items():
            setattr(owner, name, original)
