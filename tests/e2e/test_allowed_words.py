"""A word that is no error in one class: unmarked everywhere at once, and marked again by whoever takes that back."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.acceptance.conftest import Teacher
from tests.e2e.conftest import OpenWindow
from tests.e2e.hands import Keyboard
from tests.e2e.test_the_way_of_a_teacher import LOCALES, sign_in
from tests.e2e.words import Words
from tests.factories import an_essay

ESSAYS = {
    "en": [
        "I recieve a letter. We recieve it, my freind, and it is beautifull to recieve it. ",
        "They recieve a letter from a freind. ",
        "All is well with the libary, and with my freind. ",
    ],
    "sv": [
        "Jag träffade min kommpis och en annan kommpis, och det var rolligt. ",
        "Min kommpis är här. ",
        "Det var rolligt med alla böckerna. ",
    ],
}
WORD = {"en": "recieve", "sv": "kommpis"}
COURSE = {"en": "ENG5", "sv": "SV1"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_word_is_unmarked_in_the_whole_class_and_marked_again(
    language: str, theme: str, open_window: OpenWindow, teacher: Teacher, pictures: Path
) -> None:
    texts: dict[str, str | bytes] = {
        f"pupil-{n}.txt": text + (an_essay() if language == "en" else text * 3)
        for n, text in enumerate(ESSAYS[language], start=1)
    }
    batch = teacher.hands_in(texts, course_code=COURSE[language])
    teacher.runs(batch)
    page = open_window(locale=LOCALES[language], color_scheme=theme)
    say, hand = Words(language), Keyboard(page)
    sign_in(page, say, hand, teacher)

    page.goto(f"/batches/{batch}")
    chart = page.get_by_role("region", name=say("batch.spelling"))
    expect(chart.locator("svg")).to_contain_text(WORD[language])
    take(page, pictures / f"spelling-summary-{language}-{theme}.png")

    page.goto(f"/batches/{batch}/essays/essay-1")
    expect(marks(page, WORD[language]).first).to_be_visible()
    page.keyboard.press("j")
    take(page, pictures / f"allow-a-word-{language}-{theme}.png")
    hand.press(page.get_by_role("button", name=say("essay.allow")))
    undo = page.get_by_role("button", name=say("essay.allow.undo"))
    expect(undo).to_be_focused()
    expect(marks(page, WORD[language])).to_have_count(0)
    take(page, pictures / f"allowed-a-word-{language}-{theme}.png")

    page.keyboard.press("Enter")
    expect(marks(page, WORD[language]).first).to_be_focused()
    hand.press(page.get_by_role("button", name=say("essay.allow")))
    expect(undo).to_be_focused()

    page.goto(f"/batches/{batch}/essays/essay-2")
    expect(page.get_by_role("region", name=say("essay.text"))).to_contain_text(WORD[language])
    expect(marks(page, WORD[language])).to_have_count(0)
    page.goto(f"/batches/{batch}")
    expect(chart.locator("svg")).to_be_visible()
    expect(chart.locator("svg")).not_to_contain_text(WORD[language])


def marks(page: Page, word: str) -> Locator:
    return page.locator("[data-error]").filter(has_text=word)


def take(page: Page, path: Path) -> None:
    page.screenshot(path=path, full_page=True)
