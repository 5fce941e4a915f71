"""The page in a real browser: each test ends with nothing on the console and nothing asked of the network."""

from __future__ import annotations

import base64
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.outputs.page import PAGE, page_file
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from aws_ssm_fetcher.core.model.analysis import Analysis

PROGRAMS: Final = ("chromium", "google-chrome")
FLAGS: Final = (
    "--no-sandbox",  # containers have no user namespaces
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WAIT_MS: Final = 10_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is asked for

    result = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert result, f"None of {', '.join(PROGRAMS)} is installed"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=result, args=[*FLAGS])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], Path]:
    """Return a function that writes a page to a folder of its own, as a report does."""

    def write(body: bytes) -> Path:
        path = tmp_path_factory.mktemp("latest") / PAGE
        path.write_bytes(body)
        return path

    return write


@pytest.fixture(scope="session")
def tracked(real_run: MemoryStore) -> Analysis:
    """The analysis of the bundled snapshot with the changes that the bundled history shows."""
    store = MemoryStore()
    for key in real_run.keys(keys.RAW_DATA):
        store.write(key, real_run.read(key).body)
    inventory = next(key for key in store.keys(keys.RAW_DATA) if key.endswith(keys.INVENTORY))
    key = process(store, inventory, past=bundled_history()).key
    return run_documents.load_analysis(store.read(key).body, key)


@pytest.fixture(scope="session")
def real_page(tracked: Analysis, written: Callable[[bytes], Path]) -> Path:
    """The page of the bundled snapshot and its history."""
    return written(page_file(tracked, load_history(bundled_history(), "bundled")))


@pytest.fixture
def opened(browser: Browser, real_page: Path) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the page at an address, at 1440 by 900 by default."""
    contexts: list[Any] = []
    output: list[str] = []
    asked: list[str] = []

    def open_page(
        address: str = "", *, path: Path = real_page, width: int = 1440, height: int = 900, **options: str
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page: Page = context.new_page()
        page.on("console", lambda message: output.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: output.append(f"error: {error}"))
        page.on("dialog", lambda dialog: output.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{path.as_uri()}{address}")
        page.wait_for_selector("#tabs a[aria-current]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert output == []
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []
    assert {url.partition("#")[0].rpartition("/")[2] for url in asked if url.startswith("file:")} <= {PAGE}


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    from axe_playwright_python.base import AXE_FILE_PATH  # noqa: PLC0415 - comes with the browser's tools

    source: str = AXE_FILE_PATH.read_text()
    return source


@pytest.fixture(scope="session")
def encoded() -> Callable[[str], str]:
    """Return a function that writes a text in Base64."""
    return lambda text: base64.b64encode(text.encode()).decode()
