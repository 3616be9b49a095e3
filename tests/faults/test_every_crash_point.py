"""Whoever passes a crash point dies there once, and everything comes to the end it would have come to anyway.

The points are those that a clean performance of each play was seen to pass; nobody lists them. `--crash-points=1/20`
takes a twentieth of them, another one with each commit.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest
from pytest_celery import CeleryTestNode

from app.local.commands import Layout
from app.settings import Settings
from tests import model_server
from tests.conftest import Share
from tests.factories import a_teacher
from tests.faults import scenarios
from tests.faults.conftest import PROJECT
from tests.faults.scenarios import PLAYS, Play, Stage
from tests.faults.system import System
from tests.model_server import ModelServer
from tests.teacher import Teacher

SOURCES = ("app", "tasks")
# A play waits for all it does. Some points are passed every few seconds, whatever is played.
PERIODIC_WITHIN_S = 25.0


@pytest.fixture(scope="module")
def settings(settings: Settings, place: Path) -> Settings:
    """The catalogue of the plays."""
    catalogue = place / "plays.yaml"
    catalogue.write_text(scenarios.catalogue())
    return replace(settings, catalogue_path=catalogue)


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    """A model's provider, which nothing happens to."""
    with model_server.running() as server:
        yield server


@pytest.fixture(scope="module")
def default_worker_env(default_worker_env: dict[str, str], model: ModelServer) -> dict[str, str]:
    """Teachers here ask more often than people may, and nobody is waited for who died while asking a model."""
    return default_worker_env | {
        "HULEEDU_RATE_LIMITS": "false",
        "HULEEDU_LLM_PROVIDER": "openai",
        "HULEEDU_LLM_URL": f"{model.url}/v1",
        "HULEEDU_LLM_MODEL": "judge-1",
        "HULEEDU_LLM_PRICE_INPUT": "1",
        "HULEEDU_LLM_PRICE_OUTPUT": "1",
        "HULEEDU_LLM_TIMEOUT_S": "1",
    }


@dataclass
class Theatre:
    """Where plays are performed, with everything running.

    Attributes:
        points: point → the plays that passed it; found by the first test that asks. Some passed by chance: what is
            slow today is rescued.
    """

    system: System
    url: str
    place: Path
    command_env: dict[str, str]
    points: dict[str, list[Play]]

    def perform(self, play: Play) -> None:
        """Perform a play with a teacher of its own, and see all invariants hold."""
        email = a_teacher(self.system.deps).email
        teacher = Teacher(self.url, email, when_held=self.system.let_keys_go)
        teacher.signs_in()
        try:
            play(Stage(self.system, teacher, self.place, self.command_env))
        finally:
            teacher.close()

    def perform_all(self) -> dict[str, list[Play]]:
        """Perform every play, unless that was done, with nobody dying: the points that were passed."""
        if not self.points:
            for play in PLAYS:
                self.system.forget_crash_points()
                self.perform(play)
                self.system.rests()
                for point in self.system.crash_points():
                    self.points.setdefault(point, []).append(play)
        return self.points


@pytest.fixture(scope="module")
def points() -> dict[str, list[Play]]:
    """What the tests of this module know of crash points."""
    return {}


@pytest.fixture
def theatre(
    system: System,
    web: CeleryTestNode,
    beat: CeleryTestNode,
    default_worker_env: dict[str, str],
    layout: Layout,
    points: dict[str, list[Play]],
    tmp_path: Path,
) -> Theatre:
    """Everything running, and the web to get at it."""
    system.others += [web, beat]
    system.revive()
    env = default_worker_env | {"CRASH_ROLE": "command"}
    return Theatre(system, f"http://127.0.0.1:{layout.port}", tmp_path, env, points)


@pytest.mark.timeout(600)
def test_every_transition_has_crash_points(theatre: Theatre) -> None:
    passed = {point.partition(":")[2] for point in theatre.perform_all()}

    unplayed = {name for name in transitions() if f"{name}.after_commit" not in passed}
    assert not unplayed, "tests/faults/scenarios.py has no play that passes these transitions"
    for place in ("publish", "task", "relay"):
        assert any(point.startswith(f"{place}.") for point in passed)


def transitions() -> set[str]:
    """The names of all transactions that commit something."""
    return {
        name
        for source in SOURCES
        for path in (PROJECT / source).rglob("*.py")
        for name in _committing(ast.parse(path.read_text("utf-8")))
    }


def _committing(tree: ast.AST) -> Iterator[str]:
    for block in ast.walk(tree):
        if isinstance(block, ast.With) and any(map(_is_commit, ast.walk(block))):
            yield from filter(None, (_opened(item.context_expr) for item in block.items))


def _opened(call: ast.expr) -> str | None:
    """The name that a unit of work is opened under: `….uow("name")`."""
    match call:
        case ast.Call(func=ast.Attribute(attr="uow"), args=[ast.Constant(value=str(name))]):
            return name
    return None


def _is_commit(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="uow"), attr="commit")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="uow"), attr="commit")):
            return True
    return False


@pytest.mark.timeout(3600)
def test_a_death_at_any_point_changes_nothing(
    theatre: Theatre, crash_points: Share, subtests: pytest.Subtests
) -> None:
    for point, plays in theatre.perform_all().items():
        if point in crash_points:
            with subtests.test(point, play=plays[0].__name__):
                dies(theatre, plays, point)


def dies(theatre: Theatre, plays: Sequence[Play], point: str) -> None:
    """Perform a play in which somebody dies at a point; and clear up if it does not come to its end.

    Beat's worker and the relay both reconcile, and who finds something first is chance. So a point that its role does
    not pass again is left to whoever does.
    """
    system = theatre.system
    system.revive()
    _, _, name = point.partition(":")
    try:
        for wanted, play in product((point, point, name), plays):
            system.crash_at(wanted)
            theatre.perform(play)
            if system.comes_to(system.has_crashed, within_s=PERIODIC_WITHIN_S):
                break
        else:
            pytest.fail(f"nobody has died at {point}\n{system.describe()}")
        system.rests()
    except BaseException:
        system.start_afresh()
        raise
