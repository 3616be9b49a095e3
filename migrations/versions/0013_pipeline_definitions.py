"""Pipelines that are defined while the system runs, beside those of the catalogue's file. A new table: no lock matters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pipeline_definitions",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("phases", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("defined_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pipeline_definitions")),
    )


def downgrade() -> None:
    op.drop_table("pipeline_definitions")
