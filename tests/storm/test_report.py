"""What it came to is said in numbers that are right."""

import json
from uuid import UUID

import pytest

from tests.storm import report
from tests.storm.checks import Kind, Wrong
from tests.storm.damage import Damage
from tests.storm.faults import Strike
from tests.storm.recovery import Recovery

LEFT = Damage(unsent=frozenset([UUID(int=1)]))


def a_recovery(done_s: float | None, *, outlived: int = 1) -> Recovery:
    strike = Strike("kill relay", "relay", 1.0, 1.0, 0.0, LEFT, LEFT)
    return Recovery(strike, done_s=done_s, outlived=outlived)


@pytest.mark.parametrize(("many", "p95"), [(1, 1), (10, 10), (20, 19), (100, 95)])
def test_95_in_100_are_no_greater_than_the_95th_percentile(many, p95):
    assert report.p95([float(n) for n in range(many, 0, -1)]) == p95


def test_what_left_nothing_is_counted_and_timed_apart():
    row = report.numbers([a_recovery(2.0), a_recovery(4.0), a_recovery(0.1, outlived=0)])

    assert row["kill relay"] | {"strikes": 3, "counted": 2, "least": 2.0} == row["kill relay"]


def test_what_took_longer_than_promised_is_named_and_what_never_came_too():
    slow = report.too_slow([a_recovery(14.9), a_recovery(15.1), a_recovery(None)])

    assert ["15.1 s" in slow[0], "never" in slow[1]] == [True, True]


def test_the_summary_counts_each_kind_of_wrong():
    wrong = [Wrong(Kind.LOST, "batch b-1"), Wrong(Kind.LOST, "batch b-2")]

    lines = report.summary([a_recovery(3.0)], wrong, ["too few"], {"seed": "7"})

    assert "seed: 7" in lines
    assert "lost: 2" in lines
    assert "doubled: 0" in lines
    assert "counted strikes: 1 (kill relay 1); 0 left nothing" in lines
    assert "recovery: most 3.0 s, 95th percentile 3.0 s, above 15 s: 0" in lines
    assert lines[-2:] == ["WRONG  lost: batch b-2", "WRONG  too few"]


def test_everything_is_kept(tmp_path):
    kept = tmp_path / "report.json"

    report.keep(kept, [a_recovery(3.0)], [Wrong(Kind.LOST, "batch b-1")], [], {"seed": "7"})

    found = json.loads(kept.read_text())
    assert found["wrong"] == [["lost", "batch b-1"]]
    assert found["recovery_s"] == [["kill relay", "relay", True, None, 3.0, None]]
