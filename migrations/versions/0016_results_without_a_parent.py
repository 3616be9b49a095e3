"""Results are not checked against their batch, row by row: thousands are written at once, and they go when it is erased.

The foreign key is dropped, which locks both tables for a moment.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("fk_results_batch_id_batches", "results")


def downgrade() -> None:
    op.execute(
        "delete from results r where not exists (select 1 from batches b where b.id = r.batch_id)"
    )
    op.create_foreign_key(
        "fk_results_batch_id_batches",
        "results",
        "batches",
        ["batch_id"],
        ["id"],
        ondelete="CASCADE",
    )
