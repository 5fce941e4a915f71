"""Object stores: one contract for all, and what a directory promises besides when programs die or compete."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest

from aws_ssm_fetcher.core.error_handling import ObjectChangedError, ObjectMissingError, StoreError
from aws_ssm_fetcher.core.store import directory as directory_store
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.core.store.objects import Put, Stored, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import FrameType

    from aws_ssm_fetcher.core.ports import DeletingStore, ObjectStore

KEY = "reports/latest/manifest.json"
BAD_KEYS = ("", "/", ".", "..", "/x", "//x", "../x", "a/../b", "a/..", "./x", "a/./b", "a//b", "a/", ".x/y", "a/.b")


# The contract


@pytest.fixture(
    params=[
        "directory",
        "memory",
        pytest.param("moto", marks=pytest.mark.allow_hosts(["127.0.0.1"])),
        pytest.param("real s3", marks=[pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.real_s3]),
    ]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> DeletingStore:
    if request.param == "directory":
        return DirectoryStore(tmp_path / "not" / "yet" / "there")
    if request.param == "memory":
        return MemoryStore()
    made: DeletingStore = request.getfixturevalue("s3_store" if request.param == "moto" else "real_s3_store")
    return made


@pytest.mark.parametrize("body", [b"", b"text\r\n", bytes(range(256)), b"x" * 3_000_000], ids=len)
def test_what_was_written_is_read(store: ObjectStore, body: bytes) -> None:
    store.write(KEY, body)

    assert store.read(KEY).body == body


def test_the_last_write_stands(store: ObjectStore) -> None:
    store.write(KEY, b"a longer first body")
    store.write(KEY, b"second")

    assert store.read(KEY).body == b"second"


def test_a_version_says_one_content_from_another(store: ObjectStore) -> None:
    versions = []
    for body in (b"one", b"two", b"one"):
        store.write(KEY, body)
        versions.append(store.read(KEY).version)

    assert [versions[0] == version for version in versions] == [True, False, True]


@pytest.mark.parametrize("key", ["nothing", "reports/nothing", "reports", "reports/latest", f"{KEY}/below"])
def test_a_missing_object_is_reported_by_its_key(store: ObjectStore, key: str) -> None:
    store.write(KEY, b"")

    with pytest.raises(ObjectMissingError) as error:
        store.read(key)
    assert error.value.key == key


def test_create_writes_where_nothing_is(store: ObjectStore) -> None:
    store.create(KEY, b"first")

    assert store.read(KEY).body == b"first"


def test_create_leaves_alone_what_is_there(store: ObjectStore) -> None:
    store.write(KEY, b"first")

    with pytest.raises(ObjectChangedError) as error:
        store.create(KEY, b"second")
    assert (error.value.key, store.read(KEY).body, list(store.keys(""))) == (KEY, b"first", [KEY])


def test_replace_writes_over_the_version_that_was_read(store: ObjectStore) -> None:
    store.write(KEY, b"first")
    store.replace(KEY, b"second", store.read(KEY).version)

    assert store.read(KEY).body == b"second"


def test_replace_leaves_alone_what_somebody_else_wrote_since(store: ObjectStore) -> None:
    store.write(KEY, b"first")
    version = store.read(KEY).version
    store.write(KEY, b"somebody else's")

    with pytest.raises(ObjectChangedError) as error:
        store.replace(KEY, b"second", version)
    assert (error.value.key, store.read(KEY).body) == (KEY, b"somebody else's")


def test_replace_makes_nothing_where_nothing_is(store: ObjectStore) -> None:
    store.write("other", b"first")

    with pytest.raises(ObjectChangedError) as error:
        store.replace(KEY, b"second", store.read("other").version)
    assert (error.value.key, list(store.keys(""))) == (KEY, ["other"])


def test_many_are_written_each_over_what_was_found(store: ObjectStore) -> None:
    store.write("a", b"old")
    store.write("neighbour", b"stays")
    puts = [Put("a", b"new a", store.read("a")), Put("b/c", b"new c", None), Put("b/d", b"", None)]

    with ThreadPoolExecutor(2) as executor:
        store.put_all(puts, executor.map)

    assert {key: store.read(key).body for key in store.keys("")} == {
        "a": b"new a",
        "b/c": b"new c",
        "b/d": b"",
        "neighbour": b"stays",
    }


@pytest.mark.parametrize("there", [b"somebody else's", None])
def test_many_leave_alone_what_is_not_as_it_was_found(store: DeletingStore, there: bytes | None) -> None:
    store.write(KEY, b"first")
    result = store.read(KEY)
    store.delete(KEY)
    if there is not None:
        store.write(KEY, there)

    with pytest.raises(ObjectChangedError) as error:
        store.put_all([Put(KEY, b"second", result)], map)
    assert error.value.key == KEY
    assert [store.read(key).body for key in store.keys("")] == [body for body in [there] if body is not None]


def test_many_leave_alone_what_was_made_where_nothing_was_found(store: ObjectStore) -> None:
    store.write(KEY, b"somebody else's")

    with pytest.raises(ObjectChangedError) as error:
        store.put_all([Put(KEY, b"second", None)], map)
    assert (error.value.key, store.read(KEY).body) == (KEY, b"somebody else's")


def test_no_objects_are_written_without_a_word(store: ObjectStore) -> None:
    store.put_all([], map)

    assert list(store.keys("")) == []


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", ["a/1", "a/2/x", "a/20", "a-b", "b", "ä/1"]),
        ("a", ["a-b", "a/1", "a/2/x", "a/20"]),
        ("a/", ["a/1", "a/2/x", "a/20"]),
        ("a/2", ["a/2/x", "a/20"]),
        ("a/2/", ["a/2/x"]),
        ("a/2/x", ["a/2/x"]),
        ("c/", []),
        ("b/", []),
        (".writing/", []),
    ],
)
def test_keys_are_those_that_begin_with_the_prefix_sorted(store: ObjectStore, prefix: str, expected: list[str]) -> None:
    for key in ("b", "a/20", "a/2/x", "ä/1", "a-b", "a/1"):
        store.write(key, b"")

    assert list(store.keys(prefix)) == sorted(expected)


def test_keys_can_be_asked_for_from_one_on_which_need_not_be_there(store: ObjectStore) -> None:
    for key in ("a/1", "a/3", "a/4", "b/1"):
        store.write(key, b"")

    assert (list(store.keys("a/", after="a/2")), list(store.keys("a/", after="a/3"))) == (["a/3", "a/4"], ["a/4"])


def test_an_empty_store_has_no_keys(store: ObjectStore) -> None:
    assert list(store.keys("")) == []


def test_what_was_deleted_is_missing(store: DeletingStore) -> None:
    store.write(KEY, b"")
    store.write("other", b"")
    store.delete(KEY)

    assert list(store.keys("")) == ["other"]
    with pytest.raises(ObjectMissingError):
        store.read(KEY)


@pytest.mark.parametrize("key", ["nothing", "reports/nothing", "reports", "reports/latest", f"{KEY}/below"])
def test_deleting_what_is_not_there_changes_nothing(store: DeletingStore, key: str) -> None:
    store.write(KEY, b"body")
    store.delete(key)

    assert (list(store.keys("")), store.read(KEY).body) == ([KEY], b"body")


def test_what_was_deleted_can_be_created(store: DeletingStore) -> None:
    store.write(KEY, b"first")
    store.delete(KEY)
    store.create(KEY, b"second")

    assert store.read(KEY).body == b"second"


def calls(store: DeletingStore, key: str, body: bytes, version: Version) -> dict[str, Callable[[], object]]:
    """Return the store's calls by name, ready to be made."""
    return {
        "read": partial(store.read, key),
        "write": partial(store.write, key, body),
        "create": partial(store.create, key, body),
        "replace": partial(store.replace, key, body, version),
        "put_all": partial(store.put_all, [Put(key, body, Stored(b"", version))], map),
        "delete": partial(store.delete, key),
    }


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_that_would_leave_the_store_or_hide_in_it_is_refused(store: DeletingStore, key: str) -> None:
    for call in calls(store, key, b"", "").values():
        with pytest.raises(StoreError) as error:
            call()
        assert (type(error.value), error.value.key) == (StoreError, key)
    assert list(store.keys("")) == []


# A directory


@pytest.fixture
def directory(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "store")


def passing(directory: DirectoryStore) -> list[Path]:
    """List what unfinished writes left behind."""
    return list((directory.root / ".writing").iterdir())


def test_an_object_is_a_file_at_the_path_its_key_names(directory: DirectoryStore) -> None:
    directory.write(KEY, b"body")

    assert (directory.root / KEY).read_bytes() == b"body"


@pytest.mark.parametrize("key", BAD_KEYS)
def test_for_a_key_that_is_refused_nothing_is_made_on_the_disk(directory: DirectoryStore, key: str) -> None:
    for call in calls(directory, key, b"", "").values():
        with pytest.raises(StoreError):
            call()
    assert list(directory.root.parent.rglob("*")) == []


def test_hidden_files_are_no_objects(directory: DirectoryStore) -> None:
    directory.write("a/b", b"")
    for name in (".DS_Store", "a/.b.swp", ".git/config"):
        (directory.root / name).parent.mkdir(exist_ok=True)
        (directory.root / name).touch()

    assert list(directory.keys("")) == ["a/b"]


def test_no_write_leaves_anything_beside_its_object(directory: DirectoryStore) -> None:
    directory.write(KEY, b"1")
    directory.replace(KEY, b"2", directory.read(KEY).version)
    directory.create("another", b"3")
    for refused in ("create", "replace", "put_all"):
        with pytest.raises(ObjectChangedError):
            calls(directory, KEY, b"4", "stale")[refused]()

    assert passing(directory) == []


@pytest.mark.parametrize("root", ["file", "file/store", "loop", "loop/store"])
def test_a_place_that_cannot_be_written_is_reported_in_one_line(tmp_path: Path, root: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")

    with pytest.raises(StoreError) as error:
        DirectoryStore(tmp_path / root).write(KEY, b"body")
    message = str(error.value)
    assert (message.startswith(f"{KEY}: cannot be written in {tmp_path / root}: "), "\n" in message) == (True, False)


def test_an_object_under_an_object_cannot_be_written(directory: DirectoryStore) -> None:
    directory.write("a", b"body")

    with pytest.raises(StoreError) as error:
        directory.write("a/b", b"")
    assert (error.value.key, directory.read("a").body, passing(directory)) == ("a/b", b"body", [])


def test_an_object_that_is_there_but_cannot_be_read_is_not_called_missing(directory: DirectoryStore) -> None:
    directory.root.mkdir()
    (directory.root / "loop").symlink_to("loop")

    with pytest.raises(StoreError) as error:
        directory.read("loop")
    assert (type(error.value), error.value.reason.startswith("cannot be read in ")) == (StoreError, True)


def test_a_full_disk_leaves_the_old_object_and_nothing_else(directory: DirectoryStore) -> None:
    directory.write(KEY, b"old")
    write_with_little_room = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))  # a file that grows past it fails as on a full disk
try:
    store.write(KEY, bytes(1_000_000))
except StoreError as error:
    print(error)
"""

    output = finished(child(write_with_little_room, directory))

    advice = "Choose another directory with --store, or check the space and permissions of this one."
    assert output == [f"{KEY}: cannot be written in {directory.root}: File too large. {advice}"]
    assert (directory.read(KEY).body, passing(directory)) == (b"old", [])


def test_of_many_none_takes_its_place_before_all_have_been_sent_to_the_disk(directory: DirectoryStore) -> None:
    seen = []

    def each(call: Callable[[Any], object], things: Iterable[Any], /) -> Iterator[object]:
        for thing in things:
            seen.append((len(passing(directory)), list(directory.keys(""))))
            yield call(thing)

    directory.put_all([Put(key, b"body", None) for key in "abc"], each)

    in_place = (0, ["a", "b", "c"])  # then their folder is sent there too, and the one in which it is new
    assert seen == [(3, []), in_place, in_place]
    assert (list(directory.keys("")), passing(directory)) == (["a", "b", "c"], [])


def test_of_many_the_disk_gets_all_files_and_every_folder_that_is_new(tmp_path: Path) -> None:
    directory, sent = DirectoryStore(tmp_path / "store"), list[Any]()
    keys = [f"feeds/{number % 2}/{number}" for number in range(100)]

    def each(call: Callable[[Any], object], things: Iterable[Any], /) -> Iterator[object]:
        held = [*things]
        sent.extend(held)
        return map(call, held)

    directory.put_all([Put(key, b"body", None) for key in keys], each)

    files = [key for batch in sent if isinstance(batch, list) for key, _ in batch]
    folders = {folder for folder in sent if not isinstance(folder, list)}
    root = directory.root
    assert files == keys
    assert folders == {tmp_path, root, root / "feeds", root / "feeds/0", root / "feeds/1"}


def test_of_many_none_is_written_if_one_does_not_reach_the_disk(directory: DirectoryStore) -> None:
    def each(call: Callable[[Any], object], things: Iterable[Any], /) -> Iterator[object]:
        for thing in things:
            for path in passing(directory):
                path.unlink()
            yield call(thing)

    with pytest.raises(StoreError, match=r"^a: cannot be written in "):
        directory.put_all([Put(key, b"body", None) for key in "abc"], each)
    assert (list(directory.keys("")), passing(directory)) == ([], [])


def test_of_many_none_is_written_if_one_is_not_over_what_was_found(directory: DirectoryStore) -> None:
    directory.write("b", b"somebody else's")

    with pytest.raises(ObjectChangedError):
        directory.put_all([Put(key, b"body", None) for key in "abc"], map)
    assert (list(directory.keys("")), passing(directory)) == (["b"], [])


def test_what_a_killed_writer_left_is_cleared_away_after_a_day(directory: DirectoryStore) -> None:
    directory.write(KEY, b"old")
    now = time.time()
    for name, age in (
        ("left", directory_store.ABANDONED_SECONDS + 60),
        ("in use", directory_store.ABANDONED_SECONDS - 60),
    ):
        path = directory.root / ".writing" / name
        path.touch()
        os.utime(path, (now - age, now - age))

    DirectoryStore(directory.root).write(KEY, b"new")

    assert [path.name for path in passing(directory)] == ["in use"]


def test_what_a_killed_writer_left_is_cleared_away_by_the_next_one(directory: DirectoryStore) -> None:
    directory.write(KEY, b"old")
    script = (
        "import os, signal, sys; from pathlib import Path; from aws_ssm_fetcher.core.store import directory;"
        "store = directory.DirectoryStore(Path(sys.argv[1]));"
        "directory._rename = lambda new, path: os.kill(os.getpid(), signal.SIGKILL);"
        f"store.write({KEY!r}, b'torn')"
    )
    subprocess.run([sys.executable, "-c", script, str(directory.root)], check=False)  # noqa: S603 - our own
    assert len(passing(directory)) == 1

    DirectoryStore(directory.root).write(KEY, b"new")
    assert (passing(directory), directory.read(KEY).body) == ([], b"new")


def test_what_a_writer_at_work_has_on_its_way_is_left_alone(directory: DirectoryStore) -> None:
    with ExitStack() as at_work:
        at_work.enter_context(directory._passing(KEY, b"on its way"))  # noqa: SLF001 - in mid-write
        DirectoryStore(directory.root).write(KEY, b"new")

        assert [path.read_bytes() for path in passing(directory)] == [b"on its way"]


def test_a_folder_where_an_object_should_be_is_said_at_once(directory: DirectoryStore) -> None:
    (directory.root / KEY).mkdir(parents=True)
    calls: list[Callable[[], object]] = [
        lambda: directory.read(KEY),
        lambda: directory.write(KEY, b""),
        lambda: directory.create(KEY, b""),
        lambda: directory.replace(KEY, b"", "a version"),
    ]
    for call in calls:
        with pytest.raises(StoreError, match=rf"is a folder in {directory.root}, not a file") as raised:
            call()
        assert type(raised.value) is StoreError


@pytest.mark.parametrize("above", ["raw-data", "raw-data/2026", "raw-data/2026/10"])
def test_a_file_where_a_folder_should_be_is_said_by_its_name(directory: DirectoryStore, above: str) -> None:
    file = directory.root / above
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()

    with pytest.raises(StoreError, match=rf": {file} is a file, not a folder\. Move the file away"):
        directory.write("raw-data/2026/10/27/one/inventory.json", b"")


def test_a_writer_that_was_stopped_keeps_others_waiting_for_a_while_and_with_a_word(
    directory: DirectoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.write(KEY, b"old")
    monkeypatch.setattr(directory_store, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(directory_store, "LOCK_SECONDS", 0.2)

    with (
        directory._turn(KEY),  # noqa: SLF001 - what a stopped process holds
        pytest.raises(StoreError, match=r"another process has held its lock for 0 s\. End or"),
    ):
        DirectoryStore(directory.root).write(KEY, b"new")
    assert directory.read(KEY).body == b"old"


def test_a_folder_in_the_place_of_a_document_is_said_where_documents_are_listed(directory: DirectoryStore) -> None:
    directory.write("processed-data/2026/10/26/one/analysis.json", b"{}")
    (directory.root / "processed-data/2026/10/27/another/analysis.json").mkdir(parents=True)

    with pytest.raises(StoreError, match=r"2026/10/27/another/analysis\.json: is a folder in"):
        list(directory.keys("processed-data/"))


def test_a_write_syncs_the_folder_too(directory: DirectoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(directory_store, "_sync_folder", synced.append)

    directory.write("a/b", b"")
    assert synced == [directory.root, directory.root / "a"]


def test_an_object_beyond_the_limit_is_not_read(directory: DirectoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    directory.write(KEY, b"12345")
    monkeypatch.setattr(directory_store, "LARGEST_BYTES", 4)

    with pytest.raises(StoreError, match="is larger than"):
        directory.read(KEY)


def test_without_fcntl_a_directory_is_read_and_written_as_with_it(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['fcntl'] = None; from pathlib import Path;"
        "from aws_ssm_fetcher.core.store.directory import DirectoryStore;"
        "store = DirectoryStore(Path(sys.argv[1]));"
        "store.create('a', b'1'); store.replace('a', b'2', store.read('a').version); store.write('b', b'3');"
        "print(store.read('a').body, [*store.keys('')])"
    )
    ended = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-W", "ignore", "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "b'2' ['a', 'b']\n"


# Interrupted


@pytest.mark.parametrize("call", ["write", "create", "replace", "put_all"])
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # one opened just then is closed when collected
def test_an_interrupt_at_any_line_leaves_the_old_object_or_the_new_one(tmp_path: Path, call: str) -> None:
    """Raise KeyboardInterrupt at the first line of the store's code that runs, then at the second, and so on."""
    old = b"none" if call == "create" else b"old"
    seen = []
    for line in count(1):
        directory = DirectoryStore(tmp_path / str(line))
        directory.write("neighbour", b"")
        if call != "create":
            directory.write(KEY, old)
        interrupted = interrupted_at(line, calls(directory, KEY, b"new", old)[call])
        stands = directory.read(KEY).body if KEY in directory.keys("") else b"none"
        seen.append((stands, len(passing(directory)), interrupted))
        if not interrupted:
            break

    assert (set(seen), seen[-1]) == ({(old, 0, True), (b"new", 0, True), (b"new", 0, False)}, (b"new", 0, False))


def interrupted_at(line: int, call: Callable[[], object]) -> bool:
    """Call, but raise KeyboardInterrupt before the *line*-th line of the store's module; tell if it got that far."""
    left = line

    def trace(frame: FrameType, event: str, _: Any) -> Any:  # noqa: ANN401 - as sys.settrace has it
        nonlocal left
        if frame.f_code.co_filename != directory_store.__file__:
            return None
        left -= event == "line"
        if left == 0:
            sys.settrace(None)
            raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


SIZE: Final = 400_000  # bytes: enough that a body written in place would be met half-written
WRITE_FOREVER: Final = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
print("ready", flush=True)
while True:
    for digit in b"0123456789":
        store.write(KEY, bytes([digit]) * {SIZE})
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT], ids=lambda ending: ending.name)
def test_a_writer_killed_at_its_work_never_leaves_part_of_an_object(
    directory: DirectoryStore, ending: signal.Signals
) -> None:
    directory.write(KEY, b"0" * SIZE)
    seen = []
    for reads in (1, 5, 10, 17, 40):
        with child(WRITE_FOREVER, directory) as writer:
            assert writer.stdout
            writer.stdout.readline()
            seen += [directory.read(KEY).body for _ in range(reads)]
            writer.send_signal(ending)
            writer.communicate()
        seen.append(directory.read(KEY).body)

    assert [body[:20] for body in seen if len(body) != SIZE or len(set(body)) != 1] == []


def test_a_killed_writer_keeps_nobody_waiting(directory: DirectoryStore) -> None:
    die_in_turn = """
import os, signal
with store._turn():
    os.kill(os.getpid(), signal.SIGKILL)
"""
    directory.write(KEY, b"old")

    with child(die_in_turn, directory) as writer:
        writer.communicate()
    finished(child('store.write(KEY, b"new")', directory))

    assert directory.read(KEY).body == b"new"


# In competition

WRITERS: Final = 8
HUNG_SECONDS: Final = 60  # it takes one; what waits for a lock that nobody will free must not wait for ever
ROUNDS: Final = 10


def test_writers_that_compete_by_replace_lose_nothing(directory: DirectoryStore) -> None:
    directory.write("counter", b"0")
    increment = f"""
start()
for _ in range({ROUNDS}):
    while True:
        stored = store.read("counter")
        try:
            store.replace("counter", str(int(stored.body) + 1).encode(), stored.version)
            break
        except ObjectChangedError:
            pass
"""

    compete(increment, directory)

    assert (directory.read("counter").body, passing(directory)) == (str(WRITERS * ROUNDS).encode(), [])


def test_writers_that_compete_by_create_have_one_winner(directory: DirectoryStore) -> None:
    create = f"""
import os
start()
for round in range({ROUNDS}):
    try:
        store.create(f"rounds/{{round}}", str(os.getpid()).encode())
        print(round, os.getpid())
    except ObjectChangedError:
        pass
"""

    wins = sorted(compete(create, directory))

    standing = [f"{number} {directory.read(f'rounds/{number}').body.decode()}" for number in range(ROUNDS)]
    assert wins == sorted(standing)


def test_of_writers_that_compete_with_many_objects_one_writes_them_all(directory: DirectoryStore) -> None:
    put_all = f"""
import os
start()
for round in range({ROUNDS}):
    body = str(os.getpid()).encode()
    try:
        store.put_all([Put(f"rounds/{{round}}/{{place}}", body, None) for place in "abc"], map)
        print(round, os.getpid())
    except ObjectChangedError:
        pass
"""

    wins = sorted(compete(put_all, directory))

    standing = {
        (number, directory.read(f"rounds/{number}/{place}").body.decode())
        for number in range(ROUNDS)
        for place in "abc"
    }
    assert wins == sorted(f"{number} {process}" for number, process in standing)


def compete(code: str, directory: DirectoryStore) -> list[str]:
    """Run that code in eight processes that start together, and give the lines that they print."""
    with ExitStack() as running:
        writers = [running.enter_context(child(code, directory)) for _ in range(WRITERS)]
        for writer in writers:
            assert writer.stdout
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            assert writer.stdin
            writer.stdin.write("go\n")
            writer.stdin.flush()
        return [line for writer in writers for line in finished(writer)]


PREPARED: Final = """
import random
import sys
import time
from pathlib import Path
from aws_ssm_fetcher.core.store import directory
from aws_ssm_fetcher.core.error_handling import ObjectChangedError, StoreError
from aws_ssm_fetcher.core.store.objects import Put

store, KEY = directory.DirectoryStore(Path(sys.argv[1])), sys.argv[2]

def start():
    print("ready", flush=True)
    sys.stdin.readline()
    sys.settrace(dawdle)

def dawdle(frame, event, _):
    # A pause before each line of a create, replace or put_all, so that others come between wherever they can.
    if frame.f_code.co_filename == directory.__file__ and frame.f_code.co_name in ("create", "replace", "put_all"):
        time.sleep(random.random() / 1000)
        return dawdle
"""


def child(code: str, directory: DirectoryStore) -> subprocess.Popen[str]:
    """Start another process that has the same store."""
    return subprocess.Popen(  # noqa: S603 - this very interpreter
        [sys.executable, "-P", "-c", PREPARED + code, str(directory.root), KEY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> list[str]:
    """Wait for the end of a process that is to succeed, and give the lines that it printed."""
    with process:
        try:
            printed, complaint = process.communicate(timeout=HUNG_SECONDS)
        finally:
            process.kill()
    assert (process.returncode, complaint) == (0, "")
    return printed.splitlines()
