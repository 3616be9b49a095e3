"""`huleedu demo`: two classes from their files to their results, on the embedded default."""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import httpx
from rich.console import Console

from app.cli import classes, tables, up, where, word_lists
from app.cli.api_client import ApiClient, Refused
from app.cli.classes import DemoClass
from app.cli.progress import shown_on
from app.local.errors import Interrupted, LocalError
from app.local.stack import Stack

EMAIL = "demo@huleedu.example"
PIPELINE = "comprehensive"
LOOK_EVERY_S = 0.1
READY_WITHIN_S = 60.0
DONE_WITHIN_S = 300.0
TERMINAL = {"completed_successfully", "completed_with_failures", "failed", "cancelled"}
INTERRUPTED = 130
PLAIN_WIDTH = 110


def run(project: Path, *, ends: bool, concurrency: int) -> int:
    """Start everything, hand in both classes, show their results.

    Returns:
        0 if every essay is found to be its own pupil's, every good one has its results and every bad file its named
        failure, or on Ctrl-C after that.
    """
    console = _console()
    is_right = False
    try:
        stack = Stack(where.home(project), project_root=project, concurrency=concurrency)
        word_lists.make_ready(console)
        console.print("Starting PostgreSQL, Redis, web, relay, workers, beat and Flower …")
        with stack.in_background():
            if ends:  # otherwise it is said with the addresses
                up.say_files(console, stack)
            is_right = _show(console, stack.url, EMAIL, _account(stack))
            if not ends:
                console.print()
                up.say_where(console, stack)
                console.print(f"Account      {EMAIL}   (password in {stack.home}/demo.json)")
                Event().wait()
    except (KeyboardInterrupt, Interrupted):
        return 0 if is_right and not ends else INTERRUPTED
    except LocalError as exc:
        console.print(str(exc), style="red")
        return 1
    except (Refused, httpx.HTTPError, TimeoutError) as exc:
        console.print(f"[red]The demo did not come through:[/red] {exc}")
        console.print(f"Logs are in {stack.home}/logs.")
        return 1
    return 0 if is_right else 1


def against(url: str, email: str, password: str) -> int:
    """Hand in both classes to an installation that runs already, show their results.

    Args:
        url: of its API, without `/v1`.
        email, password: an account's.

    Returns:
        As `run`.
    """
    console = _console()
    try:
        return 0 if _show(console, url, email, password) else 1
    except (Refused, httpx.HTTPError, TimeoutError) as exc:
        console.print(f"[red]The demo did not come through:[/red] {exc}")
        return 1


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PLAIN_WIDTH)


def _show(console: Console, url: str, email: str, password: str) -> bool:
    with ApiClient(url, email, password) as api:
        console.print(f"Signed in at {url} as {email}.", soft_wrap=True)
        _wait_until_ready(url)
        handed_in = [(a_class, _hand_in(console, api, a_class)) for a_class in classes.both()]
        _watch(console, api, handed_in)
        are_right = [_show_results(console, api, *each) for each in handed_in]
        return all(are_right)


def _wait_until_ready(url: str) -> None:
    with httpx.Client(base_url=url, timeout=5.0, trust_env=False) as http:
        _until(lambda: http.get("/readyz").is_success, READY_WITHIN_S, "a worker on every queue")


def _account(stack: Stack) -> str:
    """Make the demo's account, once; its password."""
    kept = stack.home / "demo.json"
    if kept.exists():
        return str(json.loads(kept.read_text())["password"])
    os.environ.update(stack.env)
    from app import bootstrap
    from app.services import accounts

    password = secrets.token_urlsafe(12)
    accounts.add(EMAIL, "Demo Teacher", password, "teacher", deps=bootstrap.current())
    bootstrap.engine().dispose()
    with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"email": EMAIL, "password": password}, file)
    return password


def _hand_in(console: Console, api: ApiClient, a_class: DemoClass) -> str:
    batch_id = api.register(a_class.registration())
    api.hand_in(batch_id, a_class.files)
    console.print(f"{a_class.title}: {len(a_class.files)} files handed in.")
    return batch_id


def _watch(console: Console, api: ApiClient, handed_in: list[tuple[DemoClass, str]]) -> None:
    batch_ids = [batch_id for _, batch_id in handed_in]

    def all_read() -> bool:
        return all(api.status(batch_id)["status"] == "ready" for batch_id in batch_ids)

    _until(all_read, DONE_WITHIN_S, "the files to be read")
    started = monotonic()
    for batch_id in batch_ids:
        api.start(batch_id, PIPELINE)
    with shown_on(console) as shown:

        def all_ended() -> bool:
            statuses = [(a_class, api.status(batch_id)) for a_class, batch_id in handed_in]
            for a_class, status in statuses:
                shown.show(a_class.title, status)
            return all(status["status"] in TERMINAL for _, status in statuses)

        _until(all_ended, DONE_WITHIN_S, "the results")
    console.print(f"Both classes are done {monotonic() - started:.1f} s after their start.")


def _show_results(console: Console, api: ApiClient, a_class: DemoClass, batch_id: str) -> bool:
    results = api.results(batch_id)
    rows = results["essays"]
    essays = {
        row["essay_id"]: api.essay(batch_id, row["essay_id"]) for row in rows if row["spelling"]
    }
    assessment = api.assessment(batch_id)
    ranked = {each["essay_id"]: each for each in assessment["essays"]}
    console.print()
    console.print(tables.results(a_class.title, rows, essays, ranked))
    console.print(tables.about_ranking(assessment), style="dim")
    return all(_is_right(a_class, row, ranked) for row in rows)


def _is_right(a_class: DemoClass, row: dict[str, Any], ranked: Mapping[str, Any]) -> bool:
    """Whether an essay is its own pupil's, and has its results and its rank or what is wrong with it."""
    pupil = a_class.pupil_of(row["file_name"] or "")
    if pupil is None or row["student_name"] != pupil:
        return False
    expected = classes.BAD_FILES.get(pupil)
    if expected is not None:
        return bool(row["failure_code"] == expected)
    is_whole = row["status"] == "processed" and row["spelling"] and row["metrics"]
    return bool(is_whole and row["essay_id"] in ranked)


def _until(condition: Callable[[], bool], within_s: float, what: str) -> None:
    last = monotonic() + within_s
    while not condition():
        if monotonic() > last:
            raise TimeoutError(f"waited {within_s:.0f} s for {what}")
        sleep(LOOK_EVERY_S)
