"""Files as schools and enemies make them, handed in to the real system."""

from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import psutil
import pytest

from app.local.stack import Stack
from tests import corpus
from tests.acceptance.conftest import Teacher, eventually
from tests.factories import a_registration

MOST_BYTES = 400 * 1024 * 1024
LOOK_EVERY_S = 0.05


class Watched:
    """A worker with all its processes: which there were, and how much memory each had at most."""

    def __init__(self, stack: Stack) -> None:
        self._worker = next(
            process
            for process in psutil.process_iter(["cmdline", "environ"])
            if _is_worker_of(process, stack)
        )
        self.peaks: dict[int, int] = {}
        self._ends = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watched":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def pool(self) -> set[int]:
        """The worker and the processes of its pool, without those that read for them."""
        family = [self._worker, *self._worker.children()]
        return {
            process.pid for process in family if "text_reader_child" not in str(process.cmdline())
        }

    def _look(self) -> None:
        while not self._ends.wait(LOOK_EVERY_S):
            for process in [self._worker, *self._worker.children(recursive=True)]:
                try:
                    used = process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
                self.peaks[process.pid] = max(used, self.peaks.get(process.pid, 0))


def _is_worker_of(process: psutil.Process, stack: Stack) -> bool:
    words = process.info["cmdline"] or []
    environ = process.info["environ"] or {}
    is_ours = environ.get("DATABASE_URL") == stack.env["DATABASE_URL"]
    parent = process.parent()
    is_first = parent is None or "worker" not in parent.cmdline()
    return is_ours and {"worker", "local@%h"} <= set(words) and is_first


@pytest.fixture
def worker(stack: Stack) -> Iterator[Watched]:
    with Watched(stack) as watched:
        yield watched


def listed(teacher: Teacher, batch: str) -> dict[str, dict[str, Any]]:
    return {
        file["file_name"]: file
        for file in teacher.http.get(f"/v1/batches/{batch}/files").json()["items"]
    }


def test_no_file_whatever_ends_a_worker_or_holds_up_its_neighbours(
    teacher: Teacher, worker: Watched
) -> None:
    good, bad = corpus.every(corpus.good()), corpus.every(corpus.bad())
    cases = {**good, **bad}
    batch = teacher.api.register(a_registration(len(cases)))
    before = worker.pool()

    names = list(cases)
    for some in (names[n : n + 20] for n in range(0, len(names), 20)):
        answer = teacher.sends(batch, {name: cases[name].body for name in some})
        assert answer.status_code == 202, answer.text
    eventually(
        lambda: all(f["status"] in {"read", "failed"} for f in listed(teacher, batch).values()),
        "every file has been read or refused",
        within_s=150,
    )

    files = listed(teacher, batch)
    assert {name: files[name]["failure_code"] for name in cases} == {
        name: case.code for name, case in cases.items()
    }
    assert worker.pool() == before
    assert max(worker.peaks.values()) <= MOST_BYTES
    assert all(file["failure_hint"] for file in files.values() if file["failure_code"])


def test_archives_are_taken_apart_and_bad_ones_named(teacher: Teacher) -> None:
    archives = corpus.every([*corpus.archives(), *corpus.members()])
    good = corpus.a_zip({"9a/kim.docx": corpus.a_docx(), "9a/lee.pdf": corpus.a_pdf()})
    batch = teacher.api.register(a_registration(2))

    answer = teacher.sends(
        batch, {name: case.body for name, case in archives.items()} | {"klass.zip": good}
    )

    rows = answer.json()["items"]
    refused = {row["archive_name"] or row["file_name"]: row["failure_code"] for row in rows}
    assert refused == {name: case.code for name, case in archives.items()} | {"klass.zip": None}
    teacher.waits_until(batch, "ready")
    assert {name: file["status"] for name, file in listed(teacher, batch).items()} == {
        "kim.docx": "read",
        "lee.pdf": "read",
    }


def test_the_same_text_gets_the_same_results_whatever_it_came_in(teacher: Teacher) -> None:
    kinds = ("word.docx", "open.odt", "rich.rtf", "plain.txt")
    good = corpus.every(corpus.good())
    batch = teacher.hands_in({name: good[name].body for name in kinds})

    teacher.runs(batch)

    essays = teacher.essays(batch)
    first = essays["word.docx"]
    assert first["status"] == "processed"
    for name in kinds:
        assert essays[name]["metrics"] == first["metrics"], name
        assert essays[name]["spelling"] == first["spelling"], name


def test_a_file_is_taken_out_put_back_and_given_to_its_pupil(teacher: Teacher) -> None:
    body = corpus.a_docx()
    batch = teacher.hands_in(
        {"Anna Berg.docx": body, "empty.txt": ""}, student_names=["Anna Berg", "Bo Ek"]
    )
    teacher.waits_until(batch, "ready")
    files = listed(teacher, batch)
    address = f"/v1/batches/{batch}/files/{files['Anna Berg.docx']['file_id']}"

    content = teacher.http.get(f"{address}/content")
    again = teacher.http.post(f"/v1/batches/{batch}/files/{files['empty.txt']['file_id']}/retry")
    named = teacher.http.patch(
        f"/v1/batches/{batch}/essays/essay-2", json={"student_name": "Bo Ek"}
    )
    removed = teacher.http.delete(address)

    assert content.content == body
    assert content.headers["Content-Disposition"].startswith("attachment")
    assert content.headers["X-Content-Type-Options"] == "nosniff"
    assert (again.status_code, again.json()["status"]) == (202, "received")
    assert named.json()["student_name"] == "Bo Ek"
    assert removed.status_code == 204
    assert teacher.http.get(f"{address}/content").status_code == 404
    assert teacher.api.status(batch)["status"] == "registered"
    essays = teacher.api.results(batch)["essays"]
    assert [(e["file_name"], e["student_name"]) for e in essays] == [
        (None, None),
        ("empty.txt", "Bo Ek"),
    ]
