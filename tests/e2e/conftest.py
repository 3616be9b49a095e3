"""A real browser in front of the whole system.

The browser is Debian's Chromium, or what `HULEEDU_CHROMIUM` names. Without one these tests fail: looking at what
people see is not optional.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# The same system and the same teachers as in the acceptance tests.
from tests.acceptance.conftest import (
    PASSWORD,
    Teacher,
    a_teacher,
    eventually,
    stack,
    system,
    teacher,
)

__all__ = [
    "PASSWORD",
    "Teacher",
    "a_teacher",
    "eventually",
    "stack",
    "system",
    "teacher",
]

CANDIDATES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever the page asks for, no name but the loopback's is looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 740}
WITHIN_MS = 30_000


def chromium() -> str:
    """Where the browser is; the test fails where there is none."""
    named = os.environ.get("HULEEDU_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CANDIDATES)), None)
    if found is None:
        pytest.fail(
            "There is no Chromium. Install it (Debian: apt-get install chromium),"
            " or name one in HULEEDU_CHROMIUM."
        )
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each opens windows of its own."""
    # Chromium's sandbox cannot be made by root.
    sandbox = () if os.geteuid() else ("--no-sandbox",)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, *sandbox])
        expect.set_options(timeout=WITHIN_MS)
        yield browser
        browser.close()


OpenWindow = Callable[..., Page]


@pytest.fixture
def open_window(browser: Browser, stack, request: pytest.FixtureRequest) -> Iterator[OpenWindow]:
    """Open a window that knows nobody; whatever a page logs as an error fails the test.

    Its options are Playwright's for a context: `locale`, `color_scheme`, `viewport` …
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_it(*, tolerates: tuple[str, ...] = (), **options: object) -> Page:
        context = browser.new_context(
            base_url=stack.url,
            **{"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce", **options},
        )
        context.set_default_timeout(WITHIN_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: (
                errors.append(said.text)
                if said.type == "error" and not any(word in said.text for word in tolerates)
                else None
            ),
        )
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert not errors, "\n".join(errors)


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go to be looked at."""
    place = Path(__file__).resolve().parents[2] / "build" / "pictures"
    place.mkdir(parents=True, exist_ok=True)
    return place
