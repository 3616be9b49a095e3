"""What a run costs does not depend on how much was run before it."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import Engine, text

from app.services import reconciler
from app.services.deps import Deps
from tests.drivers import a_class, change, drain, relay

UNITS = 20_000
A_PHASE = 5_000
LEDGER = ("units", "results")

Scans = Callable[[], Mapping[str, int]]


@pytest.fixture
def years_of_work(deps: Deps) -> None:
    """Units and results of other runs, of which Postgres has taken notice."""
    change(
        deps,
        f"""
        insert into units (phase_run_id, position, wave_no, item_id, essay_ids, input_hash, status,
            claims, attempts, alone, dispatches, claimed_alone)
        select md5((n / {A_PHASE})::text)::uuid, n % {A_PHASE}, 1, md5(n::text)::uuid, array[md5(n::text)::uuid],
            '', 'done', 1, 0, false, 1, false from generate_series(1, {UNITS}) n
        """,
        f"""
        insert into results (run_id, phase, item_id, batch_id, status, input_hash, engine_version,
            elapsed_ms, created_at)
        select md5((n / {A_PHASE})::text)::uuid, 'first', md5(n::text)::uuid, md5((n / {A_PHASE})::text)::uuid,
            'done', '', '1', 1, now() from generate_series(1, {UNITS}) n
        """,
        *(f"analyze {table}" for table in LEDGER),
    )


@pytest.fixture
def scans(engine: Engine) -> Scans:
    """How often each table of the ledger was read from its beginning to its end."""

    def counted() -> Mapping[str, int]:
        engine.dispose()  # whoever leaves says what was done
        with engine.connect() as connection:
            connection.execute(text("select pg_stat_clear_snapshot()"))
            found = connection.execute(
                text("select relname, seq_scan from pg_stat_user_tables where relname = any(:of)"),
                {"of": list(LEDGER)},
            )
            return {row.relname: row.seq_scan for row in found}

    return counted


def test_of_the_ledger_a_run_reads_its_own_rows(years_of_work, scans, deps, publisher):
    klass = a_class(deps, "", "[first:give_up]", "")
    before = scans()

    klass.start()
    relay(deps, publisher)
    reconciler.reconcile(deps, publisher)
    drain(deps, publisher)

    assert klass.phase("second").done == 2
    assert scans() == before
