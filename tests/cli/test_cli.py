from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import contents, exit_code
from queues import subscription
from s3_servers import moto_server
from small_bundle import bundle_of, write_bundle
from some_news import ONE_OF_EACH_KIND, analysis_of

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.outputs.manifest import load_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMMAND = [sys.executable, "-m", "small_bundle"]
SUPPORT = Path(__file__).parents[1] / "support"
NO_ACCOUNT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
    "AWS_EC2_METADATA_DISABLED": "true",
    "LOG_LEVEL": "WARNING",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "PYTHONPATH": str(SUPPORT),
}


@pytest.fixture(scope="module", autouse=True)
def _small_bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run over a smaller bundle, in this process and in those that are started."""
    folder = tmp_path_factory.mktemp("bundle")
    write_bundle(folder)
    with bundle_of(folder), pytest.MonkeyPatch.context() as patch:
        patch.setitem(NO_ACCOUNT, "SMALL_BUNDLE", str(folder))
        yield


def started(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    """Start the command as a process of its own."""
    return subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, *map(str, arguments)],
        env=NO_ACCOUNT | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def said_to_a_full_disk(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where its output cannot be written."""
    with Path("/dev/full").open("w") as full:
        return subprocess.run(  # noqa: S603 - our own command
            [*COMMAND, *arguments],
            env=NO_ACCOUNT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )


def test_wrong_usage_exits_2_even_where_nothing_can_be_said() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "nosuch"], env=NO_ACCOUNT, stderr=full, check=False)  # noqa: S603 - our own command

    assert done.returncode == 2


@pytest.mark.parametrize("question", ["history growth", "history service s3", "history as-of 2025-01-01 --json"])
def test_a_question_whose_answer_nobody_can_hear_is_answered_all_the_same(tmp_path: Path, question: str) -> None:
    command = shlex.join([*COMMAND, *question.split(), "--store", str(tmp_path)])
    done = subprocess.run(  # noqa: S602 - our own command, of which the shell closes the output
        f"{command} >&-", shell=True, env=NO_ACCOUNT, stderr=subprocess.PIPE, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def is_whole(store: Path) -> str:
    """Check that ``reports/latest/`` is of one run, file by file; give that run."""
    latest = store / "reports/latest"
    manifest = load_manifest((latest / "manifest.json").read_bytes(), "manifest.json")
    assert all((latest / f.name).read_bytes() == (store / f.key).read_bytes() for f in manifest.files)
    names = {"api", "feeds", "manifest.json", *(file.name for file in manifest.files)}
    assert {path.name for path in latest.iterdir()} == names
    return manifest.run_id


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store after one run, to be copied."""
    store = tmp_path_factory.mktemp("finished") / "store"
    assert exit_code("run", "--quiet", "--store", store) == 0
    return store


@pytest.fixture
def store(finished: Path, tmp_path: Path) -> Path:
    """A store of one's own after one run."""
    return Path(shutil.copytree(finished, tmp_path / "store"))


def test_the_three_stages_one_by_one_leave_what_run_leaves(tmp_path: Path, finished: Path) -> None:
    for stage in ("fetch", "process", "report"):
        assert exit_code(stage, "--quiet", "--store", tmp_path) == 0

    assert contents(tmp_path) == contents(finished)


def test_a_second_run_with_the_same_run_id_leaves_every_byte_as_it_was_and_quiet_says_nothing(
    store: Path, finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code("run", "--quiet", "--store", store, "--run-id", "20261027T000000Z")

    assert capsys.readouterr() == ("", "")
    assert contents(store) == contents(finished)


def test_a_stage_processes_the_run_it_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for run_id in ("one", "two"):
        exit_code("fetch", "--quiet", "--store", tmp_path, "--run-id", run_id)

    assert exit_code("process", "--json", "--store", tmp_path, "--run-id", "one") == 0
    assert json.loads(capsys.readouterr().out)["run_id"] == "one"


@pytest.mark.parametrize(
    ("command", "advice"), [("process", "aws-ssm-fetcher fetch"), ("report", "aws-ssm-fetcher process")]
)
def test_a_stage_without_its_document_says_which_command_makes_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, advice: str
) -> None:
    assert exit_code(command, "--store", tmp_path) == 1

    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert advice in err
    assert str(tmp_path) in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--source", "elsewhere"],
        ["run", "--run-id", "../out"],
        ["run", "--run-id", "a" * 65],
        ["run", "--ssm-region", "Frankfurt"],
        ["run", "--nonsense"],
        ["nonsense"],
    ],
)
def test_wrong_usage_exits_2_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert exit_code(*arguments) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_document_that_is_broken_is_refused_in_one_line_and_as_json_if_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "raw-data/2026/10/27/r/inventory.json"
    (tmp_path / key).parent.mkdir(parents=True)
    (tmp_path / key).write_text('{"document": "inventory", "version": "1.0", "run_id"')

    assert exit_code("process", "--store", tmp_path) == 1
    assert f"Error: {key}: expected inventory document, version 1.x, found JSON cut off" in capsys.readouterr().err
    assert exit_code("process", "--store", tmp_path, "--json") == 1
    assert json.loads(capsys.readouterr().err)["error"]["kind"] == "DocumentRefusedError"


def test_without_credentials_aws_is_not_read_and_one_line_says_what_to_do(tmp_path: Path) -> None:
    code, out, err = ended(started("run", "--source", "aws", "--store", tmp_path))

    assert (code, out) == (1, "")
    assert err == (
        "Error: No usable AWS credentials. Sign in (aws configure, aws sso login, or AWS_PROFILE), "
        "or use --source bundled, which needs no account.\n"
    )
    assert contents(tmp_path) == {}


def test_a_profile_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    code, _, err = ended(started("run", "--source", "aws", "--store", tmp_path, AWS_PROFILE="nobody"))

    assert (code, err.count("\n")) == (1, 1)
    assert "nobody" in err


def test_two_runs_at_once_on_one_store_both_end_with_whole_reports(tmp_path: Path) -> None:
    processes = [started("run", "--quiet", "--store", tmp_path, "--run-id", name) for name in ("one", "two")]

    assert [ended(process) for process in processes] == [(0, "", ""), (0, "", "")]
    assert is_whole(tmp_path) in {"one", "two"}
    for name in ("one", "two"):
        folder = tmp_path / "reports/2026/10/27" / name
        manifest = load_manifest((folder / "manifest.json").read_bytes(), name)
        assert all((folder / file.name).stat().st_size == file.bytes for file in manifest.files)


def test_ctrl_c_ends_with_130_and_leaves_nothing_half_written(store: Path, finished: Path) -> None:
    process = started("run", "--store", store, LOG_LEVEL="INFO")
    assert process.stderr is not None
    process.stderr.readline()  # the first stage is done, the others are not
    process.send_signal(signal.SIGINT)

    code, out, err = ended(process)
    assert (code, out) == (130, "")
    assert "Interrupted: what was written before stays as it was, nothing is half-written." in err
    assert "Traceback" not in err
    assert contents(store) == contents(finished)


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["fetch", "-h"], ["--version"]])
def test_help_and_version_are_given(capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> None:
    assert exit_code(*arguments) == 0
    assert capsys.readouterr().out


def test_a_reader_that_hears_only_the_first_line_is_no_failure(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, "run", "--store", str(tmp_path)],
        env=NO_ACCOUNT,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, "")
    assert is_whole(tmp_path)


def test_output_that_cannot_be_written_is_said_in_one_line(store: Path) -> None:
    output = "the output cannot be written: No space left on device."
    for options, messages in (
        ([], f"Error: {output}\n"),
        (["--json"], json.dumps({"error": {"kind": "OutputError", "message": output, "advice": ""}}) + "\n"),
    ):
        done = said_to_a_full_disk("report", "--store", str(store), *options)

        assert (done.returncode, done.stderr) == (1, messages)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied", "/a/file"), "/a/file: Permission denied."),
        (PermissionError(13, "Permission denied", b"/a/\xff"), "/a/\ufffd: Permission denied."),
        (OSError("no such certificate:\n/a/file."), "no such certificate: /a/file."),
    ],
    ids=["named", "named in bytes", "unnumbered"],
)
def test_what_the_system_refuses_elsewhere_is_not_said_of_the_output(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    message: str,
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(DirectoryStore, "written", refuse)
    assert exit_code("fetch", "--quiet", "--store", tmp_path) == 0

    assert exit_code("process", "--json", "--store", tmp_path) == 1
    output = json.loads(capsys.readouterr().err)["error"]
    assert output == {"kind": "SystemRefusedError", "message": message, "advice": ""}
    assert exit_code("process", "--store", tmp_path) == 1
    assert capsys.readouterr().err == f"Error: {message}\n".replace("\udcff", "\ufffd")


def test_a_narrow_alphabet_is_no_failure(tmp_path: Path) -> None:
    code, out, err = ended(started("run", "--store", tmp_path / "ö €", PYTHONIOENCODING="ascii"))

    assert (code, err) == (0, "")
    assert "ö €/reports/latest/" in out


def test_an_empty_run_id_is_not_taken_for_none(tmp_path: Path) -> None:
    assert exit_code("run", "--run-id", "", "--store", tmp_path) == 2


def test_a_report_that_latest_does_not_follow_is_shown_where_it_is(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    latest = store / "reports/latest/manifest.json"
    manifest = json.loads(latest.read_text())
    latest.write_text(json.dumps(manifest | {"taken": "2026-11-01T00:00:00Z"}))

    exit_code("run", "--store", store)
    out = capsys.readouterr().out
    assert f"{store}/reports/2026/10/27/20261027T000000Z/" in out
    assert "reports/latest/ stays with run 20261027T000000Z of 2026-11-01, whose snapshot is newer" in out


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_topic_is_reported_if_one_is_set_and_the_summary_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    analysis = analysis_of(*ONE_OF_EACH_KIND)
    DirectoryStore(tmp_path).write("processed-data/a/analysis.json", run_documents.dump_analysis(analysis))
    with moto_server() as endpoint:
        subscribed = subscription(endpoint)
        for name, value in {
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_ENDPOINT_URL_SNS": endpoint,
            "NOTIFICATION_TOPIC_ARN": subscribed.topic,
        }.items():
            monkeypatch.setenv(name, value)

        codes = [exit_code("report", "--store", tmp_path) for _ in range(2)]
        messages = subscribed.received()

    printed = capsys.readouterr().out
    scopes = [json.loads(message["MessageAttributes"]["scope"]["Value"]) for message in messages]
    assert (codes, sorted(scopes)) == ([0, 0], [["all"], ["region"], *[["service"]] * 5])
    assert printed.count(" Notified  subscribers, of 10 changes") == 2


def test_with_credentials_of_a_profile_that_is_not_there_the_report_is_made_and_the_failure_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    DirectoryStore(tmp_path).write(
        "processed-data/a/analysis.json", run_documents.dump_analysis(analysis_of(*ONE_OF_EACH_KIND))
    )
    monkeypatch.setenv("AWS_PROFILE", "nobodys")
    monkeypatch.setenv("NOTIFICATION_TOPIC_ARN", "arn:aws:sns:eu-west-1:123456789012:changes")

    assert exit_code("report", "--store", tmp_path) == 1
    assert "changes: ProfileNotFound. Check that SNS" in capsys.readouterr().err
    assert (tmp_path / "reports/latest/manifest.json").exists()


def test_a_topic_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTIFICATION_TOPIC_ARN", "arn:aws:sns:eu-west-1:123456789012:changes.fifo")

    assert exit_code("report", "--store", tmp_path) == 2


@pytest.mark.parametrize(
    ("stage", "following"),
    [("fetch", "aws-ssm-fetcher process"), ("process", "aws-ssm-fetcher report"), ("report", None)],
)
def test_a_stage_says_which_one_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stage: str, following: str | None
) -> None:
    root = tmp_path / "a store"
    for earlier in ("fetch", "process", "report")[: ("fetch", "process", "report").index(stage)]:
        exit_code(earlier, "--quiet", "--store", root)
    capsys.readouterr()

    exit_code(stage, "--store", root)
    output = [line.split(maxsplit=1)[1] for line in capsys.readouterr().out.splitlines() if line.startswith(" Next")]
    assert output == ([f"{following} --store '{root}'"] if following else [])
