"""The errors that reach a person: each says where, what and what to do, and carries its values."""

from __future__ import annotations


class FetcherError(Exception):
    """Something that ends a run and that a person can act on.

    ``advice`` is what to do about it, a sentence without its full stop, or empty where nothing is known to help.
    """

    advice: str = ""

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        if advice is not None:
            self.advice = advice

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}. {self.advice}." if self.advice else f"{message}."


class DocumentRefusedError(FetcherError):
    """A stored document that cannot be read as what it should be."""

    advice = "Make the document again with the stage that writes it, or use the version of this tool that wrote it"

    def __init__(self, key: str, *, expected: str, found: str) -> None:
        super().__init__(f"{key}: expected {expected}, found {found}")
        self.key = key
        self.expected = expected
        self.found = found


class SettingRefusedError(FetcherError):
    """A setting whose value is not allowed."""

    def __init__(self, name: str, value: str, *, allowed: str) -> None:
        super().__init__(f"{name}={value!r} is not allowed", advice=f"Allowed: {allowed}")
        self.name = name
        self.value = value
        self.allowed = allowed


class StoreError(FetcherError):
    """An object store that could not do what was asked."""

    def __init__(self, key: str, reason: str, *, advice: str | None = None) -> None:
        super().__init__(f"{key}: {reason}", advice=advice)
        self.key = key
        self.reason = reason


class ObjectMissingError(StoreError):
    """No object stands under that key."""


class ObjectChangedError(StoreError):
    """The object is no longer the one that was read, or stands where none should: somebody else wrote it."""


class SourceError(FetcherError):
    """AWS's record could not be read. ``code`` is the source's own error code."""

    def __init__(self, message: str, *, code: str, advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.code = code


class CredentialsError(SourceError):
    """AWS does not know who is asking."""


class QueryRegionError(SourceError):
    """A region whose parameter store does not serve the tree."""


class PathUnreadError(SourceError):
    """One path of the tree that could not be read; the others may be. ``attempts`` counts the calls made."""

    def __init__(self, path: str, *, code: str, attempts: int, advice: str | None = None) -> None:
        super().__init__(f"{path}: {code} after {attempts} attempts", code=code, advice=advice)
        self.path = path
        self.attempts = attempts
