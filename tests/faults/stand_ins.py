"""Programs of a test's own in place of those that carry messages and work on them."""

from collections.abc import Mapping, Sequence


def run_by(
    program: Sequence[str], commands: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[str]]:
    """All commands, the relay's and the worker's with a program that takes the name and the worker's arguments."""
    worker = list(commands["worker"])
    arguments = worker[worker.index("worker") + 1 :]
    return {
        **commands,
        "relay": (*program, "relay"),
        "worker": (*program, "worker", *arguments),
    }
