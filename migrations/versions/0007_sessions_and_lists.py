"""Refresh tokens, a language for each account, and what lists of batches are sorted and filtered by.

The new columns are nullable or have a constant default, so no table is rewritten; each is locked for a moment. The
sort keys of rows that exist stay empty until their batch is projected again or `huleedu rebuild` has run; until then
they are sorted by their plain text.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_refresh_tokens_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_refresh_tokens")),
    )
    for column in ("family_id", "user_id", "expires_at"):
        op.create_index(f"ix_refresh_tokens_{column}", "refresh_tokens", [column])
    op.add_column("users", sa.Column("locale", sa.String(), nullable=False, server_default="en"))
    op.create_check_constraint(op.f("ck_users_locale"), "users", "locale in ('en', 'sv')")
    op.add_column(
        "projection_cursors",
        sa.Column("version", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.add_column("batch_overview", sa.Column("action_required", sa.String(), nullable=True))
    op.add_column("batch_overview", sa.Column("class_key", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("batch_overview", "class_key")
    op.drop_column("batch_overview", "action_required")
    op.drop_column("projection_cursors", "version")
    op.drop_constraint(op.f("ck_users_locale"), "users", type_="check")
    op.drop_column("users", "locale")
    op.drop_table("refresh_tokens")
