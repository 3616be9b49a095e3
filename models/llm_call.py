"""Questions that were put to a model, and what they have cost."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class LlmCall(Base):
    """One question about one batch: its answer once it is there, who puts it now, and what it has cost so far.

    `digest` is of the prompt, the model and the judge's version. Money is in millionths of the currency that prices are
    in. `reserved` is for the request that is under way, or whose sender died; with the next one it counts for good.
    `since` is when the question was first put, as long as it has neither been answered nor given up.
    """

    __tablename__ = "llm_calls"
    __table_args__ = (CheckConstraint("charged >= 0 and reserved >= 0", name="money"),)

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    requests: Mapped[int]
    charged: Mapped[int] = mapped_column(BigInteger)
    reserved: Mapped[int] = mapped_column(BigInteger)
    input_tokens: Mapped[int] = mapped_column(BigInteger)
    output_tokens: Mapped[int] = mapped_column(BigInteger)
    token: Mapped[UUID | None]
    held_until: Mapped[datetime | None]
    since: Mapped[datetime | None]
    answer: Mapped[dict[str, Any] | None]
