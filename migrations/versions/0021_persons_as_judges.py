"""Persons as judges: the pairs that they are shown, and what an assessment is made of by now.

A new table, and a column with a constant default, which locks its table for a moment only. The index of persons'
decisions is built concurrently, outside the transaction; one that was interrupted is dropped first when this runs again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_PERSONS = "ix_judge_decisions_persons"


def _refers(column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_comparisons_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "comparisons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("judge", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        _refers("run_id", "runs", "CASCADE"),
        _refers("left_id", "essays", "CASCADE"),
        _refers("right_id", "essays", "CASCADE"),
        _refers("decision_id", "judge_decisions", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparisons")),
        sa.UniqueConstraint("run_id", "ordinal", name=op.f("uq_comparisons_run_id_ordinal")),
    )
    op.create_index(
        "uq_comparisons_once",
        "comparisons",
        [
            "run_id",
            "round_no",
            sa.text("least(left_id, right_id)"),
            sa.text("greatest(left_id, right_id)"),
        ],
        unique=True,
    )
    op.create_index(
        "ix_comparisons_open",
        "comparisons",
        ["run_id", "ordinal"],
        postgresql_where=sa.text("decision_id is null"),
    )
    for column in ("left_id", "right_id", "decision_id"):
        op.create_index(f"ix_comparisons_{column}", "comparisons", [column])
    op.add_column(
        "assessment_results", sa.Column("basis", sa.String(), server_default="", nullable=False)
    )
    with op.get_context().autocommit_block():
        op.execute(f"drop index concurrently if exists {_PERSONS}")
        op.create_index(
            _PERSONS,
            "judge_decisions",
            ["run_id"],
            postgresql_where=sa.text("judge_kind = 'person'"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index(_PERSONS, table_name="judge_decisions")
    op.drop_column("assessment_results", "basis")
    op.drop_table("comparisons")
