"""Environments of their own for what is measured beside HuleEdu, so that it is none of its requirements."""

import shutil
import subprocess
import sys
from pathlib import Path


class NotInstalled(Exception):
    """An environment could not be made; the message says why."""


def made(environment: Path, pins: Path, *, python: str = sys.executable) -> Path:
    """Make an environment, unless there is one of these pins; the directory of its programs.

    Args:
        environment: its folder.
        pins: requirements with hashes.
        python: the interpreter, or its version.

    Raises:
        NotInstalled: there is no such Python, or no package index.
    """
    programs, mark = environment / "bin", environment / "pins.txt"
    if mark.exists() and mark.read_bytes() == pins.read_bytes():
        return programs
    uv = str(Path(sys.executable).with_name("uv"))
    install = (uv, "pip", "install", "--quiet", "--python", str(programs / "python"))
    steps = (
        (uv, "venv", "--quiet", "--clear", "--python", python, str(environment)),
        (*install, "--require-hashes", "-r", str(pins)),
    )
    for step in steps:
        try:
            subprocess.run(step, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as exc:
            said = (getattr(exc, "stderr", None) or str(exc)).strip()
            raise NotInstalled(said) from exc
    shutil.copy(pins, mark)
    return programs
