"""Comparative judgement: descriptions of essays, decisions about pairs, and what came of them.

A unit may have something to say to whoever works on it (`given`). The column is nullable, so adding it locks the table
for a moment only. How often one essay was chosen before another is derived from the decisions and never stored.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_JSONB = postgresql.JSONB(astext_type=sa.Text())


def _cascades(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.add_column("units", sa.Column("given", _JSONB, nullable=True))
    op.create_table(
        "essay_descriptions",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("essay_id", sa.Uuid(), nullable=False),
        sa.Column("detail", _JSONB, nullable=False),
        _cascades("essay_descriptions", "run_id", "runs"),
        _cascades("essay_descriptions", "essay_id", "essays"),
        sa.PrimaryKeyConstraint("run_id", "essay_id", name=op.f("pk_essay_descriptions")),
    )
    op.create_table(
        "judge_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column("order_no", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(32), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        sa.Column("judge_kind", sa.String(32), nullable=False),
        sa.Column("detail", _JSONB, nullable=False),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "choice in ('left', 'right', 'tie', 'invalid')", name=op.f("ck_judge_decisions_choice")
        ),
        sa.CheckConstraint(
            "judge_kind in ('builtin', 'llm', 'person')", name=op.f("ck_judge_decisions_judge_kind")
        ),
        sa.CheckConstraint("left_id <> right_id", name=op.f("ck_judge_decisions_pair")),
        _cascades("judge_decisions", "run_id", "runs"),
        _cascades("judge_decisions", "left_id", "essays"),
        _cascades("judge_decisions", "right_id", "essays"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge_decisions")),
    )
    op.create_index(
        "uq_judge_decisions_once",
        "judge_decisions",
        [
            "run_id",
            "round_no",
            sa.text("least(left_id, right_id)"),
            sa.text("greatest(left_id, right_id)"),
            "order_no",
            "judge",
        ],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.create_index("ix_judge_decisions_left_id", "judge_decisions", ["left_id"])
    op.create_index("ix_judge_decisions_right_id", "judge_decisions", ["right_id"])
    op.create_index("ix_essay_descriptions_essay_id", "essay_descriptions", ["essay_id"])
    op.create_table(
        "assessment_results",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decision_count", sa.Integer(), nullable=False),
        sa.Column("stop_reason", sa.String(), nullable=False),
        sa.Column("detail", _JSONB, nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        _cascades("assessment_results", "run_id", "runs"),
        _cascades("assessment_results", "batch_id", "batches"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_assessment_results")),
    )
    op.create_index(
        "ix_assessment_results_batch_id", "assessment_results", ["batch_id", "created_at"]
    )
    op.execute("""
        create view comparison_matrix as
        select run_id, winner_id, loser_id, sum(share) as wins from (
            select run_id, case choice when 'right' then right_id else left_id end as winner_id,
                case choice when 'right' then left_id else right_id end as loser_id,
                case choice when 'tie' then 0.5 else 1 end as share
            from judge_decisions where choice <> 'invalid' and withdrawn_at is null
            union all
            select run_id, right_id, left_id, 0.5 from judge_decisions
            where choice = 'tie' and withdrawn_at is null) w
        group by 1, 2, 3
    """)


def downgrade() -> None:
    op.execute("drop view comparison_matrix")
    op.drop_table("assessment_results")
    op.drop_table("judge_decisions")
    op.drop_table("essay_descriptions")
    op.drop_column("units", "given")
