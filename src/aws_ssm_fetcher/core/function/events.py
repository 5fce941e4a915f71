"""Parse the events that start a function to a run id or to the keys of documents. Unknown events are refused.

A schedule sends its time, and that names the run::

    {"detail-type": "Scheduled Event", "source": "aws.events", "time": "2026-10-27T06:00:00Z", …}

S3 announces a new object itself, its key encoded as in a URL (``a+b%2Fc`` is ``a b/c``), or through EventBridge,
its key as it is::

    {"Records": [{"eventSource": "aws:s3", "eventVersion": "2.1", "eventName": "ObjectCreated:Put",
                  "s3": {"bucket": {"name": "…"}, "object": {"key": "…"}}}]}
    {"detail-type": "Object Created", "source": "aws.s3", "detail": {"bucket": {"name": "…"}, "object": {"key": "…"}}}

By hand it is ``{"run_id": …, "detail": …, "refresh": true}``, all of them optional, or ``{"key": …}``.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote_plus

from aws_ssm_fetcher.core.documents.decoding import MismatchError, decode, name_of
from aws_ssm_fetcher.core.error_handling import EventRefusedError
from aws_ssm_fetcher.core.model.codes import Detail, RunId
from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.function.functions import Function

TEST_EVENT: Final = "s3:TestEvent"  # sent once, when a notification is set up
_SCHEDULED: Final = "Scheduled Event"
_CREATED: Final = "Object Created"


class Order(NamedTuple):
    """What the fetcher is asked for."""

    run_id: RunId | None = None
    """``None``: the run is named after the time of its snapshot."""
    detail: Detail | None = None
    """``None``: what the settings say."""
    refresh: bool = False
    """Whether AWS is asked even for what the cache still holds."""


def read_order(event: object) -> Order:
    """Read what starts the fetcher. Raises ``EventRefusedError``."""
    fields = _object(event, "the event")
    if fields.get("detail-type") == _SCHEDULED:
        return Order(run_id=keys.run_id_of(_moment(fields.get("time"))))
    # A misspelled field would silently start another run than was asked for.
    unknown = sorted(set(fields) - {"run_id", "detail", "refresh"})
    if unknown:
        raise EventRefusedError("the event", expected="a schedule's, or run_id, detail, refresh", found=unknown[0])
    try:
        order = decode(Order, fields)
    except MismatchError as error:
        raise EventRefusedError("".join(error.where).lstrip("."), expected=error.expected, found=error.found) from error
    return Order(order.run_id and keys.parse_run_id(order.run_id), order.detail, order.refresh)


def created_keys(event: object, *, bucket: str, function: Function) -> tuple[str, ...]:
    """Return the keys of the new documents in an event, each once, in its order.

    Raises ``EventRefusedError`` for another bucket than *bucket* and for a key that does not start that function.
    """
    fields = _object(event, "the event")
    if fields.get("Event") == TEST_EVENT:
        return ()
    # A dict keeps the order and drops repetitions: S3 delivers at least once.
    new_keys = dict.fromkeys(_new_keys(fields, bucket))
    for key in new_keys:
        if not function.is_started_by(key):
            expected = f"{function.starts_on}…/{function.document}"
            raise EventRefusedError("key", expected=expected, found=name_of(key))
    return tuple(new_keys)


def _new_keys(fields: Mapping[str, Any], bucket: str) -> list[str]:
    if set(fields) == {"key"}:
        return [_text(fields, "", "key")]
    if fields.get("detail-type") == _CREATED:
        detail = _object(fields.get("detail"), "detail")
        _check_bucket(detail, "detail", bucket)
        return [_text(detail, "detail", "object", "key")]
    records = fields.get("Records")
    if not isinstance(records, list):
        raise EventRefusedError("the event", expected="a new object's, or key", found=_names(fields))
    return [_recorded(_object(record, f"Records[{index}]"), index, bucket) for index, record in enumerate(records)]


def _recorded(record: Mapping[str, Any], index: int, bucket: str) -> str:
    place = f"Records[{index}]"
    for name, begins in (("eventSource", "aws:s3"), ("eventVersion", "2."), ("eventName", "ObjectCreated:")):
        value = _text(record, place, name)
        # Any 2.x: AWS raises the minor version for new fields.
        if not value.startswith(begins):
            raise EventRefusedError(f"{place}.{name}", expected=f"{begins}…", found=name_of(value))
    notification = _object(record.get("s3"), f"{place}.s3")
    _check_bucket(notification, f"{place}.s3", bucket)
    # Only S3's own notifications encode keys as in a URL; EventBridge sends them as they are.
    return unquote_plus(_text(notification, f"{place}.s3", "object", "key"))


def _check_bucket(holder: Mapping[str, Any], place: str, bucket: str) -> None:
    name = _text(holder, place, "bucket", "name")
    # A notification of another bucket would have this function read keys of the wrong one.
    if name != bucket:
        raise EventRefusedError(f"{place}.bucket.name", expected=bucket, found=name_of(name))


def _text(holder: Mapping[str, Any], place: str, *names: str) -> str:
    """Return the text at the path *names* in *holder*, which is at *place* in the event."""
    value: Any = holder
    for name in names:
        value = _object(value, place).get(name)
        place = f"{place}.{name}".lstrip(".")
    if not isinstance(value, str):
        raise EventRefusedError(place, expected="text", found=name_of(value))
    return value


def _object(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise EventRefusedError(place, expected="an object", found=name_of(value))
    return value


def _moment(value: object) -> datetime:
    try:
        return decode(datetime, value).astimezone(UTC)
    except MismatchError as error:
        raise EventRefusedError("time", expected=error.expected, found=error.found) from error


def _names(fields: Mapping[str, Any]) -> str:
    return ", ".join(sorted(map(str, fields))) or "nothing"
