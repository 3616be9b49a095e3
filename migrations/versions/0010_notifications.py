"""Notifications, and the event at which each essay's row has last changed.

The column has a constant default, so the table is not rewritten; it is locked for a moment, and its index is built
under that lock: a row per essay, so within a second on a school's database.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CATEGORIES = (
    "category in ('batch_progress', 'processing_results', 'file_operations', 'class_management',"
    " 'student_workflow', 'system_alerts')"
)
PRIORITIES = "priority in ('critical', 'immediate', 'high', 'standard', 'low')"


def upgrade() -> None:
    op.create_table(
        "notifications",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("action_required", sa.Boolean(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(CATEGORIES, name=op.f("ck_notifications_category")),
        sa.CheckConstraint(PRIORITIES, name=op.f("ck_notifications_priority")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_notifications_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_notifications_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "seq", name=op.f("pk_notifications")),
    )
    op.create_index(
        "uq_notifications_notification_id", "notifications", ["notification_id"], unique=True
    )
    op.create_index("ix_notifications_batch_id", "notifications", ["batch_id"])
    op.create_index(
        "ix_notifications_unread",
        "notifications",
        ["user_id", "seq"],
        postgresql_where=sa.text("read_at is null"),
    )
    op.create_table(
        "notification_counters",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_notification_counters_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_counters")),
    )
    op.add_column(
        "essay_report",
        sa.Column("event_no", sa.BigInteger(), nullable=False, server_default="1"),
    )
    op.create_index("ix_essay_report_event_no", "essay_report", ["batch_id", "event_no"])


def downgrade() -> None:
    op.drop_index("ix_essay_report_event_no", table_name="essay_report")
    op.drop_column("essay_report", "event_no")
    op.drop_table("notification_counters")
    op.drop_table("notifications")
