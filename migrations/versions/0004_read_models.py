"""Tables shaped for the screens.

New tables: takes no lock on anything that is read.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch_overview",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("course_code", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("class_designation", sa.String(), nullable=False),
        sa.Column("expected_essay_count", sa.Integer(), nullable=False),
        sa.Column("essay_counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("run_status", sa.String(), nullable=True),
        sa.Column("pipeline", sa.String(), nullable=True),
        sa.Column("canvas_id", sa.Uuid(), nullable=True),
        sa.Column("phases", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_batch_overview_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_batch_overview")),
    )
    op.create_index(
        "ix_batch_overview_owner_id",
        "batch_overview",
        ["owner_id", "created_at", "batch_id"],
        unique=False,
    )
    op.create_table(
        "projection_cursors",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("event_no", sa.BigInteger(), nullable=False),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_projection_cursors_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_projection_cursors")),
    )
    op.create_table(
        "essay_report",
        sa.Column("essay_pk", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("failure_code", sa.String(), nullable=True),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.Column("phases", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("spelling", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("metrics", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_essay_report_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["essay_pk"],
            ["essays.id"],
            name=op.f("fk_essay_report_essay_pk_essays"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("essay_pk", name=op.f("pk_essay_report")),
    )
    op.create_index(
        "ix_essay_report_batch_id", "essay_report", ["batch_id", "position"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_essay_report_batch_id", table_name="essay_report")
    op.drop_table("essay_report")
    op.drop_table("projection_cursors")
    op.drop_index("ix_batch_overview_owner_id", table_name="batch_overview")
    op.drop_table("batch_overview")
