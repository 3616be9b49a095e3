"""What can keep the embedded default from running; each says what to do about it."""

from pathlib import Path

TAIL_LINES = 20
TAIL_BYTES = 16_384


class LocalError(Exception):
    """The embedded default cannot run here."""


class ProgramNotFound(LocalError):
    """A server's program is not installed."""


class Unusable(LocalError):
    """A directory is not the private directory of the account that needs it."""


class AlreadyRunning(LocalError):
    """Something else runs on the same data."""


class NoCatalogue(LocalError):
    """The catalogue of phases and pipelines is wrong, or cannot be read."""


class Interrupted(LocalError):
    """Somebody asked to stop before everything had started."""


class NotReady(LocalError):
    """A process ended, or took too long, before it could be used.

    Args:
        name: the process.
        why: what happened, as the rest of a sentence that begins with the name.
        log: where the process writes; its last lines are quoted.
    """

    def __init__(self, name: str, why: str, log: Path):
        lines = last_lines(log)
        quoted = "\n".join(f"    {line}" for line in lines) or "    (it wrote nothing)"
        super().__init__(f"{name} {why}. The end of {log}:\n{quoted}")
        self.name = name
        self.log = log


def last_lines(log: Path, count: int = TAIL_LINES) -> list[str]:
    """The last lines of a log; none if it cannot be read. Bytes that are not UTF-8 are replaced."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - TAIL_BYTES))
            return file.read().decode(errors="replace").splitlines()[-count:]
    except OSError:
        return []
