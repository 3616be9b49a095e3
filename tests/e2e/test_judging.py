"""A person judges pairs with the keyboard alone, and finds what they said in the ranking."""

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import Teacher, eventually
from tests.e2e.conftest import OpenWindow
from tests.e2e.hands import Keyboard
from tests.e2e.test_the_way_of_a_teacher import LOCALES, sign_in
from tests.e2e.words import Words
from tests.factories import an_essay

TEXTS = {
    f"pupil-{n}.txt": an_essay(f"This is number {n}, about a challenge. " * n) for n in range(1, 7)
}
READING = "00:20"
_SHOWN = "[...document.querySelectorAll('[data-pane]')].map(pane => pane.textContent).join('|')"


@pytest.mark.parametrize("language", ["en", "sv"])
def test_pairs_are_judged_without_a_mouse(
    language: str, open_window: OpenWindow, teacher: Teacher
) -> None:
    batch = teacher.hands_in(dict(TEXTS))
    teacher.runs(batch, "cj_assessment")
    page = open_window(locale=LOCALES[language])
    page.clock.install()
    say, hand = Words(language), Keyboard(page)
    sign_in(page, say, hand, teacher)

    page.goto(f"/batches/{batch}")
    hand.press(page.get_by_role("link", name=say("batch.ranking"), exact=True))
    expect(page.get_by_text(say("ranking.estimate"))).to_be_visible()
    hand.press(page.get_by_role("link", name=say("ranking.judging")))
    first = reads(page)
    page.keyboard.press("1")
    page.keyboard.press("ArrowLeft")
    second = reads(page, after=first)
    page.keyboard.press("ArrowRight")
    third = reads(page, after=second)
    page.keyboard.press("u")
    assert reads(page, after=third) == second
    page.keyboard.press("x")
    hand.press(page.get_by_role("dialog").get_by_role("button", name=say("judging.cannot")))
    reads(page, after=second)

    decisions = teacher.http.get(
        f"/v1/batches/{batch}/decisions", params={"kind": "person", "sort": "decided_at"}
    ).json()["items"]
    assert [(each["choice"], each["reasons"]) for each in decisions] == [
        ("left", ["content"]),
        ("invalid", []),
    ]
    hand.press(page.get_by_role("link", name=say("judging.ranking")))
    judges = page.get_by_role("region", name=say("ranking.judges"), exact=True)
    expect(judges.get_by_role("rowheader", name="T. Eacher")).to_be_visible()


def test_a_double_click_decides_once(open_window: OpenWindow, teacher: Teacher) -> None:
    batch = teacher.hands_in(dict(TEXTS))
    teacher.runs(batch, "cj_assessment")
    page = open_window()
    page.clock.install()
    say = Words("en")
    sign_in(page, say, Keyboard(page), teacher)
    page.goto(f"/batches/{batch}/judging")
    first = reads(page)

    page.get_by_role("button", name=say("judging.choose.left")).dblclick()
    reads(page, after=first)

    decided = eventually(lambda: count(teacher, batch), "the decision has been made")
    assert decided == 1


def reads(page: Page, *, after: str | None = None) -> str:
    """Take one's time over the pair that is shown; both texts.

    Args:
        after: the pair that was shown before, and is not to be read again.
    """
    page.wait_for_function(f"before => {_SHOWN} && {_SHOWN} !== before", arg=after)
    page.clock.fast_forward(READING)
    return str(page.evaluate(_SHOWN))


def count(teacher: Teacher, batch: str) -> int:
    """How many decisions of persons there are."""
    found = teacher.http.get(f"/v1/batches/{batch}/decisions", params={"kind": "person"})
    return len(found.json()["items"])
