"""Fewer and cheaper writes for each unit, and for each essay that a run begins or ends.

An attempt is written when it ends; until then its unit knows who works on it, since when, and whether alone. So a
unit's life is two updates and two inserts instead of three and two.

Nothing in an index of `units` changes while a unit lives, and its pages are half empty when they are new: an update then
stays in its page and touches no index. What was found by the two partial indexes is looked for among the units of the
phases that are in progress.

Results belong to a batch, and attempts to units; the second check of each against a parent is gone, because it locks the
parent's row for every row. Essays' edges are checked and logged by the statement, with a join that does not depend on
statistics, since thousands of essays move at once.

New columns are nullable or have a constant default. Each table is locked for a moment; attempts that were open are left
as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TAKE_ESSAY_EDGES = """
    create function take_essay_edges() returns trigger language plpgsql
    set enable_nestloop = off as $$
    declare refused record;
    begin
        with logged as (
            insert into transitions (entity, entity_id, batch_id, here, there, at)
            select 'essay', n.id, n.batch_id, o.status, n.status, clock_timestamp()
            from old_rows o join new_rows n using (id) where o.status <> n.status
            returning here, there
        )
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
"""

TAKE_ESSAY_EDGE = """
    create function take_essay_edge() returns trigger language plpgsql as $$
    begin
        if not exists (select 1 from state_edges
                where entity = 'essay' and here = old.status and there = new.status) then
            raise exception 'essay may not go from % to %', old.status, new.status
                using errcode = 'HE001';
        end if;
        insert into transitions (entity, entity_id, batch_id, here, there, at)
        values ('essay', new.id, new.batch_id, old.status, new.status, clock_timestamp());
        return null;
    end $$
"""


def upgrade() -> None:
    op.add_column("units", sa.Column("worker", sa.String(), nullable=True))
    op.add_column("units", sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "units",
        sa.Column("claimed_alone", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.drop_constraint("fk_attempts_phase_run_id_phase_runs", "attempts")
    op.drop_constraint("fk_results_run_id_runs", "results")
    op.execute("alter table units set (fillfactor = 50)")
    op.execute("alter table essays set (fillfactor = 60)")
    op.execute("drop trigger take_edge on essays")
    op.execute("drop function take_essay_edge()")
    op.execute(TAKE_ESSAY_EDGES)
    op.execute(
        "create trigger take_edges after update on essays"
        " referencing old table as old_rows new table as new_rows"
        " for each statement execute function take_essay_edges()"
    )
    with op.get_context().autocommit_block():
        op.drop_index("ix_units_leased", table_name="units", postgresql_concurrently=True)
        op.drop_index("ix_units_sent", table_name="units", postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_units_leased",
            "units",
            ["lease_until"],
            postgresql_where=sa.text("status = 'running'"),
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_units_sent",
            "units",
            ["phase_run_id"],
            postgresql_where=sa.text("status = 'queued' and dispatches > 0"),
            postgresql_concurrently=True,
        )
    op.execute("drop trigger take_edges on essays")
    op.execute("drop function take_essay_edges()")
    op.execute(TAKE_ESSAY_EDGE)
    op.execute(
        "create trigger take_edge after update of status on essays for each row"
        " when (old.status is distinct from new.status) execute function take_essay_edge()"
    )
    op.execute("alter table essays reset (fillfactor)")
    op.execute("alter table units reset (fillfactor)")
    op.execute(
        "delete from attempts a where not exists"
        " (select 1 from phase_runs p where p.id = a.phase_run_id)"
    )
    op.create_foreign_key(
        "fk_attempts_phase_run_id_phase_runs",
        "attempts",
        "phase_runs",
        ["phase_run_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_foreign_key(
        "fk_results_run_id_runs", "results", "runs", ["run_id"], ["id"], ondelete="CASCADE"
    )
    for name in ("claimed_alone", "claimed_at", "worker"):
        op.drop_column("units", name)
