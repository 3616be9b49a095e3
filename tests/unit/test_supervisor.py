"""The supervisor, on stand-in processes."""

import os
import select
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.local.background import Background
from app.local.charge import Charge
from app.local.errors import Interrupted, NotReady
from app.local.process import MAX_LOG_BYTES, Process, ProcessSpec
from app.local.supervisor import Supervisor

TIMEOUT_S = 60
# Forks a child, as a Celery worker does; notes both and the files that were there before it.
FAMILY = """
import os, pathlib, signal, sys
note, seen, stubborn = pathlib.Path(sys.argv[1]), sorted(os.listdir(sys.argv[2])), sys.argv[3:]
if stubborn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if not child:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
while not child:
    signal.pause()
unfinished = note.with_suffix(".new")
unfinished.write_text(f"{os.getpid()} {child} {' '.join(seen)}")
unfinished.rename(note)
print("Ready.", flush=True)
while True:
    signal.pause()
"""
# A supervisor to be killed: two families; says so when they are ready.
SUPERVISED = f"""
import pathlib, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from app.local.errors import Interrupted
from app.local.supervisor import Supervisor
import test_supervisor as tests
home = pathlib.Path(sys.argv[1])
specs = [tests.family(home, name, stubborn=len(sys.argv) > 2) for name in ("one", "two")]
supervisor = Supervisor(specs, home / "logs")
supervisor.start()
print("ready", flush=True)
supervisor.run()
print("stopping", flush=True)
supervisor.stop()
print("stopped", flush=True)
"""


def family(home: Path, name: str, *, stubborn: bool = False, **particulars) -> ProcessSpec:
    note = home / "notes" / name
    note.parent.mkdir(exist_ok=True)
    more = ["stubborn"] if stubborn else []
    return ProcessSpec(
        **{
            "name": name,
            "argv": [sys.executable, "-I", "-S", "-c", FAMILY, str(note), str(note.parent), *more],
            "before": lambda: note.unlink(missing_ok=True),
            "ready": note.exists,
            "stop_timeout_s": 600 if stubborn else 10,
        }
        | particulars
    )


def program(name: str, code: str, **particulars) -> ProcessSpec:
    return ProcessSpec(
        name=name, argv=[sys.executable, "-I", "-S", "-c", textwrap.dedent(code)], **particulars
    )


def members(home: Path, name: str) -> list[psutil.Process]:
    numbers = (home / "notes" / name).read_text().split()[:2]
    return [psutil.Process(int(number)) for number in numbers]


def still_alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Who has not ended in ample time. Whether anybody has reaped them is not the question."""
    return [each for each in processes if not _has_ended(each)]


def _has_ended(process: psutil.Process) -> bool:
    try:
        pidfd = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([pidfd], [], [], TIMEOUT_S)[0])
    finally:
        os.close(pidfd)


@pytest.fixture
def home(tmp_path) -> Path:
    (tmp_path / "notes").mkdir()
    return tmp_path


@pytest.fixture
def supervise(home) -> Iterator:
    made = []

    def supervise(*stages, **options) -> Supervisor:
        supervisor = Supervisor(stages, home / "logs", **options)
        made.append(supervisor)
        return supervisor

    yield supervise
    for each in made:
        each.stop_soon(hard=True)
        each.stop()


@pytest.fixture
def supervisor_program(home) -> Iterator:
    """Starts a supervisor in a program of its own; returns it with everybody it looks after."""
    made = []

    def start(*options: str) -> tuple[subprocess.Popen, list[psutil.Process]]:
        command = [sys.executable, "-c", SUPERVISED, str(home), *options]
        popen = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        made.append(popen)
        assert popen.stdout.readline() == "ready\n"
        return popen, psutil.Process(popen.pid).children(recursive=True)

    yield start
    for each in made:
        each.kill()
        each.communicate()


class TestStarting:
    def test_a_stage_starts_when_the_one_before_it_is_ready(self, home, supervise):
        stages = family(home, "one"), (family(home, "two"), family(home, "three"))

        supervise(*stages).start()

        assert "one" in (home / "notes" / "two").read_text().split()
        assert "one" in (home / "notes" / "three").read_text().split()

    def test_what_runs_once_has_ended_before_the_next_stage_starts(self, home, supervise):
        once = program("migrate", f"open({str(home / 'notes' / 'done')!r}, 'w')", once=True)

        supervisor = supervise(once, family(home, "after"))
        supervisor.start()

        assert "done" in (home / "notes" / "after").read_text().split()
        assert supervisor.pid("migrate") is None

    def test_a_process_that_never_gets_ready_is_named_with_the_end_of_its_log(
        self, home, supervise
    ):
        code = "import signal; print('Waiting for Godot.', flush=True); signal.pause()"
        waiting = program("estragon", code, ready=lambda: False, ready_timeout_s=2)

        with pytest.raises(NotReady) as refused:
            supervise(waiting).start()

        assert "estragon was not ready after 2 s" in str(refused.value)
        assert str(home / "logs" / "estragon.log") in str(refused.value)
        assert "Waiting for Godot." in str(refused.value)

    def test_a_process_that_ends_before_it_is_ready_stops_the_start_at_once(self, supervise):
        code = "import sys; sys.exit('No such module.')"
        broken = program("web", code, ready=lambda: False, ready_timeout_s=600)

        with pytest.raises(NotReady, match="exit status 1") as refused:
            supervise(broken).start()

        assert "No such module." in str(refused.value)

    def test_what_runs_once_and_fails_stops_the_start(self, supervise):
        with pytest.raises(NotReady, match="migrate ended with exit status 3"):
            supervise(program("migrate", "raise SystemExit(3)", once=True)).start()

    def test_a_program_that_does_not_exist_is_named(self, supervise):
        missing = ProcessSpec(name="web", argv=["/no/such/program"], ready=lambda: False)

        with pytest.raises(NotReady, match="Cannot run /no/such/program"):
            supervise(missing).start()

    def test_a_failed_start_leaves_nothing_running(self, bystanders, home, supervise):
        supervisor = supervise(
            family(home, "one"), program("two", "raise SystemExit(1)", once=True)
        )

        with pytest.raises(NotReady):
            supervisor.start()

        assert not still_alive(bystanders.newcomers())

    def test_a_large_log_is_moved_aside(self, home, supervise):
        (home / "logs").mkdir()
        (home / "logs" / "one.log").write_bytes(b"." * (MAX_LOG_BYTES + 1))

        supervise(family(home, "one")).start()

        assert (home / "logs" / "one.log").read_text() == "Ready.\n"
        assert (home / "logs" / "one.log.1").stat().st_size > MAX_LOG_BYTES


class TestRestarting:
    def test_a_process_that_dies_is_started_again_and_it_is_said(self, home, supervise):
        said = []
        supervisor = supervise(family(home, "worker"), say=said.append)
        supervisor.start()
        first = supervisor.pid("worker")

        supervisor.kill("worker")

        assert supervisor.wait_until_ready("worker", other_than=first) != first
        assert len(said) == 1
        assert said[0].startswith("worker was ended by SIGKILL. Starting it again now")

    def test_what_a_dead_process_has_forked_dies_with_it(self, home, supervise):
        supervisor = supervise(family(home, "worker"))
        supervisor.start()
        leader, forked = members(home, "worker")

        supervisor.kill("worker")
        supervisor.wait_until_ready("worker", other_than=leader.pid)

        assert not still_alive([leader, forked])

    def test_a_process_that_keeps_dying_is_started_again_less_and_less_often(self, supervise):
        said = []

        def say(sentence: str) -> None:
            said.append(sentence.partition("again ")[2].partition(";")[0])
            if len(said) == 3:
                supervisor.stop_soon()

        supervisor = supervise(program("web", "raise SystemExit(1)"), say=say)
        supervisor.start()

        supervisor.run()

        assert said == ["now", "in 0.5 s", "in 1 s"]

    def test_a_process_that_never_recovers_is_never_given_up(self, home):
        charge = Charge(Process(family(home, "web"), home / "web.log"))

        delays = [charge.back_off(now=0.0) for _ in range(5000)]

        assert delays[:6] == [0, 0.5, 1, 2, 4, 5]
        assert set(delays[6:]) == {5}

    def test_a_process_that_ran_for_long_is_started_again_at_once(self, home):
        charge = Charge(Process(family(home, "web"), home / "web.log"))

        delays = [charge.back_off(now=0.0), charge.back_off(now=0.0), charge.back_off(now=60.0)]

        assert delays == [0, 0.5, 0]

    def test_a_held_process_stays_dead_until_it_is_released(self, home, supervise):
        supervisor = supervise(family(home, "redis"))
        supervisor.start()
        first = supervisor.pid("redis")

        supervisor.hold("redis")
        supervisor.kill("redis")
        with pytest.raises(NotReady):
            supervisor.wait_until_ready("redis", other_than=first, timeout_s=1)
        supervisor.release("redis")

        assert supervisor.wait_until_ready("redis", other_than=first) != first


class TestStopping:
    def test_nothing_is_left_running(self, bystanders, home, supervise):
        supervisor = supervise(family(home, "one"), family(home, "two"))
        supervisor.start()
        everybody = bystanders.newcomers()

        supervisor.stop()

        assert len(everybody) == 5  # two families and the warden
        assert not still_alive(everybody)

    def test_the_last_started_is_stopped_first(self, home, supervise):
        code = f"""
            import pathlib, signal, sys
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            pathlib.Path({str(home)!r}, "ready").touch()
            try:
                signal.pause()
            finally:
                pathlib.Path({str(home)!r}, "left").write_text(
                    pathlib.Path({str(home)!r}, "notes", "one").read_text().split()[0])
        """
        last = program("two", code, ready=(home / "ready").exists)
        supervisor = supervise(family(home, "one"), last)
        supervisor.start()
        first = supervisor.pid("one")

        supervisor.stop()

        assert (home / "left").read_text() == str(first)

    def test_a_process_that_does_not_listen_is_killed_with_its_children(self, home, supervise):
        supervisor = supervise(family(home, "deaf", stubborn=True, stop_timeout_s=0.5))
        supervisor.start()
        everybody = members(home, "deaf")

        supervisor.stop()

        assert not still_alive(everybody)

    def test_a_start_can_be_interrupted(self, supervise):
        slow = program("slow", "import signal; signal.pause()", ready=lambda: False)
        supervisor = supervise(slow)
        threading.Timer(0.2, supervisor.stop_soon).start()

        with pytest.raises(Interrupted):
            supervisor.start()

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_stops_everything(self, supervisor_program, number):
        supervisor, everybody = supervisor_program()

        supervisor.send_signal(number)
        said, _ = supervisor.communicate(timeout=TIMEOUT_S)

        assert said == "stopping\nstopped\n"
        assert supervisor.returncode == 0
        assert not still_alive(everybody)

    def test_a_second_signal_kills_what_does_not_listen(self, supervisor_program):
        supervisor, everybody = supervisor_program("stubborn")

        supervisor.send_signal(signal.SIGINT)
        assert supervisor.stdout.readline() == "stopping\n"
        supervisor.send_signal(signal.SIGINT)

        assert supervisor.wait(TIMEOUT_S) == 0
        assert not still_alive(everybody)

    def test_a_killed_supervisor_leaves_no_orphans(self, supervisor_program):
        supervisor, everybody = supervisor_program()

        supervisor.kill()

        assert len(everybody) == 5
        assert not still_alive(everybody)

    def test_a_dead_warden_is_replaced(self, home, supervise):
        supervisor = supervise(family(home, "one"))
        supervisor.start()
        warden = psutil.Process(supervisor._warden._popen.pid)
        first = supervisor.pid("one")

        warden.kill()
        warden.wait()
        supervisor.kill("one")
        supervisor.wait_until_ready("one", other_than=first)

        assert supervisor._warden._popen.pid != warden.pid


class TestInTheBackground:
    def test_processes_are_looked_after_while_the_block_does_something_else(self, home, supervise):
        supervisor = supervise(family(home, "worker"), say=lambda _: None)

        with Background(supervisor):
            first = supervisor.pid("worker")
            supervisor.kill("worker")
            second = supervisor.wait_until_ready("worker", other_than=first)
            everybody = members(home, "worker")

        assert second != first
        assert not still_alive(everybody)

    def test_a_failed_start_is_raised_on_entering(self, supervise):
        broken = supervise(program("web", "raise SystemExit(1)", ready=lambda: False))

        with pytest.raises(NotReady, match="web ended"), Background(broken):
            pytest.fail("The block must not be entered.")

    def test_an_error_in_the_loop_interrupts_the_block(self, home, supervise):
        def fail(_: str) -> None:
            raise RuntimeError("Nobody listens.")

        def block() -> None:
            with Background(supervisor):
                supervisor.kill("worker")
                threading.Event().wait(TIMEOUT_S)

        supervisor = supervise(family(home, "worker"), say=fail)

        with pytest.raises(RuntimeError, match="Nobody listens"):
            block()

    def test_a_signal_interrupts_the_block_and_stops_everything(self, home, supervise):
        before = signal.getsignal(signal.SIGTERM)
        supervisor = supervise(family(home, "worker"))

        def block() -> None:
            with Background(supervisor):
                everybody.extend(members(home, "worker"))
                signal.raise_signal(signal.SIGTERM)

        everybody = []
        with pytest.raises(KeyboardInterrupt):
            block()

        assert not still_alive(everybody)
        assert signal.getsignal(signal.SIGTERM) is before
