"""`huleedu env --new`: the environment of an installation in containers, with secrets of its own.

Needs Python alone, so that `make env` works where nothing of HuleEdu is installed: `python3 -m app.cli.new_env`.
"""

import os
import re
import secrets
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
BYTES = 32
# A secret is a name with nothing after it. What is made has no character that means something in a URL.
_SECRET = re.compile(r"^([A-Z][A-Z0-9_]*)=$", re.M)


def text(template: Path = PROJECT / ".env.example") -> str:
    """The template with a random word of 256 bits for every secret."""
    return _SECRET.sub(
        lambda found: f"{found[1]}={secrets.token_urlsafe(BYTES)}", template.read_text("utf-8")
    )


def main(path: Path = PROJECT / ".env") -> int:
    """Write it where Compose looks for it; what is there already is left alone."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        print(f"{path} is there already, and its secrets are in use.", file=sys.stderr)
        return 1
    with open(file, "w", encoding="utf-8") as written:
        written.write(text())
    print(f"Wrote {path}. Keep it: its passwords are those of the data.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
