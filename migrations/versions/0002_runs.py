"""The ledger: runs, phase runs, units, attempts and results; and the workers' signs of life.

New tables: takes no lock on anything that is read.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "worker_heartbeats",
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("queues", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_heartbeats")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("parent_run_id", sa.Uuid(), nullable=True),
        sa.Column("pipeline", sa.String(), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("context", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("catalogue_digest", sa.String(), nullable=False),
        sa.Column("canvas_id", sa.Uuid(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("ending_as", sa.String(length=32), nullable=True),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('active', 'cancelling', 'completed_successfully', 'completed_with_failures', 'failed', 'cancelled')",
            name=op.f("ck_runs_status"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_runs_batch_id_batches"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_run_id"],
            ["runs.id"],
            name=op.f("fk_runs_parent_run_id_runs"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_batch_id", "runs", ["batch_id"], unique=False)
    op.create_index(
        "uq_runs_one_active_per_batch",
        "runs",
        ["batch_id"],
        unique=True,
        postgresql_where=sa.text("status in ('active', 'cancelling')"),
    )
    op.create_table(
        "phase_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("engine_version", sa.String(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("wave_no", sa.Integer(), nullable=False),
        sa.Column("planning_token", sa.Uuid(), nullable=True),
        sa.Column("planning_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planning_failures", sa.Integer(), nullable=False),
        sa.Column("dispatch_no", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("reused", sa.Integer(), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('pending', 'in_progress', 'completed', 'completed_with_failures', 'failed', 'skipped', 'cancelled')",
            name=op.f("ck_phase_runs_status"),
        ),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_phase_runs_remaining")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_phase_runs_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_phase_runs_run_id_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_runs")),
        sa.UniqueConstraint("run_id", "ordinal", name=op.f("uq_phase_runs_run_id_ordinal")),
        sa.UniqueConstraint("run_id", "phase", name=op.f("uq_phase_runs_run_id_phase")),
    )
    op.create_index(
        "ix_phase_runs_open",
        "phase_runs",
        ["run_id"],
        unique=False,
        postgresql_where=sa.text("status = 'in_progress'"),
    )
    op.create_table(
        "results",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("input_hash", sa.String(), nullable=False),
        sa.Column("engine_version", sa.String(), nullable=False),
        sa.Column("result_hash", sa.String(), nullable=True),
        sa.Column("failure_code", sa.String(), nullable=True),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.Column("elapsed_ms", sa.Double(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status in ('done', 'failed')", name=op.f("ck_results_status")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_results_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_results_run_id_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "phase", "item_id", name=op.f("pk_results")),
    )
    op.create_index(
        "ix_results_item_id", "results", ["item_id", "phase", "created_at"], unique=False
    )
    op.create_index(
        "ix_results_reusable", "results", ["batch_id", "phase", "engine_version"], unique=False
    )
    op.create_table(
        "attempts",
        sa.Column("phase_run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("claim_no", sa.Integer(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("result_hash", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "outcome in ('done', 'gave_up', 'later', 'raised', 'lost')",
            name=op.f("ck_attempts_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["phase_run_id"],
            ["phase_runs.id"],
            name=op.f("fk_attempts_phase_run_id_phase_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("phase_run_id", "position", "claim_no", name=op.f("pk_attempts")),
    )
    op.create_table(
        "nlp_results",
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("lix", sa.Double(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["essay_id"],
            ["essays.id"],
            name=op.f("fk_nlp_results_essay_id_essays"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_nlp_results_run_id_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "essay_id", name=op.f("pk_nlp_results")),
    )
    op.create_table(
        "spellcheck_results",
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("error_count", sa.Integer(), nullable=False),
        sa.Column("error_rate", sa.Double(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["essay_id"],
            ["essays.id"],
            name=op.f("fk_spellcheck_results_essay_id_essays"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["runs.id"],
            name=op.f("fk_spellcheck_results_run_id_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "essay_id", name=op.f("pk_spellcheck_results")),
    )
    op.create_table(
        "units",
        sa.Column("phase_run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wave_no", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("essay_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("input_hash", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("dispatches", sa.Integer(), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('queued', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_units_status"),
        ),
        sa.ForeignKeyConstraint(
            ["phase_run_id"],
            ["phase_runs.id"],
            name=op.f("fk_units_phase_run_id_phase_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("phase_run_id", "position", name=op.f("pk_units")),
    )
    op.create_index(
        "ix_units_leased",
        "units",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_index(
        "ix_units_queued",
        "units",
        ["phase_run_id", "dispatched_at"],
        unique=False,
        postgresql_where=sa.text("status = 'queued'"),
    )


def downgrade() -> None:
    op.drop_index("ix_units_queued", table_name="units")
    op.drop_index("ix_units_leased", table_name="units")
    op.drop_table("units")
    op.drop_table("spellcheck_results")
    op.drop_table("nlp_results")
    op.drop_table("attempts")
    op.drop_index("ix_results_reusable", table_name="results")
    op.drop_index("ix_results_item_id", table_name="results")
    op.drop_table("results")
    op.drop_index("ix_phase_runs_open", table_name="phase_runs")
    op.drop_table("phase_runs")
    op.drop_index("uq_runs_one_active_per_batch", table_name="runs")
    op.drop_index("ix_runs_batch_id", table_name="runs")
    op.drop_table("runs")
    op.drop_table("worker_heartbeats")
