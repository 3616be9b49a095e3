"""Whatever happens to messages and workers, a class is ranked by the same decisions, its ranking has the same bytes."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from app.settings import Settings
from pipelines import catalogue
from tests.faults.stand_ins import run_by
from tests.faults.system import System

ESSAYS, PAIRS, ROUNDS = 12, 6, 8
UNITS = ESSAYS + ROUNDS * PAIRS
LOSSY = (sys.executable, "-m", "tests.faults.lossy")
CATALOGUE = f"""
phases:
  cj_assessment:
    engine: pipelines.phases.cj_assessment:CjAssessment
    scope: batch
    queue: nlp
    retry: {{max_attempts: 3, backoff_s: 0.1, backoff_max_s: 0.2}}
    options: {{most_rounds: {ROUNDS}, target: 0.99}}
pipelines:
  all: {{phases: [cj_assessment]}}
"""
SENTENCES = (
    "Last winter my brother and I decided to walk to the lighthouse before sunrise.",
    "i was not so good in swiming and the water are cold",
    "However, nobody had told us how slippery the rocks would be after a night of frost.",
    "My teacher say that I can do it if I practise every day.",
    "What I remember best is not the fear, but the silence that followed it.",
    "We was very tired but we was happy.",
    "Although the bridge had been closed, an old fisherman offered to take us across.",
    "It was a big challenge for me and it was a big challenge for my friend.",
    "Looking back, I believe that giving up would have taught me far less.",
    "then we go home and eat pizza",
    "In the end it was my grandmother, of all people, who persuaded me to try again.",
)


@pytest.fixture(scope="module")
def settings(settings: Settings, place: Path) -> Settings:
    """The ranking itself, a message for each pair."""
    path = place / "ranking.yaml"
    path.write_text(CATALOGUE)
    return replace(settings, catalogue_path=path, slice_s=0.0001)


@pytest.fixture(scope="module")
def bad_post(place: Path) -> Path:
    """The file that makes post bad while it is there."""
    return place / "bad-post"


@pytest.fixture(scope="module")
def harmed(place: Path) -> Path:
    """The file that says what happened to messages, a line each."""
    return place / "harmed"


@pytest.fixture(scope="module")
def default_worker_env(
    default_worker_env: dict[str, str], bad_post: Path, harmed: Path
) -> dict[str, str]:
    return default_worker_env | {"BAD_POST": str(bad_post), "HARMED": str(harmed)}


@pytest.fixture(scope="module")
def default_worker_command(
    default_worker_command: Mapping[str, Sequence[str]],
) -> Mapping[str, Sequence[str]]:
    return run_by(LOSSY, default_worker_command)


def test_of_bad_post_and_killed_workers_nothing_is_seen(
    system: System, bad_post: Path, harmed: Path
) -> None:
    batch = system.hand_in(*(essay(number) for number in range(ESSAYS)))
    graph = catalogue.parse(CATALOGUE, file="ranking.yaml")
    clean = system.start(batch, catalogue=graph)
    system.completes(clean, UNITS, ["cj_assessment"])
    wanted = what_came_of(system, clean)
    # The other run would take over what this one found.
    system.change("update results set engine_version = 'of old' where run_id = :run", run=clean)

    bad_post.touch()
    run = system.start(batch, catalogue=graph)
    system.eventually(lambda: decided(system, run) > 2 * PAIRS, "two rounds are over")
    system.crash_at("settle.before_commit")
    system.eventually(system.has_crashed, "a worker's child has died with a pair in its hands")
    system.eventually(lambda: decided(system, run) > 4 * PAIRS, "four rounds are over")
    system.worker.kill()
    system.worker.restart()
    system.completes(run, UNITS, ["cj_assessment"])
    bad_post.unlink()

    assert what_came_of(system, run) == wanted
    assert system.attempts(run)["lost"] >= 1
    assert {line.split()[0] for line in harmed.read_text().splitlines()} == {
        "lost",
        "twice",
        "late",
    }


def essay(number: int) -> str:
    """One of some length and quality; no two alike."""
    sentences = (SENTENCES[(number * 4 + k * 3) % len(SENTENCES)] for k in range(3 + number % 5))
    return " ".join((f"Essay {number}.", *sentences))


def decided(system: System, run: UUID) -> int:
    """How many pairs have been decided."""
    [(number,)] = system.rows("select count(*) from judge_decisions where run_id = :id", id=run)
    return int(number)


def what_came_of(system: System, run: UUID) -> tuple[bytes, bytes]:
    """The ranking, and the decisions it is made of but for when each was made, as bytes."""
    [(ranking,)] = system.rows("select detail from assessment_results where run_id = :id", id=run)
    decisions = system.rows(
        "select round_no, left_id, right_id, order_no, choice, judge, judge_kind, detail"
        " from judge_decisions where run_id = :id order by round_no, left_id, right_id",
        id=run,
    )
    said = [[*map(str, row[:-1]), row.detail] for row in decisions]
    return json.dumps(ranking).encode(), json.dumps(said).encode()
