"""The tests that should notice, run in a tree: until some fail, and not longer than so many seconds."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TextIO

import psutil

TESTS = (
    "tests/integration/test_ledger.py",
    "tests/integration/test_streaming.py",
    "tests/integration/test_reconciler.py",
    "tests/integration/test_starting.py",
    "tests/integration/test_transactions.py",
    "tests/integration/test_ledger_machine.py",
)
# What a test needs may be missing, too, which says nothing of a mutant: that is an error, and no failure.
FAILED = re.compile(r"^(\S+::.+?) FAILED", re.M)
ENDS_WITHIN_S = 30.0
TAIL = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the tests say.

    Attributes:
        took_s: how long they took.
    """

    took_s: float

    def lines(self) -> Sequence[str]:
        """What else there is to say."""
        return ()


class Passed(Verdict):
    """Nothing was noticed."""


@dataclass(frozen=True, slots=True)
class Failed(Verdict):
    """Some test noticed."""

    tests: tuple[str, ...]

    def lines(self) -> Sequence[str]:
        return self.tests


@dataclass(frozen=True, slots=True)
class Undecided(Verdict):
    """Nobody can say."""

    why: str

    def lines(self) -> Sequence[str]:
        return self.why.splitlines()


def run(
    tree: Path, *, reds: int = 1, limit_s: float, tests: Sequence[str] = TESTS
) -> Passed | Failed | Undecided:
    """Run the tests in a tree.

    Args:
        reds: at how many failures to stop.
    """
    output = tree / "pytest.out"
    began = monotonic()
    with output.open("w") as file:
        code = _run(_command(tree, reds, tests), tree, file, limit_s)
    return judge(code, output.read_text(), took_s=monotonic() - began)


def judge(code: int | None, output: str, *, took_s: float) -> Passed | Failed | Undecided:
    """What pytest's exit status and output say; no status if its time was up."""
    failed = tuple(dict.fromkeys(FAILED.findall(output)))
    if failed:
        return Failed(took_s, failed)
    if code == 0:
        return Passed(took_s)
    tail = "\n".join(output.splitlines()[-TAIL:])
    why = "their time was up" if code is None else f"pytest ended with {code}"
    return Undecided(took_s, f"{why}:\n{tail}")


def _command(tree: Path, reds: int, tests: Sequence[str]) -> list[str]:
    return [
        *(sys.executable, "-m", "pytest", "-v", "--no-header", "--tb=no", "--color=no"),
        *("-p", "no:cacheprovider", "-p", "tests.mutants.first_red"),
        *(f"--maxfail={reds}", f"--basetemp={tree / 'tmp'}"),
        *tests,
    ]


def _run(command: Sequence[str], tree: Path, output: TextIO, limit_s: float) -> int | None:
    process = subprocess.Popen(
        command, cwd=tree, stdout=output, stderr=subprocess.STDOUT, env=_environment()
    )
    try:
        return process.wait(limit_s)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(process)


def _environment() -> dict[str, str]:
    # So that a test's name is on the disk when the test hangs.
    return {**os.environ, "PYTHONUNBUFFERED": "1"}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask pytest to end its servers and itself; kill what has not ended then. Nothing, if it has ended."""
    if process.poll() is not None:
        return
    family = [psutil.Process(process.pid)]
    with suppress(psutil.NoSuchProcess):
        family += family[0].children(recursive=True)
    process.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(ENDS_WITHIN_S)
    for each in family:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    process.wait()
