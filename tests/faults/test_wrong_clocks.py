"""Clocks that differ by more than a day change nothing: the database's is the only one that decides."""

import sys
from collections.abc import Mapping, Sequence

import pytest
from pytest_celery import CeleryTestNode

from app.local.commands import Layout
from tests.factories import a_teacher, an_essay
from tests.faults.system import System
from tests.teacher import Teacher

AHEAD_S, BEHIND_S = 26 * 3600, -26 * 3600


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((BEHIND_S, AHEAD_S), id="behind"),
        pytest.param((AHEAD_S, BEHIND_S), id="ahead", marks=pytest.mark.long),
    ],
)
def default_worker_command(
    request: pytest.FixtureRequest, default_worker_command: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[str]]:
    """Web and worker differ one way from the database, the relay the other."""
    one, other = request.param
    wrong_by = {"web": one, "worker": one, "relay": other}
    return {
        name: skewed(argv, wrong_by[name]) if name in wrong_by else argv
        for name, argv in default_worker_command.items()
    }


def skewed(argv: Sequence[str], by_s: float) -> Sequence[str]:
    """The same command in a process whose clock is wrong."""
    assert argv[:2] == (sys.executable, "-m")
    return (sys.executable, "-m", "tests.faults.skewed", str(by_s), *argv[2:])


def test_a_class_comes_through(
    system: System, web: CeleryTestNode, layout: Layout, tmp_path: str
) -> None:
    system.others.append(web)
    teacher = Teacher(f"http://127.0.0.1:{layout.port}", a_teacher(system.deps).email)
    teacher.signs_in()

    batch = teacher.registers(2)
    teacher.hands_in(batch, {"a.txt": an_essay(f"[first:kill={tmp_path}/once]")})
    system.rests()
    assert teacher.status(batch)["status"] == "registered"  # nobody has lost patience with it
    teacher.hands_in(batch, {"b.txt": an_essay("b")})
    teacher.waits_until(batch, "ready", meanwhile=system.look_after)
    teacher.starts(batch)

    teacher.waits_until(batch, "completed_successfully", meanwhile=system.look_after)
    system.rests()
    teacher.close()
