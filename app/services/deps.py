"""What use cases are given: opened by `app.bootstrap` for real, by tests with fakes where a port allows it."""

from dataclasses import dataclass

from app.clock import Clock
from app.ports import ApiCache, Doorbell, TextReader, Tickets
from app.settings import Settings
from app.unit_of_work import UnitsOfWork
from pipelines.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything a use case may touch. The broker is not among it: only the relay and the reconciler talk to that."""

    uow: UnitsOfWork
    settings: Settings
    clock: Clock
    catalogue: Catalogue
    doorbell: Doorbell
    cache: ApiCache
    reader: TextReader
    tickets: Tickets
