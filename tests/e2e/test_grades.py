"""From a ranking to grades: a scale, essays whose grade is known, suggestions, and the teacher's word on them."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.acceptance.conftest import Teacher
from tests.e2e.conftest import DESKTOP, PHONE, OpenWindow
from tests.e2e.hands import Keyboard
from tests.e2e.test_the_way_of_a_teacher import LOCALES, sign_in
from tests.e2e.words import Words

# From a few sentences to many: the built-in judge can tell them apart.
TEXTS: dict[str, str | bytes] = {
    f"pupil-{n}.txt": " ".join(f"We met number {n} by the old river {k}." for k in range(2 + 3 * n))
    for n in range(1, 9)
}
THEMES = {"en": "dark", "sv": "light"}
SIZES = {"en": DESKTOP, "sv": PHONE}


@pytest.mark.parametrize("language", ["en", "sv"])
def test_known_grades_grade_the_others_and_the_teacher_has_the_last_word(
    language: str, open_window: OpenWindow, teacher: Teacher, pictures: Path
) -> None:
    batch = teacher.hands_in(dict(TEXTS))
    teacher.runs(batch, "cj_assessment")
    page = open_window(
        locale=LOCALES[language], color_scheme=THEMES[language], viewport=SIZES[language]
    )
    say, hand = Words(language), Keyboard(page)
    sign_in(page, say, hand, teacher)
    page.goto(f"/batches/{batch}/ranking")

    expect(page.get_by_text(say("ranking.only"))).to_be_visible()
    hand.choose(page.get_by_label(say("ranking.scale"), exact=True), "swedish_a_f")
    hand.press(page.get_by_role("button", name=say("ranking.scale.use")))
    expect(page.get_by_text(say("ranking.grades.whyNot.no_anchors"))).to_be_visible()
    for place, grade in ((-1, "E"), (-1, "E"), (0, "A"), (0, "A")):
        knows(page, say, hand, place, grade)
    expect(page.get_by_text(say("ranking.grades.known", grade="A"))).to_have_count(2)
    expect(page.get_by_text(say("ranking.only"))).to_have_count(0)

    first, second = of_the_teacher(page).nth(0), of_the_teacher(page).nth(1)
    suggested = first.get_by_role("button").inner_text()[-1]
    hand.press(first.get_by_role("button"))
    expect(first.get_by_text(say("ranking.grades.way.approved"))).to_be_visible()
    hand.choose(second.get_by_role("combobox"), "C")
    hand.press(second.get_by_role("button"))
    expect(second.get_by_text(say.like("ranking.grades.way.override"))).to_be_visible()
    page.screenshot(path=pictures / f"grades-{language}.png", full_page=True)

    page.reload()

    expect(first.get_by_role("combobox")).to_have_value(suggested)
    expect(second.get_by_role("combobox")).to_have_value("C")
    assert overrides(teacher, batch) == [False, True]
    approves_the_rest(page, say, hand)
    expect(page.get_by_role("button", name=say.like("ranking.grades.approve"))).to_have_count(0)
    assert len(overrides(teacher, batch)) == len(TEXTS) - 4


def knows(page: Page, say: Words, hand: Keyboard, place: int, grade: str) -> None:
    """Say the grade of the first or the last essay whose grade is not known yet."""
    known = page.get_by_role("button", name=say.like("ranking.anchors.remove"))
    before = known.count()
    essay = page.get_by_label(say("ranking.anchors.essay"), exact=True)
    ids = essay.evaluate("select => [...select.options].map(each => each.value).filter(Boolean)")
    hand.choose(essay, ids[place])
    hand.choose(page.get_by_label(say("ranking.anchors.grade"), exact=True), grade)
    hand.press(page.get_by_role("button", name=say("ranking.anchors.add"), exact=True))
    expect(known).to_have_count(before + 1)


def of_the_teacher(page: Page) -> Locator:
    """The essays on whose grade the teacher decides, the best first."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("combobox"))


def approves_the_rest(page: Page, say: Words, hand: Keyboard) -> None:
    """Approve what is left; where some of it is unsure, that is asked about once."""
    is_unsure = page.get_by_text(say.like("ranking.grades.unsure")).count() > 0
    hand.press(page.get_by_role("button", name=say.like("ranking.grades.approve.all")).first)
    if is_unsure:
        hand.press(page.get_by_role("button", name=say.like("ranking.grades.approve.sure")))


def overrides(teacher: Teacher, batch: str) -> list[bool]:
    """Of each grade that was decided, whether it is another than was suggested."""
    decided = teacher.http.get(f"/v1/batches/{batch}/grading").json()["grades"]
    return sorted(each["is_override"] for each in decided)
