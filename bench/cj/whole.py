"""A part of T10: how long a large class takes to be ranked by the whole product."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from app import bootstrap
from app.cli.api_client import ApiClient
from app.services import accounts
from bench import stacks
from bench.cj import texts
from bench.flow import EMAIL, PASSWORD

Say = Callable[[str], None]

ESSAYS, ROUNDS, MOST_S = 300, 12, 60.0
ESSAYS_QUICK = 30
_ENDED = "completed_successfully"
_UNREACHED = 0.99  # so that it does not end before the last round


def ranked(*, say: Say = lambda _: None, quick: bool = False) -> dict[str, Any]:
    """Seconds from the start of a run to its end: spelling by itself, then ranking, twelve rounds of it.

    The essays are those that come along; they are handed in and read beforehand, over HTTP like everything here.
    """
    size = ESSAYS_QUICK if quick else ESSAYS
    with tempfile.TemporaryDirectory() as home, stacks.running(Path(home)) as stack:
        accounts.add(EMAIL, "Bench", PASSWORD, "teacher", deps=bootstrap.current())
        with ApiClient(stack.url, EMAIL, PASSWORD) as api:
            say(f"T10: handing in {size} essays")
            batch = _handed_in(api, Path(home), size)
            spelling_s = _run(api, batch, "spellcheck")
            say(f"T10: spelling took {spelling_s:.1f} s; ranking in {ROUNDS} rounds")
            before = stacks.busy_s(stack)
            took_s = _run(api, batch, "cj_assessment", most_rounds=ROUNDS, target=_UNREACHED)
            after = stacks.busy_s(stack)
            found = api.assessment(batch)
    return {
        "essays": size,
        "rounds": found["rounds"],
        "decisions": found["decision_count"],
        "spelling_before_s": spelling_s,
        "ranking_s": took_s,
        "most_s": MOST_S,
        "cpu_s": {name: after[name] - before[name] for name in after},
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
        "met": took_s <= MOST_S and found["rounds"] == ROUNDS and size == ESSAYS,
    }


def _handed_in(api: ApiClient, place: Path, size: int) -> str:
    batch = api.register(
        {
            "expected_essay_count": size,
            "essay_ids": [f"essay-{number}" for number in range(1, size + 1)],
            "course_code": "ENG5",
            "class_designation": f"{size} essays",
            "essay_instructions": "Write what you think.",
            "teacher_name": "Bench",
        }
    )
    paths = []
    for number, one in enumerate(texts.made()[:size], start=1):
        path = place / f"pupil-{number}.txt"
        path.write_text(one.text)
        paths.append(path)
    api.hand_in(batch, paths)
    _until(api, batch, "ready")
    return batch


def _run(api: ApiClient, batch: str, pipeline: str, **judging: Any) -> float:
    began = monotonic()
    api.start(batch, pipeline, **judging)
    _until(api, batch, _ENDED)
    return monotonic() - began


def _until(api: ApiClient, batch: str, wanted: str) -> None:
    while (status := api.status(batch)["status"]) != wanted:
        if status in ("failed", "completed_with_failures", "cancelled"):
            raise RuntimeError(f"the batch is {status}")
        sleep(0.05)
