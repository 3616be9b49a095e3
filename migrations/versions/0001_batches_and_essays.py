"""Users, courses, batches, essays, files and their bytes.

New tables: takes no lock on anything that is read.
The courses are data, so they come with their table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courses",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("language in ('en', 'sv')", name=op.f("ck_courses_language")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_courses")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('teacher', 'admin', 'service')", name=op.f("ck_users_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_email", "users", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("course_code", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("class_designation", sa.String(), nullable=False),
        sa.Column("essay_instructions", sa.String(), nullable=False),
        sa.Column("teacher_name", sa.String(), nullable=False),
        sa.Column("expected_essay_count", sa.Integer(), nullable=False),
        sa.Column("pipeline", sa.String(), nullable=True),
        sa.Column("registration", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("readiness_deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_no", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('registered', 'ready', 'processing', 'completed_successfully', 'completed_with_failures', 'failed', 'cancelled')",
            name=op.f("ck_batches_status"),
        ),
        sa.CheckConstraint(
            "expected_essay_count > 0", name=op.f("ck_batches_expected_essay_count")
        ),
        sa.ForeignKeyConstraint(
            ["course_code"], ["courses.code"], name=op.f("fk_batches_course_code_courses")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_batches_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(
        "ix_batches_owner_id_created_at", "batches", ["owner_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_batches_waiting",
        "batches",
        ["readiness_deadline"],
        unique=False,
        postgresql_where=sa.text("status = 'registered'"),
    )
    op.create_table(
        "contents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_contents_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contents")),
    )
    op.create_index("ix_contents_batch_id", "contents", ["batch_id"], unique=False)
    op.create_table(
        "essays",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("essay_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("text_storage_id", sa.Uuid(), nullable=True),
        sa.Column("text_sha256", sa.String(), nullable=True),
        sa.Column("failure_code", sa.String(), nullable=True),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status in ('awaiting_content', 'content_failed', 'ready_for_processing', 'in_processing', 'processed', 'partly_processed', 'failed')",
            name=op.f("ck_essays_status"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_essays_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["text_storage_id"], ["contents.id"], name=op.f("fk_essays_text_storage_id_contents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essays")),
        sa.UniqueConstraint("batch_id", "essay_id", name=op.f("uq_essays_batch_id_essay_id")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_essays_batch_id_position")),
    )
    op.create_table(
        "files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content_storage_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("failure_code", sa.String(), nullable=True),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("dispatches", sa.Integer(), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status in ('received', 'reading', 'read', 'failed')", name=op.f("ck_files_status")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_files_batch_id_batches"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["content_storage_id"],
            ["contents.id"],
            name=op.f("fk_files_content_storage_id_contents"),
        ),
        sa.ForeignKeyConstraint(
            ["essay_id"], ["essays.id"], name=op.f("fk_files_essay_id_essays"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_batch_id", "files", ["batch_id"], unique=False)
    op.create_index(
        "ix_files_open",
        "files",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status in ('received', 'reading')"),
    )
    op.create_foreign_key(
        op.f("fk_essays_file_id_files"), "essays", "files", ["file_id"], ["id"], ondelete="SET NULL"
    )
    op.bulk_insert(
        sa.table(
            "courses",
            sa.column("code"),
            sa.column("name"),
            sa.column("language"),
            sa.column("level"),
        ),
        [
            {"code": "ENG5", "name": "English 5", "language": "en", "level": 5},
            {"code": "ENG6", "name": "English 6", "language": "en", "level": 6},
            {"code": "ENG7", "name": "English 7", "language": "en", "level": 7},
            {"code": "SV1", "name": "Svenska 1", "language": "sv", "level": 1},
            {"code": "SV2", "name": "Svenska 2", "language": "sv", "level": 2},
            {"code": "SV3", "name": "Svenska 3", "language": "sv", "level": 3},
        ],
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_essays_file_id_files"), "essays", type_="foreignkey")
    op.drop_index("ix_files_open", table_name="files")
    op.drop_index("ix_files_batch_id", table_name="files")
    op.drop_table("files")
    op.drop_table("essays")
    op.drop_index("ix_contents_batch_id", table_name="contents")
    op.drop_table("contents")
    op.drop_index("ix_batches_waiting", table_name="batches")
    op.drop_index("ix_batches_owner_id_created_at", table_name="batches")
    op.drop_table("batches")
    op.drop_index("uq_users_email", table_name="users")
    op.drop_table("users")
    op.drop_table("courses")
