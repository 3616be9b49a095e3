"""What every reader of files must do; and what only the real one can: come through whatever a file does to it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from app.clients.text_reader import ChildTextReader
from app.ports import TextReader
from pipelines.extraction import Extracted, Refused
from tests import corpus
from tests.fakes import FakeTextReader

WITHIN_S = 60.0
ESSAY = corpus.text_of(corpus.ESSAY)


@pytest.fixture
def child() -> Iterator[ChildTextReader]:
    reader = ChildTextReader(WITHIN_S)
    yield reader
    reader.close()


@pytest.fixture(params=["fake", "child"])
def reader(request: pytest.FixtureRequest) -> TextReader:
    if request.param == "fake":
        return FakeTextReader()
    return request.getfixturevalue("child")


@pytest.mark.parametrize("name", ["plain.txt", "word.docx", "open.odt", "rich.rtf"])
def test_a_good_file_has_its_text(reader: TextReader, name: str):
    found = reader.read(name, corpus.every(corpus.good())[name].body)

    assert isinstance(found, Extracted)
    assert found.text == ESSAY


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.docx", b"", "empty"),
        ("a.docx", corpus.a_pdf(), "wrong_content"),
        ("Bo Öström 😀.DOCX", corpus.a_docx(["Short."]), "too_short"),
        ("no ending", b"x", "unsupported_type"),
    ],
)
def test_a_bad_file_has_its_code(reader: TextReader, name: str, body: bytes, code: str):
    found = reader.read(name, body)

    assert isinstance(found, Refused)
    assert found.code == code


class TestTheChild:
    def test_is_started_by_the_first_document_and_lives_on(self, child):
        child.read("a.txt", ESSAY.encode())
        before = child.child_pid
        child.read("a.docx", corpus.a_docx())
        first = child.child_pid
        child.read("a.odt", corpus.an_odt())

        assert before is None
        assert first is not None
        assert child.child_pid == first

    def test_is_told_nothing_but_where_programs_are(self, child, monkeypatch):
        monkeypatch.setenv("HULEEDU_SECRET_KEY", "secret")
        child.read("a.docx", corpus.a_docx())

        assert "secret" not in str(psutil.Process(child.child_pid).environ())

    def test_that_does_not_answer_in_time_is_ended_and_the_next_file_is_read(self):
        child = ChildTextReader(1.0)
        child.read("a.docx", corpus.a_docx())
        stuck = psutil.Process(child.child_pid)
        stuck.suspend()

        late = child.read("a.docx", corpus.a_docx())

        assert isinstance(late, Refused)
        assert late.code == "took_too_long"
        assert not stuck.is_running()
        child._within_s = WITHIN_S
        assert isinstance(child.read("a.docx", corpus.a_docx()), Extracted)
        child.close()

    def test_that_was_killed_meanwhile_is_started_again(self, child):
        child.read("a.docx", corpus.a_docx())
        killed = child.child_pid
        os.kill(killed, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(killed)], timeout=10)

        assert isinstance(child.read("a.docx", corpus.a_docx()), Extracted)
        assert child.child_pid != killed

    def test_that_dies_of_a_file_refuses_it_and_not_the_next(self, child, monkeypatch):
        child.read("a.docx", corpus.a_docx())
        process = psutil.Process(child.child_pid)
        process.suspend()
        monkeypatch.setattr("app.clients.text_reader.send", lambda *_: process.kill())

        found = child.read("a.docx", corpus.a_docx())
        monkeypatch.undo()

        assert isinstance(found, Refused)
        assert found.code == "unreadable"
        assert isinstance(child.read("a.docx", corpus.a_docx()), Extracted)

    def test_that_has_no_more_memory_says_so_and_makes_room_for_another(self, child):
        child.read("a.docx", corpus.a_docx())
        needs = psutil.Process(child.child_pid).memory_info().vms
        remark = f"<!--{os.urandom(6 << 20).hex()}-->"
        tight = ChildTextReader(WITHIN_S, memory_bytes=needs + (20 << 20))
        tight.read("a.docx", corpus.a_docx())
        first = tight.child_pid

        found = tight.read("large.docx", corpus.a_docx_of(remark))

        assert isinstance(found, Refused)
        assert found.code == "archive_bomb"
        assert isinstance(tight.read("a.docx", corpus.a_docx()), Extracted)
        assert tight.child_pid != first
        tight.close()

    def test_takes_no_more_memory_than_it_may_whatever_it_is_given(self, child):
        for case in corpus.bad():
            child.read(case.name, case.body)
            if child.child_pid is not None:
                assert psutil.Process(child.child_pid).memory_info().rss < 400 << 20, case.name

    def test_ends_with_its_owner_even_if_that_is_killed(self):
        owner = (
            "import os, signal; from app.clients.text_reader import ChildTextReader as R;"
            "from tests import corpus; r = R(60); r.read('a.docx', corpus.a_docx());"
            "print(r.child_pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
        )
        ran = subprocess.run(
            [sys.executable, "-c", owner], capture_output=True, text=True, check=False
        )
        pid = int(ran.stdout)

        gone, _ = psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], 10)

        assert not psutil.pid_exists(pid) or gone

    def test_closing_twice_or_before_the_first_file_is_nothing(self, child):
        child.close()
        child.read("a.docx", corpus.a_docx())
        child.close()
        child.close()

        assert child.child_pid is None
