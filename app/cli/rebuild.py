"""`huleedu rebuild`: the read model, made again."""

from pathlib import Path

from rich.console import Console

from app.cli import where
from app.projections import rebuild


def run(project: Path) -> int:
    """Make the read model again from the source tables."""
    with where.system(project) as system, system.deps.uow("rebuild") as uow:
        rebuild.rebuild(uow.session)
        uow.commit()
    Console().print("The read model has been made again.")
    return 0
