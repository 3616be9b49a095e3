"""What `huleedu pipelines` says, as somebody sees it in a terminal of 80 columns."""

from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from app.cli.main import main
from tests import catalogues

FULL = """\
phases:
  spellcheck: {engine: "a.module:A", scope: essay, queue: spellcheck}
  nlp: {engine: "a.module:B", scope: essay, queue: nlp, depends_on: [spellcheck]}
  cj_assessment:
    engine: a.module:C
    scope: batch
    queue: cj
    depends_on: [spellcheck]
    prerequisites: [instructions]
  ai_feedback:
    engine: a.module:D
    scope: essay
    queue: llm
    depends_on: [nlp]
    after: [cj_assessment]
pipelines:
  comprehensive: {title: Everything, phases: [ai_feedback, cj_assessment]}
"""


@pytest.fixture
def full(tmp_path: Path) -> Path:
    path = tmp_path / "full.yaml"
    path.write_text(FULL)
    return path


def huleedu(*args: object, catalogue: Path | None = None) -> Result:
    given = {"HULEEDU_CATALOGUE": str(catalogue)} if catalogue else {}
    return CliRunner(env={"COLUMNS": "80", **given}).invoke(main, ["pipelines", *map(str, args)])


def said(text: str) -> str:
    """A text as it stands in a test, as it is printed."""
    return dedent(text).lstrip("\n")


class TestShow:
    def test_draws_what_runs_side_by_side_and_who_waits_for_the_class(self, full):
        shown = huleedu("show", "comprehensive", "--file", full).stdout

        assert shown.startswith(
            said("""
                comprehensive  Everything

                            ┌───────────────┐
                            │  spellcheck   │
                            │  each essay   │
                            └───────┬───────┘
                          ┌─────────┴─────────┐
                          ▼                   ▽
                  ┌───────────────┐   ┌───────────────┐
                  │      nlp      │   │ cj_assessment │
                  │  each essay   │   │  whole class  │
                  └───────┬───────┘   └───────┬───────┘
                          └─────────┬─────────┘
                                    ▽
                            ┌───────────────┐
                            │  ai_feedback  │
                            │  each essay   │
                            └───────────────┘

                  ▼ essays come one by one
                  ▽ begins when all essays are through
            """)
        )

    def test_says_below_when_each_phase_begins_and_in_which_queue(self, full):
        shown = huleedu("show", "comprehensive", "--file", full).stdout
        table = [" ".join(row.split()) for row in shown[shown.index("Step") :].splitlines()]

        assert table == [
            "Step Phase Works on Queue Begins",
            "─" * 78,
            "1 spellcheck each essay spellcheck at once",
            "2 nlp each essay nlp with each essay that",
            "passed spellcheck",
            "2 cj_assessment whole class cj when spellcheck ended; if",
            "the batch has instructions",
            "3 ai_feedback each essay llm when nlp ended; when",
            "cj_assessment ended, well",
            "or not",
            "",
        ]

    def test_draws_a_single_phase_with_what_it_depends_on(self, full):
        shown = huleedu("show", "nlp", "--file", full).stdout

        assert shown.startswith(
            said("""
                nlp

                  ┌─────────────┐
                  │ spellcheck  │
                  │ each essay  │
                  └──────┬──────┘
                         ▼
                  ┌─────────────┐
                  │     nlp     │
                  │ each essay  │
                  └─────────────┘

                  ▼ essays come one by one
            """)
        )

    def test_leaves_the_drawing_to_the_table_where_there_is_no_room(self, tmp_path):
        wide = {"root": [], **{f"leaf{n}": ["root"] for n in range(9)}}
        path = catalogues.write(tmp_path / "wide.yaml", wide)

        shown = huleedu("show", "all", "--file", path)

        assert shown.exit_code == 0
        assert "┌" not in shown.stdout
        assert "leaf8" in shown.stdout

    def test_never_needs_more_than_the_columns_there_are(self, full):
        for name in ("comprehensive", "nlp"):
            rows = huleedu("show", name, "--file", full).stdout.splitlines()
            assert max(map(len, rows)) <= 80

    def test_names_what_there_is_when_asked_for_something_else(self, full):
        shown = huleedu("show", "all", "--file", full)

        assert shown.exit_code == 1
        assert shown.stderr == (
            "There is no pipeline 'all'; there are comprehensive. A phase can be shown, too:"
            " spellcheck, nlp, cj_assessment, ai_feedback.\n"
        )

    def test_says_what_is_wrong_with_a_catalogue_instead(self, tmp_path):
        path = tmp_path / "wrong.yaml"
        path.write_text("phases: {}\npipelines: {}\n")

        shown = huleedu("show", "all", catalogue=path)

        assert (shown.exit_code, shown.stdout) == (1, "")
        assert shown.stderr.startswith(f"{path}:1:9: There are no phases here.\n")


class TestCheck:
    def test_says_all_that_is_wrong_each_with_its_place(self, full):
        checked = huleedu("check", full, "--queue", "llm")

        assert checked.exit_code == 1
        module = "The module 'a.module' cannot be imported: No module named 'a'."
        assert checked.stdout == (
            f"{full}:2:24: {module}\n"
            f"{full}:3:17: {module}\n"
            f"{full}:5:13: {module}\n"
            f"{full}:7:12: No worker reads the queue 'cj'."
            " There are cj_assessment, control, ingest, llm, nlp, projections, spellcheck.\n"
            f"{full}:11:13: {module}\n"
        )

    def test_says_what_a_good_one_has(self, tmp_path):
        path = catalogues.write(tmp_path / "good.yaml", catalogues.CHAIN)

        checked = huleedu("check", path)

        assert (checked.exit_code, checked.stdout) == (
            0,
            f"{path} is right.\n"
            "  phases     first, second\n"
            "  pipelines  all\n"
            "  queues     nlp, spellcheck\n",
        )

    def test_finds_nothing_wrong_with_the_one_that_is_shipped(self):
        assert huleedu("check").exit_code == 0

    def test_checks_the_one_in_use_unless_told_otherwise(self, full):
        assert huleedu("check", catalogue=full).exit_code == 1

    def test_names_a_file_that_is_not_there(self, tmp_path):
        checked = huleedu("check", tmp_path / "nothing.yaml")

        assert checked.exit_code == 2
        assert "does not exist" in checked.stderr


def test_list_shows_each_pipeline_with_all_that_it_runs(full):
    shown = huleedu("list", catalogue=full).stdout

    row = next(row.split() for row in shown.splitlines() if "comprehensive" in row)
    assert row == [
        "comprehensive",
        "Everything",
        "spellcheck,",
        "nlp,",
        "cj_assessment,",
        "ai_feedback",
    ]
