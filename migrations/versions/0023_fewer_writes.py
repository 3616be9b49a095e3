"""Fewer and cheaper writes where thousands of essays move, begin and end at once.

Essays that move together are one row of the log of transitions, with all their ids. Units are not checked against their
phase run row by row; they go when their batch is erased. The key of results begins with the item, so it finds an
essay's results by itself and one index is enough. Pages of essays have room for the two moves of a run, which then touch
no index.

The attempt that did a unit is written nowhere but in the unit, which knows all of it; the view `every_attempt` has it
among the others. Rows of the read model change several times in a run and are found by their batch: an index that held
the number of the change was written each time. Large events are not compressed, which took longer than all the rest of
writing them.

Rows that are there stay as they are. The new key is built beside the old one; then tables are locked for a moment.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _take_essay_edges(logged: str) -> str:
    """The trigger that logs essays' edges by CTEs of which the last is `logged`. Its joins depend on no statistics."""
    return f"""
    create or replace function take_essay_edges() returns trigger language plpgsql
    set enable_nestloop = off as $$
    declare refused record;
    begin
        with {logged}
        select l.here, l.there into refused from (select distinct here, there from logged) l
        where not exists (select 1 from state_edges e
            where e.entity = 'essay' and e.here = l.here and e.there = l.there)
        limit 1;
        if found then
            raise exception 'essay may not go from % to %', refused.here, refused.there
                using errcode = 'HE001';
        end if;
        return null;
    end $$
    """  # noqa: S608 - constants of this module


ESSAYS_TOGETHER = _take_essay_edges("""
        moved as (
            select n.batch_id, o.status as here, n.status as there, array_agg(n.id) as ids
            from old_rows o join new_rows n using (id) where o.status <> n.status
            group by 1, 2, 3
        ), logged as (
            insert into transitions (entity, entity_id, entity_ids, batch_id, here, there, at)
            select 'essay', case when cardinality(ids) = 1 then ids[1] end,
                case when cardinality(ids) > 1 then ids end, batch_id, here, there, clock_timestamp()
            from moved
            returning here, there
        )""")

ONE_BY_ONE = _take_essay_edges("""
        logged as (
            insert into transitions (entity, entity_id, batch_id, here, there, at)
            select 'essay', n.id, n.batch_id, o.status, n.status, clock_timestamp()
            from old_rows o join new_rows n using (id) where o.status <> n.status
            returning here, there
        )""")

# Units that an earlier release did have no hash here, and an attempt of their own.
EVERY_ATTEMPT = """
    create view every_attempt as
    select phase_run_id, position, claim_no, alone, worker, started_at, ended_at, outcome,
        result_hash, error
    from attempts
    union all
    select phase_run_id, position, claims, claimed_alone, worker, claimed_at, settled_at, 'done',
        result_hash, null
    from units where status = 'done' and result_hash is not null
"""

KEEP_ATTEMPTS = """
    insert into attempts (phase_run_id, position, claim_no, alone, token, worker, started_at,
        ended_at, outcome, result_hash)
    select phase_run_id, position, claims, claimed_alone, gen_random_uuid(), worker, claimed_at,
        settled_at, 'done', result_hash
    from units where status = 'done' and result_hash is not null
"""


def upgrade() -> None:
    op.add_column(
        "transitions", sa.Column("entity_ids", postgresql.ARRAY(sa.Uuid()), nullable=True)
    )
    op.alter_column("transitions", "entity_id", nullable=True)
    op.execute(
        "alter table transitions add constraint ck_transitions_entity"
        " check (num_nonnulls(entity_id, entity_ids) = 1) not valid"
    )
    op.execute(ESSAYS_TOGETHER)
    op.drop_constraint("fk_units_phase_run_id_phase_runs", "units")
    op.execute("alter table essays set (fillfactor = 30)")
    op.add_column("units", sa.Column("result_hash", sa.String(), nullable=True))
    op.execute("alter table units set (fillfactor = 40)")
    op.execute("alter table essay_report set (fillfactor = 40)")
    op.execute(EVERY_ATTEMPT)
    op.execute("alter table event_outbox alter column event_data set storage external")
    _change_key(["item_id", "phase", "run_id"])
    with op.get_context().autocommit_block():
        op.execute("alter table transitions validate constraint ck_transitions_entity")
        op.drop_index("ix_results_item_id", table_name="results", postgresql_concurrently=True)
        op.drop_index(
            "ix_essay_report_event_no", table_name="essay_report", postgresql_concurrently=True
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_results_item_id",
            "results",
            ["item_id", "phase", "created_at"],
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_essay_report_event_no",
            "essay_report",
            ["batch_id", "event_no"],
            postgresql_concurrently=True,
        )
    _change_key(["run_id", "phase", "item_id"])
    op.execute("alter table event_outbox alter column event_data set storage extended")
    op.execute("alter table essay_report reset (fillfactor)")
    op.execute("drop view every_attempt")
    op.execute(KEEP_ATTEMPTS)
    op.execute("alter table units set (fillfactor = 50)")
    op.drop_column("units", "result_hash")
    op.execute("alter table essays set (fillfactor = 60)")
    op.execute(
        "delete from units u where not exists"
        " (select 1 from phase_runs p where p.id = u.phase_run_id)"
    )
    op.create_foreign_key(
        "fk_units_phase_run_id_phase_runs",
        "units",
        "phase_runs",
        ["phase_run_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.execute(ONE_BY_ONE)
    op.drop_constraint("ck_transitions_entity", "transitions")
    op.execute("""
        insert into transitions (entity, entity_id, batch_id, here, there, at)
        select entity, unnest(entity_ids), batch_id, here, there, at from transitions
        where entity_ids is not null
    """)
    op.execute("delete from transitions where entity_ids is not null")
    op.alter_column("transitions", "entity_id", nullable=False)
    op.drop_column("transitions", "entity_ids")


def _change_key(columns: list[str]) -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "pk_results_new", "results", columns, unique=True, postgresql_concurrently=True
        )
    op.execute(
        "alter table results drop constraint pk_results,"
        " add constraint pk_results primary key using index pk_results_new"
    )
