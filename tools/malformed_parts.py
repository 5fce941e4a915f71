"""JSON documents of which a part is something else than it has to be, as only damage or ill will makes them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    Path = tuple[str | int, ...]

OTHER_PARTS: Final[tuple[Any, ...]] = (
    *(None, True, 5, -1, 1.5, 10**30, "", "x", "../x", "a\nb\x1b[31m", "\ud800", "x" * 5_000),
    *([], {}, [None], [5], ["x"], [[]], [{}], {"a": None}),
    *({"Ref": "x"}, {"Fn::If": []}, {"Fn::Sub": 5}, {"Fn::FindInMap": ["a"]}, {"Fn::Select": [1, []]}),
)


def malformed(document: Any, chance: random.Random) -> Any:  # noqa: ANN401 - JSON
    """Return a document with one or two parts replaced, removed or wrapped in a list."""
    for _ in range(chance.choice((1, 1, 2))):
        path = chance.choice([*paths(document)])
        document = changed(document, path, chance.choice(OTHER_PARTS), chance.choice(("put", "put", "remove", "wrap")))
    return document


def paths(value: Any, path: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - JSON
    """Yield where each part of a document stands, the document itself first."""
    yield path
    if isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(part, (*path, name))


def changed(document: Any, path: Path, part: Any, way: str = "put") -> Any:  # noqa: ANN401 - JSON
    """Return a copy of a document with another part at a path, or without one, or with a list around it."""
    if not path:
        return copy.deepcopy(part)
    copied = copy.deepcopy(document)
    around = copied
    for name in path[:-1]:
        around = around[name]
    if way == "remove":
        del around[path[-1]]
    else:
        around[path[-1]] = [around[path[-1]]] if way == "wrap" else copy.deepcopy(part)
    return copied
