"""How fast a class comes through the whole product: `make bench-flow`.

Workload: the demo's 30 good English essays, spelling and language metrics, over HTTP, on the embedded default with
one worker of two children and a projector. Prints seconds: median and spread over the repeats.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

import httpx

from app import bootstrap
from app.cli import classes
from app.cli.api_client import ApiClient
from app.local.stack import Stack
from app.services import accounts

PROJECT = Path(__file__).resolve().parents[1]
EMAIL, PASSWORD = "bench@huleedu.example", "bench bench"


def one_class(api: ApiClient, pipeline: str = "comprehensive") -> dict[str, float]:
    """Hand in and run one class; seconds from the first POST and from the start of the run."""
    english = classes.both()[0]
    good = [path for name, path in english.pupils.items() if name not in classes.BAD_FILES]
    registration = english.registration() | {
        "expected_essay_count": len(good),
        "essay_ids": [f"essay-{n}" for n in range(len(good))],
    }
    began = monotonic()
    batch = api.register(registration)
    api.hand_in(batch, good)
    while api.status(batch)["status"] != "ready":
        sleep(0.02)
    read = monotonic()
    api.start(batch, pipeline)
    first = None
    while True:
        status = api.status(batch)
        if first is None and any(p["done"] for p in status["phases"]):
            first = monotonic()
        if status["status"] == "completed_successfully":
            break
        sleep(0.02)
    ended = monotonic()
    return {
        "read_s": read - began,
        "first_result_s": (first or ended) - read,
        "whole_s": ended - began,
    }


def main() -> None:
    """Measure, and print a table or, with --json, one object as the last line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        began = monotonic()
        stack = Stack(
            Path(home),
            project_root=PROJECT,
            flower=False,
            beat=False,
            overrides={"HULEEDU_RATE_LIMITS": "false"},
        )
        try:
            with stack.in_background():
                while not httpx.get(f"{stack.url}/readyz", trust_env=False).is_success:
                    sleep(0.05)
                started_s = monotonic() - began
                os.environ.update(stack.env)
                accounts.add(EMAIL, "Bench", PASSWORD, "teacher", deps=bootstrap.current())
                with ApiClient(stack.url, EMAIL, PASSWORD) as api:
                    rounds = [one_class(api) for _ in range(arguments.repeats)]
        finally:
            stack.remove_data()
    print(f"ready after {started_s:.1f} s; {len(rounds)} classes of 30; {os.cpu_count()} cores")
    summary = {}
    for name in rounds[0]:
        values = sorted(one[name] for one in rounds)
        summary[name] = statistics.median(values)
        print(f"{name:>15}  median {summary[name]:6.2f}  {values[0]:.2f} … {values[-1]:.2f}")
    if arguments.json:
        print(json.dumps({"ready_s": started_s, **summary}))


if __name__ == "__main__":
    sys.exit(main())
