"""T9: whether a class is ranked by the same decisions, to the same bytes, whatever happens to messages and workers."""

import subprocess
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

from bench.stacks import PROJECT

Say = Callable[[str], None]

TEST = "tests/faults/test_a_ranking_comes_out_the_same.py"


def t9(*, say: Say = lambda _: None) -> dict[str, Any]:
    """The test that says so; it starts a system of its own, and harms it."""
    say(f"T9: {TEST}")
    began = monotonic()
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "-q", TEST),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say(done.stdout)
    return {"test": TEST, "took_s": monotonic() - began, "met": done.returncode == 0}
