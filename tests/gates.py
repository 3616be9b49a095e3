"""Files that essays wait for, so that a test decides how far a run comes."""

from pathlib import Path


class Gate:
    """A file that essays wait for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def before(self, phase: str) -> str:
        """What to write in an essay that shall wait in a phase."""
        return f"[{phase}:wait={self._path}]"

    def is_waited_for(self) -> int | None:
        """The process in which a unit stands before the gate, if there is one."""
        held = Path(f"{self._path}.held")
        return int(held.read_text() or 0) if held.exists() else None

    def open(self) -> None:
        """Let everybody through."""
        self._path.touch()
