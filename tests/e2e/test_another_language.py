"""An essay in another language than its course: warned of, read in its own, and checked."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Teacher
from tests.e2e.conftest import OpenWindow
from tests.e2e.hands import Keyboard
from tests.e2e.test_the_way_of_a_teacher import LOCALES, sign_in
from tests.e2e.words import Words

ESSAYS = {
    "sv": "Jag gick till skolan och träffade mina vänner, som inte hade läst sina lexor. Vi satt där"
    " hela dagen och pratade om sommaren, och om min family, och om alot som vi ville göra. ",
    "en": "I went to school and met my friends, who had not done their homwork. We sat there all day"
    " and talked about the summer, and about my kompis, and about alot we wanted to do. ",
}
COURSE = {"en": "ENG5", "sv": "SV1"}
OTHER = {"en": "sv", "sv": "en"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_an_essay_is_read_in_its_own_language(
    language: str, theme: str, open_window: OpenWindow, teacher: Teacher, pictures: Path
) -> None:
    other = OTHER[language]
    texts: dict[str, str | bytes] = {
        "pupil-1.txt": ESSAYS[language],
        "pupil-2.txt": ESSAYS[other] * 2,
    }
    batch = teacher.hands_in(texts, course_code=COURSE[language])
    teacher.runs(batch)
    page = open_window(locale=LOCALES[language], color_scheme=theme)
    say, hand = Words(language), Keyboard(page)
    sign_in(page, say, hand, teacher)

    page.goto(f"/batches/{batch}")
    expect(page.get_by_text(say.like("batch.otherLanguages")).first).to_be_visible()
    take(page, pictures / f"other-languages-{language}-{theme}.png")
    hand.press(page.get_by_role("link", name="pupil-2.txt").first)

    warning = say("essay.other", language=say(f"language.{other}"))
    expect(page.get_by_text(warning)).to_be_visible()
    expect(page.locator("[data-error]")).to_have_count(0)
    take(page, pictures / f"other-language-{language}-{theme}.png")
    hand.press(
        page.get_by_role("button", name=say("essay.other.read", language=say(f"language.{other}")))
    )
    outdated = page.get_by_text(
        say("essay.outdated", language=say(f"language.{language}")), exact=True
    )
    expect(outdated).to_be_visible()
    expect(page.get_by_label(say("essay.language"), exact=True)).to_have_value(other)
    take(page, pictures / f"outdated-language-{language}-{theme}.png")

    teacher.runs(batch)

    expect(outdated).to_have_count(0)
    expect(page.locator("[data-error]").first).to_be_visible()
    take(page, pictures / f"own-language-{language}-{theme}.png")

    page.goto(f"/batches/{batch}/essays/essay-1")
    expect(page.locator("[data-kind=foreign]").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    take(page, pictures / f"foreign-word-{language}-{theme}.png")


def take(page: Page, path: Path) -> None:
    page.screenshot(path=path, full_page=True)
