"""Decisions out of the ranking's page as a file, and those of others in."""

from pathlib import Path

from playwright.sync_api import expect

from tests.acceptance.conftest import Teacher
from tests.e2e.conftest import OpenWindow
from tests.e2e.hands import Keyboard
from tests.e2e.test_the_way_of_a_teacher import sign_in
from tests.e2e.words import Words
from tests.factories import an_essay

HEAD = "judge,candidate_chosen,candidate_not_chosen\n"


def test_decisions_go_out_and_come_in(
    open_window: OpenWindow, teacher: Teacher, tmp_path: Path
) -> None:
    texts: dict[str, str | bytes] = {f"pupil-{n}.txt": an_essay("More. " * n) for n in range(1, 5)}
    batch = teacher.hands_in(texts)
    teacher.runs(batch, "cj_assessment")
    page = open_window()
    say, hand = Words("en"), Keyboard(page)
    sign_in(page, say, hand, teacher)
    page.goto(f"/batches/{batch}/ranking")

    with page.expect_download() as download:
        hand.press(page.get_by_role("button", name=say("ranking.files.out")))
    out = tmp_path / "out.csv"
    download.value.save_as(out)
    assert out.read_text(encoding="utf-8-sig").startswith(HEAD)
    ours = tmp_path / "ours.csv"
    ours.write_text(f"{HEAD}Anna,essay-1,essay-2\nBo,essay-3,essay-2\n", encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        hand.press(page.get_by_role("button", name=say("ranking.files.in")))
    chooser.value.set_files(ours)

    expect(page.get_by_role("main").get_by_text("2 decisions were brought in.")).to_be_visible()
    judges = page.get_by_role("region", name=say("ranking.judges"), exact=True)
    expect(judges.get_by_role("rowheader", name="Anna")).to_be_visible()
    hand.press(page.get_by_role("button", name=say("ranking.files.back"), exact=True))
    expect(judges.get_by_role("rowheader", name="Anna")).to_have_count(0)
