"""What operators do about dead letters, and how much had to be rescued.

The columns are nullable, so nothing is rewritten; the table is locked for a moment. It has a row for each thing that
nobody could handle, so its indexes are built at once, under that lock.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dead_letters", sa.Column("resolved_by", sa.String(), nullable=True))
    op.add_column("dead_letters", sa.Column("note", sa.String(), nullable=True))
    op.add_column("dead_letters", sa.Column("replayed_as", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_dead_letters_replayed_as_runs"),
        "dead_letters",
        "runs",
        ["replayed_as"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index("ix_dead_letters_created_at", "dead_letters", ["created_at", "id"])
    op.create_index("ix_dead_letters_replayed_as", "dead_letters", ["replayed_as"])
    op.create_table(
        "rescues",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_rescues")),
    )


def downgrade() -> None:
    op.drop_table("rescues")
    op.drop_index("ix_dead_letters_replayed_as", table_name="dead_letters")
    op.drop_index("ix_dead_letters_created_at", table_name="dead_letters")
    op.drop_constraint(op.f("fk_dead_letters_replayed_as_runs"), "dead_letters")
    for column in ("replayed_as", "note", "resolved_by"):
        op.drop_column("dead_letters", column)
