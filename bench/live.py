"""How soon a browser sees what was committed: `make bench-live`.

Workload: the demo's 30 good English essays run through, several classes in a row, with 50 sockets of their teacher open
and 150 idle ones of others, all in one web process, on the embedded default.

Each event says when it was written (`created_at`, by the clock of this machine), which is right before its transaction
commits; so the time from there to the first frame that shows the event, which is what is measured, for every event at
every viewer, is a few milliseconds longer than from the commit. The floor is a bare Redis subscriber, rung in the same
run.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import SHUT_RDWR
from threading import Event, Thread
from time import monotonic, sleep, time
from uuid import UUID, uuid4

import httpx
import psutil
import redis
import websocket
from sqlalchemy import text

from app import bootstrap
from app.cli.api_client import ApiClient
from app.local.stack import Stack
from app.ports import SocketPass
from app.services import accounts
from bench.flow import EMAIL, PASSWORD, PROJECT, one_class

IDLE, FLOOR_RINGS = 150, 200


class Viewer:
    """A browser's end of a socket, in a thread: when each event of a batch was seen, and every notification."""

    def __init__(self, url: str, ticket: str) -> None:
        self.seen: dict[tuple[str, int], float] = {}
        self.seqs: list[int] = []
        self.read: dict[int, float] = {}
        self._socket = websocket.create_connection(
            url, subprotocols=["huleedu.v1", f"ticket.{ticket}"], timeout=60
        )
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            while frame := self._socket.recv():
                at = time()
                said = json.loads(frame)
                if said["type"] == "batch" and not said["more"]:
                    self.seen.setdefault((said["batch_id"], said["event_no"]), at)
                elif said["type"] == "unread" and said["seq"]:
                    self.read[said["seq"]] = at
                elif said["type"] == "notification":
                    self.seqs.append(said["notification"]["seq"])
        except (OSError, websocket.WebSocketException):
            return

    def close(self) -> None:
        """End it."""
        # A thread that waits in a read is woken by this, and not by closing.
        with suppress(OSError):
            self._socket.sock.shutdown(SHUT_RDWR)
        self._thread.join(5)
        self._socket.shutdown()


@contextmanager
def viewers(url: str, users: Sequence[UUID]) -> Iterator[list[Viewer]]:
    """A socket for each user named."""
    deps = bootstrap.current()
    until = datetime.now(UTC) + timedelta(hours=1)
    opened = [Viewer(url, deps.tickets.issue(SocketPass(user, until))) for user in users]
    try:
        yield opened
    finally:
        for each in opened:
            each.close()


def latencies(found: Sequence[Viewer]) -> list[float]:
    """Milliseconds from each event to the first frame that shows it, for every viewer."""
    batches = {batch for viewer in found for batch, _ in viewer.seen}
    with bootstrap.engine().connect() as connection:
        written = connection.execute(
            text(
                "select aggregate_id::text, no, extract(epoch from created_at)::float8"
                " from event_outbox, generate_series("
                "event_no - coalesce(jsonb_array_length(event_data -> 'ended'), 1) + 1, event_no) no"
                " where event_no is not null and aggregate_id = any(:ids)"
            ),
            {"ids": [UUID(each) for each in batches]},
        ).all()
    late = []
    for viewer in found:
        frames = sorted(viewer.seen.items())
        for batch_id, event_no, at in written:
            first = frames[bisect_left(frames, ((batch_id, event_no), 0.0))]
            late.append((first[1] - at) * 1000)
    return late


def rings(http: httpx.Client, found: Sequence[Viewer], times: int) -> list[float]:
    """Milliseconds from a request that marks a notification to the frame about it, at every viewer."""
    late = []
    for seq in range(1, times + 1):
        asked = time()
        http.post(f"/v1/notifications/{seq}/read").raise_for_status()
        until = monotonic() + 10
        while any(seq not in viewer.read for viewer in found) and monotonic() < until:
            sleep(0.005)
        late += [(viewer.read[seq] - asked) * 1000 for viewer in found]
    return late


def answers(http: httpx.Client, times: int) -> list[float]:
    """Milliseconds of small requests."""
    late = []
    for _ in range(times):
        asked = time()
        http.get("/v1/notifications?limit=1").raise_for_status()
        late.append((time() - asked) * 1000)
    return late


def floor(redis_url: str) -> list[float]:
    """Milliseconds from a ring to a bare subscriber's hearing it."""
    client = redis.Redis.from_url(redis_url)
    heard: list[float] = []
    ready = Event()

    def listen() -> None:
        with client.pubsub() as pubsub:
            pubsub.subscribe("bench")
            for message in pubsub.listen():
                if message["type"] == "subscribe":
                    ready.set()
                    continue
                heard.append((time() - float(message["data"])) * 1000)
                if len(heard) == FLOOR_RINGS:
                    return

    thread = Thread(target=listen)
    thread.start()
    ready.wait(10)
    for _ in range(FLOOR_RINGS):
        client.publish("bench", str(time()))
        sleep(0.005)
    thread.join(10)
    client.close()
    return heard


def quantiles(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    if not ordered:
        return {}
    return {
        "p50": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "max": round(ordered[-1], 1),
        "n": len(ordered),
    }


def of_web(stack: Stack) -> dict[str, float]:
    """Memory and threads of the process that serves."""
    workers = [
        child
        for process in psutil.process_iter(["cmdline"])
        if "app.factory:create_app()" in (process.info["cmdline"] or [])
        and f"127.0.0.1:{stack.url.rpartition(':')[2]}" in process.info["cmdline"]
        for child in process.children()
    ]
    (worker,) = {worker.pid: worker for worker in workers}.values()
    return {
        "rss_mb": round(worker.memory_info().rss / 2**20, 1),
        "threads": worker.num_threads(),
    }


def main() -> None:
    """Measure, and print a table or, with --json, one object as the last line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--classes", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        stack = Stack(
            Path(home),
            project_root=PROJECT,
            # The client asks for the status far more often than a browser does.
            overrides={"HULEEDU_RATE_LIMITS": "false"},
            flower=False,
            beat=False,
        )
        try:
            with stack.in_background():
                while not httpx.get(f"{stack.url}/readyz", trust_env=False).is_success:
                    sleep(0.05)
                os.environ.update(stack.env)
                deps = bootstrap.current()
                teacher = accounts.add(EMAIL, "Bench", PASSWORD, "teacher", deps=deps).id
                others = [
                    accounts.add(
                        f"{uuid4().hex}@huleedu.example", "Idle", PASSWORD, "teacher", deps=deps
                    ).id
                    for _ in range(3)
                ]
                url = stack.url.replace("http", "ws") + "/ws"
                empty = of_web(stack)
                idle = [others[n % len(others)] for n in range(IDLE)]
                with (
                    viewers(url, [teacher] * arguments.viewers) as watching,
                    viewers(url, idle),
                    ApiClient(stack.url, EMAIL, PASSWORD) as api,
                ):
                    full = of_web(stack)
                    began = monotonic()
                    for _ in range(arguments.classes):
                        one_class(api)
                    took_s = monotonic() - began
                    sleep(2)
                    late = latencies(watching)
                    with httpx.Client(
                        base_url=stack.url, headers=api.headers, trust_env=False
                    ) as http:
                        rung, asked = rings(http, watching, 10), answers(http, 100)
                    complete = {tuple(viewer.seqs) for viewer in watching}
                least = floor(deps.settings.redis_url)
        finally:
            stack.remove_data()
    summary = {
        "commit_to_frame_ms": quantiles(late),
        "ring_to_frame_ms": quantiles(rung),
        "request_ms": quantiles(asked),
        "floor_redis_ms": quantiles(least),
        "web_empty": empty,
        "web_with_sockets": full,
        "sockets": arguments.viewers + IDLE,
        "classes_s": round(took_s, 1),
        "viewers_agree": len(complete) == 1,
        "notifications": len(next(iter(complete))),
    }
    for name, value in summary.items():
        print(f"{name:>20}  {value}")
    if arguments.json:
        print(json.dumps(summary))


if __name__ == "__main__":
    sys.exit(main())
