"""Grades: the scale of a batch, the essays whose grade is known, and what teachers decided of the others.

New tables; nobody waits for them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _cascades(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "grade_scales",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("grades", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _cascades("grade_scales", "batch_id", "batches"),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_grade_scales")),
    )
    for table, more in (
        (
            "grade_anchors",
            [sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False)],
        ),
        (
            "grade_decisions",
            [
                sa.Column("suggested", sa.String(), nullable=True),
                sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
            ],
        ),
    ):
        op.create_table(
            table,
            sa.Column("essay_id", sa.Uuid(), nullable=False),
            sa.Column("batch_id", sa.Uuid(), nullable=False),
            sa.Column("grade", sa.String(), nullable=False),
            sa.Column("text_sha256", sa.String(), nullable=False),
            *more,
            _cascades(table, "essay_id", "essays"),
            _cascades(table, "batch_id", "batches"),
            sa.PrimaryKeyConstraint("essay_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"ix_{table}_batch_id", table, ["batch_id"])


def downgrade() -> None:
    op.drop_table("grade_decisions")
    op.drop_table("grade_anchors")
    op.drop_table("grade_scales")
