"""`python -m tests.mutants [NAME…]`: each mutant in a copy of the tree, and which tests caught it.

A mutant is the removal of one guard, given by the exact text that is replaced. A text that is not there any more, or
is there twice, is an error: the guard has moved, and its mutant has to follow. Ends with 1 if a mutant survives.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TESTS = (
    "tests/integration/test_ledger.py",
    "tests/integration/test_streaming.py",
    "tests/integration/test_reconciler.py",
    "tests/integration/test_starting.py",
    "tests/integration/test_transactions.py",
    "tests/integration/test_ledger_machine.py",
)
ENOUGH = 5
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.M)


@dataclass(frozen=True, slots=True)
class Edit:
    """A text of a file, which is there once, and what takes its place."""

    path: str
    old: str
    new: str

    def apply(self, tree: Path) -> None:
        """Make the edit in a tree.

        Raises:
            SystemExit: the text is not there exactly once.
        """
        file = tree / self.path
        text = file.read_text("utf-8")
        if text.count(self.old) != 1:
            sys.exit(f"{self.path} has this {text.count(self.old)} times, not once:\n{self.old}")
        file.write_text(text.replace(self.old, self.new), "utf-8")


RUNS, UNITS = "app/repositories/runs.py", "app/repositories/units.py"
WAVES, RELAYING = "app/services/waves.py", "app/services/relaying.py"

MUTANTS: dict[str, tuple[Edit, ...]] = {
    "no fencing: whoever holds no lease any more settles all the same": (
        Edit(
            UNITS,
            """
        where phase_run_id = :phase_run_id and position = any(cast(:positions as int[]))
          and status = 'running' and lease_token = :token
        order by position""",
            """
        where phase_run_id = :phase_run_id and position = any(cast(:positions as int[]))
          and status = 'running' and (true or lease_token = :token)
        order by position""",
        ),
    ),
    "no `remaining`: a wave is followed up before it is over": (
        Edit(
            RUNS,
            '" and wave_no = :wave_no and remaining = 0"',
            '" and wave_no = :wave_no"',
        ),
        Edit(
            RUNS,
            "and p.wave_no = :wave_no and p.remaining = 0\n      and (p.planning_until",
            "and p.wave_no = :wave_no\n      and (p.planning_until",
        ),
        Edit(
            RUNS,
            """and wave_no = :wave_no and remaining = 0
      and planning_token is not distinct from :token
    returning dispatch_no""",
            """and wave_no = :wave_no
      and planning_token is not distinct from :token
    returning dispatch_no""",
        ),
        Edit(
            RUNS,
            """and wave_no = :wave_no and remaining = 0
      and planning_token is not distinct from :token
    returning id""",
            """and wave_no = :wave_no
      and planning_token is not distinct from :token
    returning id""",
        ),
    ),
    "no mark: what was sent is sent again and again": (
        Edit(RELAYING, "        uow.outbox.mark_published(dealt_with)\n", "        pass\n"),
    ),
    "no run lock: two branches that close at once each see the other open": (
        Edit(
            RUNS,
            'text("select status from runs where id = :id for no key update")',
            'text("select status from runs where id = :id")',
        ),
    ),
    "no compare-and-set on wave_no: a late end is taken for the present wave's": (
        Edit(
            RUNS,
            '" and wave_no = :wave_no and remaining = 0"',
            '" and (true or wave_no = :wave_no) and remaining = 0"',
        ),
        Edit(
            RUNS,
            "and p.wave_no = :wave_no and p.remaining = 0\n      and (p.planning_until",
            "and (true or p.wave_no = :wave_no) and p.remaining = 0\n      and (p.planning_until",
        ),
        Edit(
            RUNS,
            """and wave_no = :wave_no and remaining = 0
      and planning_token is not distinct from :token
    returning dispatch_no""",
            """and (true or wave_no = :wave_no) and remaining = 0
      and planning_token is not distinct from :token
    returning dispatch_no""",
        ),
        Edit(
            RUNS,
            """and wave_no = :wave_no and remaining = 0
      and planning_token is not distinct from :token
    returning id""",
            """and (true or wave_no = :wave_no) and remaining = 0
      and planning_token is not distinct from :token
    returning id""",
        ),
    ),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Try the mutants, or those whose description contains one of the words; 1 if any survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("words", nargs="*", help="only mutants that say this")
    words = parser.parse_args(argv).words
    wanted = {
        name: edits
        for name, edits in MUTANTS.items()
        if not words or any(word in name for word in words)
    }
    survivors = [name for name, edits in wanted.items() if not caught(name, edits)]
    for name in survivors:
        print(f"SURVIVED  {name}")
    return 1 if survivors else 0


def caught(name: str, edits: Sequence[Edit]) -> bool:
    """Whether some test fails where these edits are made; prints which."""
    with tempfile.TemporaryDirectory(prefix="huleedu-mutant-") as directory:
        tree = Path(directory)
        _copy(tree)
        for edit in edits:
            edit.apply(tree)
        failed = _failing(tree)
    print(f"{'caught' if failed else 'NOT caught'}  {name}", flush=True)
    for test in failed:
        print(f"    {test}", flush=True)
    return bool(failed)


def _copy(tree: Path) -> None:
    """The files of the project that are known to git, as they are now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", "*.py", "*.cfg", "*.toml", "*.yaml", "*.ini"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        source = PROJECT / name
        if source.exists():
            target = tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())


def _failing(tree: Path) -> list[str]:
    """The first few tests that fail in a tree."""
    tests = [test for test in TESTS if (tree / test).exists()]
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "--no-header",
                "--tb=no",
                "-p",
                "no:cacheprovider",
            ),
            *(f"--maxfail={ENOUGH}", f"--basetemp={tree / 'tmp'}", *tests),
        ],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, 1}:
        sys.exit(f"pytest itself failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return list(dict.fromkeys(FAILED.findall(done.stdout)))


if __name__ == "__main__":
    sys.exit(main())
