"""An essay may be in another language than its course, and goes back to be processed when that is said.

The columns are nullable, so adding them locks their tables for a moment only; the check is made valid afterwards, which
lets others write. The read model says in which language each essay's spelling was checked, which so far was its batch's:
one update of a row an essay, for which nobody waits but the projector.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_ENDS = ("processed", "partly_processed", "failed")
_EDGES = [{"entity": "essay", "here": here, "there": "ready_for_processing"} for here in _ENDS]


def upgrade() -> None:
    op.add_column("essays", sa.Column("language", sa.String(), nullable=True))
    op.create_check_constraint(
        op.f("ck_essays_language"), "essays", "language in ('en', 'sv')", postgresql_not_valid=True
    )
    op.execute("alter table essays validate constraint ck_essays_language")
    op.add_column("essay_report", sa.Column("language", sa.String(), nullable=True))
    op.execute("""
        update essay_report k
        set spelling = k.spelling || jsonb_build_object('language', b.language, 'mismatch', null)
        from batches b where b.id = k.batch_id and k.spelling is not null
    """)
    op.bulk_insert(
        sa.table("state_edges", sa.column("entity"), sa.column("here"), sa.column("there")), _EDGES
    )


def downgrade() -> None:
    connection = op.get_bind()
    for edge in _EDGES:
        connection.execute(
            sa.text(
                "delete from state_edges where entity = :entity and here = :here and there = :there"
            ),
            edge,
        )
    op.execute("update essay_report set spelling = spelling - 'language' - 'mismatch'")
    op.drop_column("essay_report", "language")
    op.drop_constraint(op.f("ck_essays_language"), "essays", type_="check")
    op.drop_column("essays", "language")
