"""The life cycle in the database: allowed edges, triggers that refuse every other one, and a log.

The triggers are made on tables that nothing else reads yet; each takes its table's lock for a moment.
Units are checked by statement, not by row, because thousands of them move at once; their attempts are their log.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EDGES = (
    ("batch", "cancelled", "processing"),
    ("batch", "completed_successfully", "processing"),
    ("batch", "completed_with_failures", "processing"),
    ("batch", "failed", "processing"),
    ("batch", "failed", "ready"),
    ("batch", "processing", "cancelled"),
    ("batch", "processing", "completed_successfully"),
    ("batch", "processing", "completed_with_failures"),
    ("batch", "processing", "failed"),
    ("batch", "ready", "processing"),
    ("batch", "registered", "failed"),
    ("batch", "registered", "ready"),
    ("essay", "awaiting_content", "content_failed"),
    ("essay", "awaiting_content", "ready_for_processing"),
    ("essay", "content_failed", "awaiting_content"),
    ("essay", "content_failed", "ready_for_processing"),
    ("essay", "failed", "awaiting_content"),
    ("essay", "failed", "in_processing"),
    ("essay", "in_processing", "failed"),
    ("essay", "in_processing", "partly_processed"),
    ("essay", "in_processing", "processed"),
    ("essay", "in_processing", "ready_for_processing"),
    ("essay", "partly_processed", "awaiting_content"),
    ("essay", "partly_processed", "in_processing"),
    ("essay", "processed", "awaiting_content"),
    ("essay", "processed", "in_processing"),
    ("essay", "ready_for_processing", "awaiting_content"),
    ("essay", "ready_for_processing", "in_processing"),
    ("file", "reading", "failed"),
    ("file", "reading", "read"),
    ("file", "reading", "received"),
    ("file", "received", "reading"),
    ("run", "active", "cancelling"),
    ("run", "active", "completed_successfully"),
    ("run", "active", "completed_with_failures"),
    ("run", "active", "failed"),
    ("run", "cancelling", "cancelled"),
    ("run", "cancelling", "failed"),
    ("phase_run", "in_progress", "cancelled"),
    ("phase_run", "in_progress", "completed"),
    ("phase_run", "in_progress", "completed_with_failures"),
    ("phase_run", "in_progress", "failed"),
    ("phase_run", "in_progress", "skipped"),
    ("phase_run", "pending", "cancelled"),
    ("phase_run", "pending", "in_progress"),
    ("phase_run", "pending", "skipped"),
    ("unit", "queued", "cancelled"),
    ("unit", "queued", "failed"),
    ("unit", "queued", "running"),
    ("unit", "running", "cancelled"),
    ("unit", "running", "done"),
    ("unit", "running", "failed"),
    ("unit", "running", "queued"),
)

LOGGED = {
    "batch": "batches",
    "essay": "essays",
    "file": "files",
    "run": "runs",
    "phase_run": "phase_runs",
}

CHECK_ROW = """
    create function take_edge() returns trigger language plpgsql as $$
    begin
        if not exists (select 1 from state_edges
                where entity = tg_argv[0] and here = old.status and there = new.status) then
            raise exception '% may not go from % to %', tg_argv[0], old.status, new.status
                using errcode = 'HE001';
        end if;
        insert into transitions (entity, entity_id, batch_id, here, there, at)
        values (tg_argv[0], new.id,
            case when tg_argv[0] = 'batch' then new.id
                 else (to_jsonb(new) ->> 'batch_id')::uuid end,
            old.status, new.status, clock_timestamp());
        return null;
    end $$
"""

CHECK_UNITS = """
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
    op.create_table(
        "state_edges",
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("here", sa.String(), nullable=False),
        sa.Column("there", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "here", "there", name=op.f("pk_state_edges")),
    )
    op.create_table(
        "transitions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("here", sa.String(), nullable=False),
        sa.Column("there", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transitions")),
    )
    op.create_index("ix_transitions_entity_id", "transitions", ["entity_id", "id"], unique=False)
    op.bulk_insert(
        sa.table("state_edges", sa.column("entity"), sa.column("here"), sa.column("there")),
        [dict(zip(("entity", "here", "there"), edge, strict=True)) for edge in EDGES],
    )
    op.execute(CHECK_ROW)
    op.execute(CHECK_UNITS)
    for entity, table in LOGGED.items():
        op.execute(
            f"create trigger take_edge after update of status on {table} for each row"
            f" when (old.status is distinct from new.status) execute function take_edge('{entity}')"
        )
    op.execute(
        "create trigger take_unit_edges after update on units"
        " referencing old table as old_rows new table as new_rows"
        " for each statement execute function take_unit_edges()"
    )


def downgrade() -> None:
    op.execute("drop trigger take_unit_edges on units")
    for table in LOGGED.values():
        op.execute(f"drop trigger take_edge on {table}")
    op.execute("drop function take_unit_edges()")
    op.execute("drop function take_edge()")
    op.drop_index("ix_transitions_entity_id", table_name="transitions")
    op.drop_table("transitions")
    op.drop_table("state_edges")
