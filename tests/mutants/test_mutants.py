"""Each mutant can be made, and what the tests say of it is understood."""

from pathlib import Path

import pytest

from tests.mutants import first_red, trial
from tests.mutants.__main__ import MUTANTS, PROJECT
from tests.mutants.trial import Failed, Passed, Undecided

HANGS_S = 3600.0
HANGS = f"""
def test_fine(): pass
def test_hangs(): import time; time.sleep({HANGS_S})
"""


@pytest.mark.parametrize("name", MUTANTS)
def test_the_guard_is_where_its_mutant_looks_for_it(name, tmp_path):
    for path in {edit.path for edit in MUTANTS[name]}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text((PROJECT / path).read_text("utf-8"), "utf-8")

    for edit in MUTANTS[name]:
        edit.apply(tmp_path)


def test_the_tests_are_where_they_are_looked_for():
    assert [test for test in trial.TESTS if not (PROJECT / test).exists()] == []


class TestAVerdict:
    PASSES = "tests/a.py::test_a PASSED [ 50%]\n"
    FAILS = "tests/a.py::test_b[in waves] FAILED [100%]\n"

    def test_is_what_failed(self):
        assert trial.judge(1, self.PASSES + self.FAILS, took_s=1.0) == Failed(
            1.0, ("tests/a.py::test_b[in waves]",)
        )

    def test_may_be_that_nothing_failed(self):
        assert trial.judge(0, self.PASSES, took_s=1.0) == Passed(1.0)

    def test_is_what_failed_if_the_end_never_came(self):
        assert isinstance(trial.judge(None, self.FAILS, took_s=1.0), Failed)

    def test_is_open_if_the_time_was_up(self):
        verdict = trial.judge(None, self.PASSES, took_s=1.0)

        assert isinstance(verdict, Undecided)
        assert "time was up" in verdict.why

    @pytest.mark.parametrize("code", [1, 2, 4, -9])
    def test_is_open_if_what_a_test_needs_was_not_there(self, code):
        output = self.PASSES + "tests/a.py::test_b ERROR [100%]\n"

        verdict = trial.judge(code, output, took_s=1.0)

        assert isinstance(verdict, Undecided)
        assert "test_b ERROR" in verdict.why


class TestATrial:
    @pytest.fixture
    def tree(self, tmp_path) -> Path:
        plugin = tmp_path / "tests" / "mutants" / "first_red.py"
        plugin.parent.mkdir(parents=True)
        for package in (plugin.parent, plugin.parent.parent):
            (package / "__init__.py").touch()
        plugin.write_text(Path(first_red.__file__).read_text("utf-8"), "utf-8")
        return tmp_path

    def of(self, tree: Path, body: str, limit_s: float = 60.0) -> trial.Verdict:
        (tree / "tests" / "test_it.py").write_text(body)
        return trial.run(tree, limit_s=limit_s, tests=["tests/test_it.py"])

    def test_stops_at_the_first_test_that_fails(self, tree):
        verdict = self.of(tree, "def test_a(): assert 0\ndef test_b(): assert 0\n")

        assert verdict.lines() == ("tests/test_it.py::test_a",)

    def test_does_not_look_for_the_smallest_example(self, tree):
        body = (
            "from hypothesis import Phase, settings\n"
            "def test_a(): assert Phase.shrink not in settings(max_examples=5).phases\n"
        )

        assert isinstance(self.of(tree, body), Passed)

    def test_does_not_wait_for_what_hangs(self, tree):
        # How soon a computer comes to the test that hangs is not for this test to say.
        for limit_s in (5.0, 30.0, 180.0):
            verdict = self.of(tree, HANGS, limit_s=limit_s)
            assert isinstance(verdict, Undecided)
            assert limit_s < verdict.took_s < HANGS_S
            if "test_fine PASSED" in verdict.why:
                return
        pytest.fail(verdict.why)
