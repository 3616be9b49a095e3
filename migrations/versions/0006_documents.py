"""Pupils' names, the archive a file came in, and edges for files that are removed or read again.

Columns that may be empty, or have a constant default, are added without rewriting a table; each takes its table's
lock for a moment. The release before this one neither reads nor writes them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

EDGES = (("batch", "ready", "registered"), ("file", "failed", "received"))


def upgrade() -> None:
    op.add_column("essays", sa.Column("student_name", sa.String(), nullable=True))
    op.add_column(
        "essays",
        sa.Column("is_named_by_hand", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("files", sa.Column("archive_name", sa.String(), nullable=True))
    op.add_column("files", sa.Column("archive_path", sa.String(), nullable=True))
    op.add_column("essay_report", sa.Column("student_name", sa.String(), nullable=True))
    op.bulk_insert(
        sa.table("state_edges", sa.column("entity"), sa.column("here"), sa.column("there")),
        [dict(zip(("entity", "here", "there"), edge, strict=True)) for edge in EDGES],
    )


def downgrade() -> None:
    for edge in EDGES:
        op.execute(
            sa.text(
                "delete from state_edges where entity = :entity and here = :here and there = :there"
            ).bindparams(**dict(zip(("entity", "here", "there"), edge, strict=True)))
        )
    op.drop_column("essay_report", "student_name")
    op.drop_column("files", "archive_path")
    op.drop_column("files", "archive_name")
    op.drop_column("essays", "is_named_by_hand")
    op.drop_column("essays", "student_name")
