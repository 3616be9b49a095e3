"""From signing in to the next pupil's essay: with the mouse and with the keyboard alone, in both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import PASSWORD, Teacher
from tests.e2e.conftest import OpenWindow
from tests.e2e.hands import Hand, Keyboard, Mouse
from tests.e2e.words import Words

LOCALES = {"en": "en-GB", "sv": "sv-SE"}
COURSES = {"en": "ENG5", "sv": "SV1"}
SENTENCES = {
    "en": "I recieve a letter from my freind every week. The wether was beautifull and we walked to the libary. ",
    "sv": "Jag brukar promenera till skolan varje morgon. Det var en vaker dag och vi badade i sjön tillsamans. ",
}
PUPILS = 30
BAD = "blank.txt"


def a_class(language: str) -> list[tuple[str, str]]:
    """Thirty files, one of which has nothing in it."""
    essays = [
        (f"pupil-{number:02}.txt", SENTENCES[language] * (1 + number % 3))
        for number in range(1, PUPILS)
    ]
    return [*essays, (BAD, "")]


@pytest.mark.parametrize("hand_of", [Mouse, Keyboard])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_class_from_signing_in_to_the_next_essay(
    language: str, hand_of: Callable[[Page], Hand], open_window: OpenWindow, teacher: Teacher
) -> None:
    page = open_window(locale=LOCALES[language])
    say, hand = Words(language), hand_of(page)

    sign_in(page, say, hand, teacher)
    hand_in(page, say, hand, language)
    watch(page, say, hand)
    read(page, say, hand)


def sign_in(page: Page, say: Words, hand: Hand, teacher: Teacher) -> None:
    page.goto("/")
    hand.write(page.get_by_label(say("auth.email")), teacher.email)
    hand.write(page.get_by_label(say("auth.password")), PASSWORD)
    hand.press(page.get_by_role("button", name=say("auth.submit")))
    expect(page.get_by_role("heading", level=1)).to_have_text(say("batches.title"))
    assert page.evaluate("document.documentElement.lang") == say.language


def hand_in(page: Page, say: Words, hand: Hand, language: str) -> None:
    hand.press(page.get_by_role("link", name=say("app.nav.new"), exact=True).first)
    hand.hand_over(
        page.get_by_role("group", name=say("handIn.drop.label")),
        page.get_by_role("button", name=say("handIn.drop.files")),
        a_class(language),
    )
    expect(page.get_by_label(say("handIn.new.essays"), exact=True)).to_have_value(str(PUPILS))
    hand.choose(page.get_by_label(say("handIn.new.course"), exact=True), COURSES[language])
    hand.write(page.get_by_label(say("handIn.new.class"), exact=True), "EN1B")
    # Ranking needs to know what was to be written.
    task = page.get_by_label(say("handIn.new.instructions"), exact=True)
    hand.write(task, "Write about a day that you remember.")
    hand.press(page.get_by_role("button", name=say.like("handIn.new.submit")))


def watch(page: Page, say: Words, hand: Hand) -> None:
    grid = page.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", str(PUPILS + 1))
    expect(page.get_by_text(say("status.completed_with_failures")).first).to_be_visible()

    hand.press(page.get_by_role("link", name=say("batch.step.files.do")))
    bad = page.get_by_role("listitem").filter(has_text=BAD)
    expect(bad).to_contain_text(say("failure.empty"))
    expect(bad).to_contain_text(say("failure.empty.do"))
    hand.press(page.get_by_role("link", name=say("handIn.goOn")))

    hand.press(page.get_by_role("link", name=say("batch.readResults")))


def read(page: Page, say: Words, hand: Hand) -> None:
    table = page.get_by_role("table", name=say("results.caption"))
    expect(table).to_contain_text("pupil-01.txt")
    expect(page.get_by_text(say.like("results.failed")).first).to_be_visible()
    hand.press(page.get_by_role("link", name="pupil-01.txt").first)

    expect(page.get_by_role("region", name=say("essay.text"))).to_be_visible()
    card = page.get_by_label(say("essay.error"), exact=True)
    page.keyboard.press("j")
    first = card.inner_text()
    page.keyboard.press("j")
    expect(card).not_to_have_text(first)
    assert page.evaluate("document.activeElement.dataset.error") is not None

    hand.press(page.get_by_role("link", name=say("essay.next", name="pupil-02.txt")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("pupil-02")
