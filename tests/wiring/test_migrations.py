"""Migrations lead up and down again, and arrive where the models are."""

import json
import re
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, create_engine, inspect, text

from app.cli import migrate
from app.local.postgres import Postgres
from models import Base
from pipelines import lifecycle
from pipelines.forms import form_of
from tests.wiring.conftest import ROOT

TABLES = "select tablename from pg_tables where schemaname = 'public'"
FUNCTIONS = (
    "select proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
    " where n.nspname = 'public'"
)


@pytest.fixture
def empty(postgres: Postgres) -> Iterator[str]:
    postgres.create_database("wiring")
    yield postgres.url("wiring")
    postgres.drop_database("wiring")


def include(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """As in migrations/env.py: Alembic's own table is no model."""
    return not (kind == "table" and name == "alembic_version")


def schema(url: str) -> dict[str, list]:
    """Everything a migration can make."""
    engine = create_engine(url)
    queries = {
        "columns": "select table_name, column_name, data_type, is_nullable, column_default"
        " from information_schema.columns where table_schema = 'public' order by 1, 2",
        "indexes": "select indexdef from pg_indexes where schemaname = 'public' order by 1",
        "constraints": "select conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
        " from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2",
        "triggers": "select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1",
        "functions": FUNCTIONS + " order by 1",
        "edges": "select entity, here, there from state_edges order by 1, 2, 3",
        "courses": "select * from courses order by code",
    }
    with engine.connect() as connection:
        found = {
            what: [tuple(row) for row in connection.execute(text(query))]
            for what, query in queries.items()
        }
    engine.dispose()
    return found


def everything(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {name for query in (TABLES, FUNCTIONS) for name in connection.scalars(text(query))}
    engine.dispose()
    return found - {"alembic_version"}


def test_there_is_one_newest_migration():
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_each_migration_is_numbered_after_the_one_before():
    script = ScriptDirectory(str(ROOT / "migrations"))
    revisions = [each.revision for each in script.walk_revisions()]

    assert revisions == [f"{number:04}" for number in range(len(revisions), 0, -1)]
    for each in script.walk_revisions():
        assert each.path.rpartition("/")[2].startswith(f"{each.revision}_")
        assert each.doc.endswith(".")


def test_they_lead_up_and_down_and_up_again(empty):
    migrate.run(empty)
    first = schema(empty)

    migrate.run(empty, "base")
    left = everything(empty)
    migrate.run(empty)

    assert left == set()
    assert schema(empty) == first


def test_each_can_be_taken_back_by_itself(empty):
    heads = [each.revision for each in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]
    for revision in reversed(heads):
        migrate.run(empty, revision)
        before = everything(empty)
        migrate.run(empty, "-1")
        migrate.run(empty, revision)

        assert everything(empty) == before


def test_the_models_are_what_the_migrations_make(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": include}
        )

        assert compare_metadata(context, Base.metadata) == []


def test_checks_in_the_models_are_the_ones_in_the_database(engine: Engine):
    # Alembic does not compare them.
    with engine.connect() as connection:
        made = set(
            connection.scalars(
                text(
                    "select conname from pg_constraint where contype = 'c'"
                    " and connamespace = 'public'::regnamespace"
                )
            )
        )

    wanted = {
        constraint.name
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert made == wanted


def test_the_edges_postgres_allows_are_the_drawn_ones(engine: Engine):
    with engine.connect() as connection:
        allowed = {tuple(row) for row in connection.execute(text("select * from state_edges"))}

    assert allowed == {
        (entity, str(here), str(there))
        for entity, edges in lifecycle.EDGES.items()
        for here, there in edges
    }


def test_the_edges_that_the_trigger_of_units_lets_pass_are_the_drawn_ones(engine: Engine):
    with engine.connect() as connection:
        trigger = connection.scalar(
            text("select pg_get_triggerdef(oid) from pg_trigger where tgname = 'refuse_unit_edge'")
        )

    passing = {tuple(edge) for edge in re.findall(r"'(\w+) (\w+)'", trigger)}
    assert passing == {(str(here), str(there)) for here, there in lifecycle.EDGES["unit"]}


def test_every_state_of_the_vocabulary_passes_its_tables_check(engine: Engine):
    tables = {
        "batch": "batches",
        "essay": "essays",
        "file": "files",
        "run": "runs",
        "phase_run": "phase_runs",
        "unit": "units",
    }
    with engine.connect() as connection:
        for entity, table in tables.items():
            check = connection.scalar(
                text("select pg_get_constraintdef(oid) from pg_constraint where conname = :name"),
                {"name": f"ck_{table}_status"},
            )
            states = {str(state) for edge in lifecycle.EDGES[entity] for state in edge}
            assert all(f"'{state}'" in check for state in states), table


class TestTheOutbox:
    columns = (
        "id aggregate_type aggregate_id event_type event_key event_data topic"
        " created_at published_at retry_count last_error"
    )

    def test_has_the_eleven_columns_and_a_number(self, engine):
        found = {column["name"] for column in inspect(engine).get_columns("event_outbox")}

        assert len(self.columns.split()) == 11
        assert found == {*self.columns.split(), "event_no"}

    def test_has_its_three_indexes(self, engine):
        found = {
            index["name"]: index["column_names"]
            for index in inspect(engine).get_indexes("event_outbox")
        }

        assert found == {
            "ix_event_outbox_unpublished": ["created_at"],
            "ix_event_outbox_aggregate_id": ["aggregate_type", "aggregate_id", "event_no"],
            "ix_event_outbox_topic": ["topic"],
        }

    def test_keeps_the_unpublished_in_an_index_of_their_own(self, engine):
        with engine.connect() as connection:
            definition = connection.scalar(
                text(
                    "select indexdef from pg_indexes where indexname = 'ix_event_outbox_unpublished'"
                )
            )

        assert "WHERE (published_at IS NULL)" in definition


def test_results_of_earlier_releases_are_given_their_findings(empty):
    error = {"text": "Kolliſ", "kind": "nonword", "correction": "Kolla", "suggestions": []}
    results = [("a", {"errors": [error]}), ("b", {"errors": []}), ("c", {"corrected_text": ""})]
    migrate.run(empty, "0016")
    engine = create_engine(empty)
    with engine.begin() as connection:
        connection.execute(text("set local session_replication_role = 'replica'"))
        for digit, detail in results:
            connection.execute(
                text(
                    "insert into spellcheck_results (run_id, essay_id, word_count, error_count, detail)"
                    " values (cast(:id as uuid), cast(:id as uuid), 1, 1, cast(:detail as jsonb))"
                ),
                {"id": digit * 32, "detail": json.dumps(detail)},
            )

    migrate.run(empty)

    with engine.connect() as connection:
        found = connection.scalars(
            text("select findings from spellcheck_results order by essay_id")
        ).all()
    engine.dispose()
    assert found == [
        [{"form": form_of(error["text"]), "kind": "nonword", "correction": "Kolla"}],
        [],
        [],
    ]
