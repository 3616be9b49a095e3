"""The catalogue as a request sees it: the file's pipelines, and those that were defined while the system runs.

A name of the file cannot be defined anew, so whoever asks for one needs no question to the database.
"""

from app.services.deps import Deps
from app.unit_of_work import UnitOfWork
from pipelines.catalogue import Catalogue
from pipelines.specs import PipelineSpec


def catalogue_for(name: str, uow: UnitOfWork, deps: Deps) -> Catalogue:
    """The catalogue in which a pipeline or a phase of that name is, if it is anywhere."""
    return deps.catalogue if name in deps.catalogue else whole(uow, deps)


def whole(uow: UnitOfWork, deps: Deps) -> Catalogue:
    """Every pipeline there is."""
    return deps.catalogue.with_more(
        PipelineSpec(row.name, row.title, tuple(row.phases)) for row in uow.definitions.all()
    )
