"""A language nobody has chosen for an account is none, so that the browser's can hold until somebody does.

Dropping a default and a NOT NULL changes the catalogue only; the table is locked for a moment.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "users", "locale", existing_type=sa.String(), nullable=True, server_default=None
    )


def downgrade() -> None:
    op.execute("update users set locale = 'en' where locale is null")
    op.alter_column(
        "users", "locale", existing_type=sa.String(), nullable=False, server_default="en"
    )
