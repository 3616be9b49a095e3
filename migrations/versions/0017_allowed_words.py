"""Words that are no errors in one class, and of every finding what it takes to leave it out and to count it.

The columns are nullable, so adding them locks their tables for a moment only. Results that are there are filled in, a
thousand at a time: some milliseconds each thousand, under row locks that nobody waits for, since results never change.
"""

import json
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_JSONB = postgresql.JSONB(astext_type=sa.Text())
_AT_ONCE = 1000
# As words are normalised at the time of this migration.
_PLAIN = {ord(c): "'" for c in "’ʼ‘"} | {ord(c): "-" for c in "‐‑"}
_PLAIN |= dict.fromkeys(map(ord, "\u00ad\u200c\u200d\u2060"))


def upgrade() -> None:
    op.create_table(
        "allowed_words",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
            name=op.f("fk_allowed_words_batch_id_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "form", name=op.f("pk_allowed_words")),
    )
    op.add_column("spellcheck_results", sa.Column("findings", _JSONB, nullable=True))
    op.add_column("essay_report", sa.Column("findings", _JSONB, nullable=True))
    op.add_column("essay_report", sa.Column("left_out", _JSONB, nullable=True))
    while _fill_in_some():
        pass
    op.execute("""
        update essay_report k set findings = n.findings from (
            select distinct on (e.id) e.id, s.findings
            from essays e
            join results r on r.item_id = e.id and r.phase = 'spellcheck'
                and r.text_sha256 = e.text_sha256
            join spellcheck_results s on s.run_id = r.run_id and s.essay_id = r.item_id
            order by e.id, r.created_at desc) n
        where k.essay_pk = n.id
    """)


def downgrade() -> None:
    op.drop_column("essay_report", "left_out")
    op.drop_column("essay_report", "findings")
    op.drop_column("spellcheck_results", "findings")
    op.drop_table("allowed_words")


def _fill_in_some() -> bool:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("""
            select run_id, essay_id, coalesce(detail -> 'errors', '[]'::jsonb) as errors
            from spellcheck_results where findings is null limit :n
        """),
        {"n": _AT_ONCE},
    ).all()
    if rows:
        connection.execute(
            sa.text("""
                update spellcheck_results set findings = cast(:findings as jsonb)
                where run_id = :run_id and essay_id = :essay_id
            """),
            [
                {
                    "run_id": row.run_id,
                    "essay_id": row.essay_id,
                    "findings": json.dumps([_finding(error) for error in row.errors]),
                }
                for row in rows
            ],
        )
    return bool(rows)


def _finding(error: dict[str, Any]) -> dict[str, Any]:
    folded = _normalised(error["text"]).casefold()
    form = " ".join(_normalised(folded).split())
    return {"form": form, "kind": error["kind"], "correction": error["correction"]}


def _normalised(word: str) -> str:
    return unicodedata.normalize("NFKC", word.translate(_PLAIN))
