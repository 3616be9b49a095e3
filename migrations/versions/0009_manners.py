"""Requests done once by their key, the log of who did what, and indexes for erasing a batch.

New tables take no lock on anything that is read. The indexes are on columns by which rows refer to others; without
them, erasing a batch reads whole tables. They are built concurrently, outside the transaction; one that was
interrupted is dropped first when this runs again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

REFERENCES = (
    ("essays", "file_id"),
    ("essays", "text_storage_id"),
    ("files", "content_storage_id"),
    ("files", "essay_id"),
    ("spellcheck_results", "essay_id"),
    ("nlp_results", "essay_id"),
    ("runs", "parent_run_id"),
    ("phase_runs", "batch_id"),
    ("dead_letters", "run_id"),
    ("transitions", "batch_id"),
)

REFUSE = """
    create function keep_audit_log() returns trigger language plpgsql as $$
    begin
        raise exception 'the audit log is only ever added to' using errcode = 'HE002';
    end $$
"""


def upgrade() -> None:
    op.create_table(
        "idempotent_requests",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("content_type", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["users.id"],
            name=op.f("fk_idempotent_requests_owner_id_users"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_idempotent_requests_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "key", name=op.f("pk_idempotent_requests")),
    )
    op.create_index("ix_idempotent_requests_expires_at", "idempotent_requests", ["expires_at"])
    op.create_index("ix_idempotent_requests_batch_id", "idempotent_requests", ["batch_id"])
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("object_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_actor_id", "audit_log", ["actor_id", "id"])
    op.create_index("ix_audit_log_batch_id", "audit_log", ["batch_id", "id"])
    op.execute(REFUSE)
    op.execute(
        "create trigger keep_audit_log before update or delete or truncate on audit_log"
        " for each statement execute function keep_audit_log()"
    )
    with op.get_context().autocommit_block():
        for table, column in REFERENCES:
            name = f"ix_{table}_{column}"
            op.execute(f"drop index concurrently if exists {name}")
            op.create_index(name, table, [column], postgresql_concurrently=True)


def downgrade() -> None:
    for table, column in reversed(REFERENCES):
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    op.drop_table("audit_log")
    op.execute("drop function keep_audit_log()")
    op.drop_table("idempotent_requests")
