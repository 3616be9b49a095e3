"""Windows of a wave instead of the whole, essays that stream from phase to phase, and priorities.

New columns have constant defaults, so no table is rewritten; each takes its table's lock for a moment. A unit may now
be `waiting`: the new check of `units` is added without looking at the rows that are there, and looks at them afterwards while others write. The index of queued units gives way to one of units that were sent, which is all that is looked for by it; it is
built while others write.

What checks edges is made cheaper, because thousands of rows move at once: a unit's edge is compared in the trigger's
condition, so that nothing is called for one that is allowed, and an essay's batch is read without making JSON of it.

A run that was started before is admitted already: its units are all sent, and `end_position` 0 leaves nothing to do.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATES = "'queued', 'running', 'done', 'failed', 'cancelled'"
EDGES = (("unit", "waiting", "queued"), ("unit", "waiting", "cancelled"))
UNIT_EDGES = (
    ("waiting", "queued"),
    ("waiting", "cancelled"),
    ("queued", "running"),
    ("queued", "failed"),
    ("queued", "cancelled"),
    ("running", "queued"),
    ("running", "done"),
    ("running", "failed"),
    ("running", "cancelled"),
)

REFUSE_UNIT = """
    create function refuse_unit_edge() returns trigger language plpgsql as $$
    begin
        raise exception 'unit may not go from % to %', old.status, new.status using errcode = 'HE001';
    end $$
"""

CHECK_UNIT = f"""
    create trigger refuse_unit_edge before update of status on units for each row
    when (old.status <> new.status and old.status || ' ' || new.status not in
        ({", ".join(f"'{here} {there}'" for here, there in UNIT_EDGES)}))
    execute function refuse_unit_edge()
"""

LOG_ESSAY = """
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

CHECK_UNITS_BEFORE = """
    create function take_unit_edges() returns trigger language plpgsql as $$
    declare refused record;
    begin
        select o.status as here, n.status as there into refused
        from old_rows o join new_rows n using (phase_run_id, position)
        where o.status <> n.status and not exists (select 1 from state_edges e
            where e.entity = 'unit' and e.here = o.status and e.there = n.status)
        limit 1;
        if found then
            raise exception 'unit may not go from % to %', refused.here, refused.there
                using errcode = 'HE001';
        end if;
        return null;
    end $$
"""


def upgrade() -> None:
    op.add_column(
        "runs",
        sa.Column("priority", sa.String(length=32), server_default="standard", nullable=False),
    )
    op.create_check_constraint(op.f("ck_runs_priority"), "runs", "priority in ('standard', 'low')")
    for name in ("waiting", "next_position", "end_position"):
        op.add_column(
            "phase_runs", sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        )
    op.add_column(
        "phase_runs", sa.Column("busy_s", sa.Double(), server_default="0", nullable=False)
    )
    op.add_column(
        "phase_runs", sa.Column("claimed_up_to", sa.DateTime(timezone=True), nullable=True)
    )
    _check_units(f"'waiting', {STATES}")
    op.bulk_insert(
        sa.table("state_edges", sa.column("entity"), sa.column("here"), sa.column("there")),
        [dict(zip(("entity", "here", "there"), edge, strict=True)) for edge in EDGES],
    )
    op.execute("drop trigger take_unit_edges on units")
    op.execute("drop function take_unit_edges()")
    op.execute(REFUSE_UNIT)
    op.execute(CHECK_UNIT)
    op.execute("drop trigger take_edge on essays")
    op.execute(LOG_ESSAY)
    op.execute(
        "create trigger take_edge after update of status on essays for each row"
        " when (old.status is distinct from new.status) execute function take_essay_edge()"
    )
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_phase_runs_measured",
            "phase_runs",
            ["phase", "finished_at"],
            postgresql_where=sa.text("busy_s > 0"),
            postgresql_concurrently=True,
        )
        op.create_index(
            "ix_units_sent",
            "units",
            ["phase_run_id"],
            postgresql_where=sa.text("status = 'queued' and dispatches > 0"),
            postgresql_concurrently=True,
        )
        op.drop_index("ix_units_queued", table_name="units", postgresql_concurrently=True)
        op.execute("alter table units validate constraint ck_units_status")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_units_queued",
            "units",
            ["phase_run_id", "dispatched_at"],
            postgresql_where=sa.text("status = 'queued'"),
            postgresql_concurrently=True,
        )
        op.drop_index("ix_units_sent", table_name="units", postgresql_concurrently=True)
        op.drop_index(
            "ix_phase_runs_measured", table_name="phase_runs", postgresql_concurrently=True
        )
    op.execute("drop trigger take_edge on essays")
    op.execute("drop function take_essay_edge()")
    op.execute(
        "create trigger take_edge after update of status on essays for each row"
        " when (old.status is distinct from new.status) execute function take_edge('essay')"
    )
    op.execute("drop trigger refuse_unit_edge on units")
    op.execute("drop function refuse_unit_edge()")
    op.execute(CHECK_UNITS_BEFORE)
    op.execute(
        "create trigger take_unit_edges after update on units"
        " referencing old table as old_rows new table as new_rows"
        " for each statement execute function take_unit_edges()"
    )
    # What waits was never sent: the reconciler of the last release sends it as soon as it is queued.
    op.execute("update units set status = 'queued' where status = 'waiting'")
    op.execute("delete from state_edges where entity = 'unit' and here = 'waiting'")
    _check_units(STATES)
    for name in ("claimed_up_to", "busy_s", "end_position", "next_position", "waiting"):
        op.drop_column("phase_runs", name)
    op.drop_constraint(op.f("ck_runs_priority"), "runs")
    op.drop_column("runs", "priority")


def _check_units(states: str) -> None:
    op.drop_constraint(op.f("ck_units_status"), "units")
    op.create_check_constraint(
        op.f("ck_units_status"), "units", f"status in ({states})", postgresql_not_valid=True
    )
