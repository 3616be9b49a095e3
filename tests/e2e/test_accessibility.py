"""axe finds nothing on any screen, in any state, in either theme; and nothing is wider than a phone."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from tests.acceptance.conftest import PASSWORD, Teacher
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.screens import SCREENS, Batches, Screen
from tests.factories import a_registration, an_essay

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WRONG = (
    "I recieve a letter from my freind. The wether was beautifull, and we walked to the libary. "
)
_numbers = count(1)


@pytest.fixture(scope="module")
def batches_of(a_teacher: Callable[[], Teacher]) -> dict[str | None, tuple[Teacher, Batches]]:
    """A teacher with a batch in every state, and one who has just begun."""
    teacher, new = a_teacher(), a_teacher()
    essays: dict[str, str | bytes] = {
        f"pupil-{n}.txt": WRONG * (2 + n % 3) + an_essay() for n in range(1, 9)
    }
    bad: dict[str, str | bytes] = {
        "anna.txt": an_essay(WRONG),
        "bo.txt": an_essay(WRONG),
        "cilla.txt": b"",
    }
    done, failing = teacher.hands_in(essays), teacher.hands_in(bad)
    ready, empty = (
        teacher.hands_in({"dan.txt": an_essay(WRONG)}),
        teacher.api.register(a_registration(4)),
    )
    teacher.runs(done)
    teacher.runs(failing)
    teacher.waits_until(ready, "ready")
    batches = Batches(done=done, failing=failing, ready=ready, empty=empty, essay="essay-1")
    return {"teacher": (teacher, batches), "new": (new, batches), None: (new, batches)}


@pytest.fixture(scope="module")
def windows(
    browser: Browser, stack, batches_of: dict[str | None, tuple[Teacher, Batches]]
) -> Iterator[Callable[..., Page]]:
    """Signed-in windows, one context for each person, theme and size."""
    contexts: dict[tuple[object, ...], BrowserContext] = {}

    def open_it(who: str | None, theme: str, size: dict[str, int], locale: str) -> Page:
        key = (who, theme, size["width"], locale)
        if key not in contexts:
            context = contexts[key] = browser.new_context(
                base_url=stack.url,
                color_scheme=theme,
                viewport=size,
                locale=locale,
                reduced_motion="reduce",
            )
            context.set_default_timeout(30_000)
            if who is not None:
                sign_in(context.new_page(), batches_of[who][0].email)
        return contexts[key].new_page()

    yield open_it
    for context in contexts.values():
        context.close()


def sign_in(page: Page, email: str) -> None:
    """Sign in, in whatever language the page has."""
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/batches")
    page.locator("main h1").wait_for()
    page.close()


def shown(screen: Screen, page: Page, batches: Batches, pictures: Path) -> None:
    """Bring a screen onto a page."""
    screen.prepare(page)
    page.goto(screen.address.format(**vars(batches)))
    try:
        page.locator(screen.until).first.wait_for()
    except PlaywrightError:
        page.screenshot(path=pictures / f"failed-{screen.name}.png")
        raise
    if screen.prepare.__qualname__ == "as_it_is":
        page.wait_for_load_state("load")
    screen.act(page)
    page.evaluate("() => Promise.all(document.getAnimations().map(a => a.finished.catch(() => 0)))")


def taken(page: Page, path: Path) -> None:
    """Take a picture of the whole page as one sees it who has not scrolled."""
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=path, full_page=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_axe_finds_nothing(
    screen: Screen,
    theme: str,
    windows: Callable[..., Page],
    batches_of: dict[str | None, tuple[Teacher, Batches]],
    pictures: Path,
) -> None:
    locale = ("en-GB", "sv-SE")[next(_numbers) % 2]
    page = windows(screen.signed_in, theme, DESKTOP, locale)
    shown(screen, page, batches_of[screen.signed_in][1], pictures)

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})

    taken(page, pictures / f"{screen.name}-{theme}.png")
    page.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_phone_shows_all_of_it(
    screen: Screen,
    theme: str,
    windows: Callable[..., Page],
    batches_of: dict[str | None, tuple[Teacher, Batches]],
    pictures: Path,
) -> None:
    locale = ("sv-SE", "en-GB")[next(_numbers) % 2]
    page = windows(screen.signed_in, theme, PHONE, locale)
    shown(screen, page, batches_of[screen.signed_in][1], pictures)

    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    taken(page, pictures / f"{screen.name}-{theme}-phone.png")
    page.close()
    assert too_wide <= 0
