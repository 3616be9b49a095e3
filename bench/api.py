"""How fast the API answers: `make bench-api`.

Workload: status asked for at a steady rate whatever the answers take (open loop), with and without a tag that spares
the body, over batches of one teacher; then 50 requests for a pipeline at once, over 50 batches. The same load on
`/healthz` in the same run is the floor that everything is compared with. Prints milliseconds.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, sleep

import httpx

from app import bootstrap
from app.cli.api_client import ApiClient
from app.local.stack import Stack
from app.services import accounts
from bench.flow import EMAIL, PASSWORD

PROJECT = Path(__file__).resolve().parents[1]
TEXT = "My name is Kim and I live in a small town by the sea. Every summer we go there to swim."
CLASSES = 50
THREADS = 40
TARGET_S = {"status_p95": 0.05, "unchanged_p95": 0.01, "pipelines_max": 2.0}


def steadily(ask: Callable[[int], httpx.Response], rate: float, seconds: float) -> list[float]:
    """Seconds that each answer took from when it was due, so that one that waits for its turn is slow too."""
    first, count = perf_counter() + 0.2, int(rate * seconds)

    def at(number: int) -> float:
        due = first + number / rate
        sleep(max(0.0, due - perf_counter()))
        assert ask(number).status_code in {200, 304}
        return perf_counter() - due

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(at, range(count)))


def quantile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def classes(api: ApiClient, http: httpx.Client) -> list[str]:
    """Batches whose essays have been read."""
    made = []
    for _ in range(CLASSES):
        batch = api.register(
            {
                "expected_essay_count": 1,
                "essay_ids": ["essay-1"],
                "course_code": "ENG5",
                "class_designation": "9A",
                "essay_instructions": "Write.",
                "teacher_name": "T. Eacher",
            }
        )
        http.post(f"/v1/batches/{batch}/files", files=[("files", ("kim.txt", TEXT.encode()))])
        made.append(batch)
    while any(api.status(batch)["status"] == "registered" for batch in made):
        sleep(0.1)
    return made


def measure(url: str, api: ApiClient, rate: float, seconds: float) -> dict[str, float]:
    """All figures, in seconds."""
    limits = httpx.Limits(
        max_connections=THREADS, max_keepalive_connections=THREADS, keepalive_expiry=1
    )
    with httpx.Client(
        base_url=url, headers=api.headers, trust_env=False, limits=limits, timeout=30
    ) as http:
        batches = classes(api, http)
        paths = [f"/v1/batches/{batch}/status" for batch in batches]
        tags = {path: {"If-None-Match": http.get(path).headers["ETag"]} for path in paths}

        def path(number: int) -> str:
            return paths[number % len(paths)]

        loads: dict[str, Callable[[int], httpx.Response]] = {
            "floor": lambda _: http.get("/healthz"),
            "status": lambda n: http.get(path(n)),
            "unchanged": lambda n: http.get(path(n), headers=tags[path(n)]),
        }
        found = {}
        for name, ask in loads.items():
            took = steadily(ask, rate, seconds)
            found |= {f"{name}_p50": statistics.median(took), f"{name}_p95": quantile(took, 0.95)}

        def start(batch: str) -> float:
            began = perf_counter()
            wanted = {"requested_pipeline": "comprehensive"}
            answer = http.post(f"/v1/batches/{batch}/pipelines", json=wanted)
            assert answer.is_success, answer.text
            return perf_counter() - began

        with ThreadPoolExecutor(CLASSES) as pool:
            took = list(pool.map(start, batches))
        return found | {"pipelines_p50": statistics.median(took), "pipelines_max": max(took)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-api", description=__doc__)
    parser.add_argument("--rate", type=float, default=100, help="requests a second")
    parser.add_argument("--seconds", type=float, default=12, help="how long each load lasts")
    parser.add_argument("--json", action="store_true", help="add one object as the last line")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="huleedu-bench-") as home:
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
                os.environ.update(stack.env)
                accounts.add(EMAIL, "Bench", PASSWORD, "teacher", deps=bootstrap.current())
                with ApiClient(stack.url, EMAIL, PASSWORD) as api:
                    found = measure(stack.url, api, arguments.rate, arguments.seconds)
        finally:
            stack.remove_data()
    for name, value in found.items():
        base = found[f"floor_{name[-3:]}"] if name[-3:] in {"p50", "p95"} else None
        ratio = f"  {value / base:5.1f} × floor" if base else ""
        target = f"  target {TARGET_S[name] * 1000:.0f} ms" if name in TARGET_S else ""
        print(f"{name:>15} {value * 1000:8.1f} ms{ratio}{target}")
    if arguments.json:
        print(json.dumps({"rate": arguments.rate, **found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
