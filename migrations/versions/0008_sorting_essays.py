"""Keys that essays are sorted by: the names of their pupils and files, in Swedish order.

Both are nullable, so each costs the table's lock for a moment. They stay empty until a batch is projected again or
`huleedu rebuild` has run; until then names are sorted by their plain text.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("essay_report", sa.Column("student_key", sa.String(), nullable=True))
    op.add_column("essay_report", sa.Column("file_key", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("essay_report", "file_key")
    op.drop_column("essay_report", "student_key")
