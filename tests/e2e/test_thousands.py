"""A batch of 5,000 essays: all of them can be reached, and only what is in view is in the document."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from app.services.deps import Deps
from tests.acceptance.conftest import Teacher
from tests.e2e import crowd
from tests.e2e.conftest import OpenWindow
from tests.e2e.hands import Mouse
from tests.e2e.test_the_way_of_a_teacher import SENTENCES, sign_in
from tests.e2e.words import Words

say = Words("en")
MANY = 5000
MOST_ROWS = 80


@pytest.fixture(scope="module")
def many(a_teacher, system: Deps) -> tuple[Teacher, str]:
    """A teacher with 5,000 essays that are done."""
    teacher: Teacher = a_teacher()
    batch = teacher.hands_in({"pupil.txt": SENTENCES["en"] * 3})
    teacher.runs(batch)
    crowd.multiply(UUID(batch), MANY, system)
    return teacher, batch


@pytest.fixture
def page(many: tuple[Teacher, str], open_window: OpenWindow) -> Page:
    """A window of that teacher."""
    page = open_window()
    sign_in(page, say, Mouse(page), many[0])
    return page


def rows(page: Page) -> int:
    return page.locator("[role=row], tbody tr").count()


def test_the_grid_goes_from_the_first_to_the_last(page: Page, many: tuple[Teacher, str]) -> None:
    page.goto(f"/batches/{many[1]}")
    grid = page.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", str(MANY + 1))

    page.locator("[data-at='0 0']").focus()
    page.keyboard.press("Control+End")

    expect(page.locator(f"[data-at^='{MANY - 1} ']").first).to_be_visible()
    assert rows(page) < MOST_ROWS


def test_the_list_sorts_and_finds_among_all(page: Page, many: tuple[Teacher, str]) -> None:
    page.goto(f"/batches/{many[1]}/results")
    table = page.get_by_role("table", name=say("results.caption"))
    expect(table).to_be_visible()
    expect(page.get_by_text("5,000 of 5,000 essays", exact=True)).to_be_visible()

    words = table.get_by_role("columnheader").filter(has_text=say("measure.words.title"))
    words.get_by_role("button").first.click()

    fewest_or_most = re.compile(r"Done(100|499)")
    first = table.locator("tbody tr").filter(has=page.get_by_role("link")).first
    expect(first).to_contain_text(fewest_or_most)
    assert rows(page) < MOST_ROWS
