"""Every edge of the life cycle and every one that is not drawn, as Postgres itself allows and refuses them."""

from itertools import product

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pipelines import lifecycle
from pipelines.vocabulary import (
    BatchStatus,
    EssayStatus,
    FileStatus,
    PhaseStatus,
    RunStatus,
    UnitStatus,
)
from tests import catalogues
from tests.drivers import a_class, over

TABLES = {
    "batch": ("batches", BatchStatus),
    "essay": ("essays", EssayStatus),
    "file": ("files", FileStatus),
    "run": ("runs", RunStatus),
    "phase_run": ("phase_runs", PhaseStatus),
    "unit": ("units", UnitStatus),
}


def test_of_every_entity_is_asked_for():
    assert set(TABLES) == set(lifecycle.EDGES)


@pytest.mark.parametrize("entity", TABLES)
def test_the_trigger_lets_exactly_the_drawn_edges_pass(deps, entity):
    table, states = TABLES[entity]
    a_class(over(deps, catalogues.of({"first": []})), "").start()

    taken = {pair for pair in product(states, states) if _passes(deps, table, *pair)}

    staying = {(state, state) for state in states}
    assert taken == lifecycle.EDGES[entity] | staying


def _passes(deps, table: str, here: str, there: str) -> bool:
    """Put the only row of a table into one state behind the trigger's back, then move it to another one."""
    with deps.uow("move") as uow:
        run = uow.session.execute
        run(text("set local session_replication_role = 'replica'"))
        run(text(f"update {table} set status = :here"), {"here": here})
        run(text("set local session_replication_role = 'origin'"))
        try:
            run(text(f"update {table} set status = :there"), {"there": there})
        except DBAPIError as exc:
            if exc.orig.pgcode != "HE001":
                raise
            return False
        else:
            return True
