"""`huleedu user`: accounts."""

from pathlib import Path

from rich.console import Console

from app.cli import where
from app.errors import EmailTaken
from app.services import accounts


def add(project: Path, email: str, display_name: str, role: str, password: str) -> int:
    """Make an account; 1 if the address is taken."""
    console = Console(highlight=False)
    with where.system(project) as system:
        try:
            accounts.add(email, display_name, password, role, deps=system.deps)
        except EmailTaken as exc:
            console.print(f"{exc.title} {exc.detail}", style="red")
            return 1
    console.print(f"{email} can sign in now.")
    return 0
