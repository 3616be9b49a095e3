"""`huleedu env`: how to join the system that runs here, for a shell."""

import shlex
import sys
from pathlib import Path

from app.cli import where
from app.local import places
from app.local.lock import HomeLock


def run(project: Path) -> int:
    """Print the running system's environment as shell commands; 1 if nothing runs."""
    running = HomeLock(places.home_directory(where.home(project))).holder()
    if running is None:
        print("Nothing runs here; start it with: huleedu up", file=sys.stderr)
        return 1
    for name, value in sorted(running["env"].items()):
        print(f"export {name}={shlex.quote(value)}")
    return 0
