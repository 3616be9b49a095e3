"""`python -m tests.mutants [WORD…]`: each mutant in a copy of the tree, and which test catches it.

A mutant is the removal of one guard, given by the exact text that is replaced. A text that is not there any more, or
is there twice, is an error: the guard has moved, and its mutant has to follow. The tests have to pass where nothing is
removed, which is tried first. Ends with 1 unless each mutant is caught: one survives if the tests pass all the same,
and is not decided if they take too long or cannot be run.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants import trial
from tests.mutants.trial import Passed, Undecided, Verdict

PROJECT = Path(__file__).resolve().parents[2]
LIMIT_S = 600.0
UNCHANGED = "nothing removed: the tests pass"


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
    returning done, failed""",
            """and wave_no = :wave_no
      and planning_token is not distinct from :token
    returning done, failed""",
        ),
    ),
    "no mark: what was sent is sent again and again": (
        Edit(RELAYING, "        uow.outbox.mark_published(dealt_with)\n", "        pass\n"),
    ),
    "no run lock: two branches that close at once each see the other open": (
        Edit(
            RUNS,
            'prepared("select status from runs where id = :id for no key update")',
            'prepared("select status from runs where id = :id")',
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
    returning done, failed""",
            """and (true or wave_no = :wave_no) and remaining = 0
      and planning_token is not distinct from :token
    returning done, failed""",
        ),
    ),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Try the mutants, or those whose description contains one of the words; 1 unless all are caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("words", nargs="*", help="only mutants that say this")
    parser.add_argument("--reds", type=int, default=1, help="stop at so many failing tests")
    parser.add_argument(
        "--limit-s", type=float, default=LIMIT_S, help="how long the tests may take for one mutant"
    )
    arguments = parser.parse_args(argv)
    unchanged = _try(UNCHANGED, (), arguments)
    if not isinstance(unchanged, Passed):
        print("Without any mutant the tests do not pass, so they tell nothing of one.")
        return 1
    wanted = [name for name in MUTANTS if _is_wanted(name, arguments.words)]
    verdicts = [_try(name, MUTANTS[name], arguments) for name in wanted]
    survived = sum(isinstance(each, Passed) for each in verdicts)
    undecided = sum(isinstance(each, Undecided) for each in verdicts)
    caught = len(wanted) - survived - undecided
    print(f"{caught} of {len(wanted)} caught, {survived} survived, {undecided} not decided")
    return 0 if caught == len(wanted) else 1


def _is_wanted(name: str, words: Sequence[str]) -> bool:
    return not words or any(word in name for word in words)


def _try(name: str, edits: Sequence[Edit], arguments: argparse.Namespace) -> Verdict:
    """Run the tests where these edits are made, and print what came of it."""
    with tempfile.TemporaryDirectory(prefix="huleedu-mutant-") as directory:
        tree = Path(directory)
        _copy(tree)
        for edit in edits:
            edit.apply(tree)
        verdict = trial.run(tree, reds=arguments.reds, limit_s=arguments.limit_s)
    print(f"{_word(verdict, is_mutant=bool(edits))}  {name}  ({verdict.took_s:.0f} s)", flush=True)
    for line in verdict.lines():
        print(f"    {line}", flush=True)
    return verdict


def _word(verdict: Verdict, *, is_mutant: bool) -> str:
    if isinstance(verdict, Undecided):
        return "NOT DECIDED"
    if isinstance(verdict, Passed):
        return "SURVIVED" if is_mutant else "passed"
    return "caught" if is_mutant else "FAILED"


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


if __name__ == "__main__":
    sys.exit(main())
