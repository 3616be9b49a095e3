"""Questions that were put to a model. Whoever reserves money for one holds the batch's budget meanwhile."""

from collections.abc import Mapping, Sequence
from json import dumps
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models import LlmCall


class Put(NamedTuple):
    """A question as it stands, by the database's clock.

    Attributes:
        held_s: how long whoever puts it may still take; 0 or less where nobody does.
    """

    token: UUID | None
    held_s: float
    answer: Mapping[str, Any] | None


class LlmCalls:
    """The questions of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def answers(self, batch_id: UUID, digests: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Those that are there: digest → answer."""
        query = select(LlmCall.digest, LlmCall.answer).where(
            LlmCall.batch_id == batch_id,
            LlmCall.digest.in_(digests),
            LlmCall.answer.is_not(None),
        )
        return {digest: answer for digest, answer in self._session.execute(query) if answer}

    def hold_budget(self, batch_id: UUID) -> None:
        """Let nobody else reserve money of a batch until the end of the transaction."""
        # The batch's row would do as well, but everything that happens to the batch waits for that.
        self._session.execute(
            text("select pg_advisory_xact_lock(hashtextextended('llm_calls ' || :batch, 0))"),
            {"batch": str(batch_id)},
        )

    def find(self, batch_id: UUID, digest: str) -> Put | None:
        """One question."""
        row = self._session.execute(
            text("""
                select token, coalesce(extract(epoch from held_until - now()), 0) as held_s, answer
                from llm_calls where batch_id = :batch_id and digest = :digest for update
            """),
            {"batch_id": batch_id, "digest": digest},
        ).one_or_none()
        return Put(row.token, float(row.held_s), row.answer) if row else None

    def spent(self, batch_id: UUID) -> int:
        """What a batch has cost, reservations included."""
        query = select(func.coalesce(func.sum(LlmCall.charged + LlmCall.reserved), 0)).where(
            LlmCall.batch_id == batch_id
        )
        return int(self._session.scalar(query) or 0)

    def reserve(
        self, batch_id: UUID, digest: str, *, token: UUID, cost: int, hold_s: float
    ) -> float:
        """Reserve money for another request; what a dead one had reserved counts as spent.

        Returns:
            How many seconds ago the question was put first.
        """
        return float(
            self._session.execute(
                text("""
                    insert into llm_calls as c (batch_id, digest, requests, charged, reserved,
                        input_tokens, output_tokens, token, held_until, since)
                    values (:batch_id, :digest, 1, 0, :cost, 0, 0, :token,
                        now() + make_interval(secs => :hold_s), now())
                    on conflict (batch_id, digest) do update set requests = c.requests + 1,
                        charged = c.charged + c.reserved, reserved = excluded.reserved,
                        token = excluded.token, held_until = excluded.held_until,
                        since = coalesce(c.since, now())
                    returning extract(epoch from now() - since)
                """),
                {
                    "batch_id": batch_id,
                    "digest": digest,
                    "cost": cost,
                    "token": token,
                    "hold_s": hold_s,
                },
            ).scalar_one()
        )

    def settle(
        self,
        batch_id: UUID,
        digest: str,
        *,
        token: UUID,
        charged: int,
        input_tokens: int,
        output_tokens: int,
        answer: Mapping[str, Any] | None,
        is_over: bool,
    ) -> None:
        """Replace the reservation of a token; nothing where the question is another's by now, or gone."""
        self._session.execute(
            text("""
                update llm_calls set charged = charged + :charged, reserved = 0,
                    input_tokens = input_tokens + :input_tokens,
                    output_tokens = output_tokens + :output_tokens,
                    token = null, held_until = null, answer = cast(:answer as jsonb),
                    since = case when :is_over then null else since end
                where batch_id = :batch_id and digest = :digest and token = :token
            """),
            {
                "batch_id": batch_id,
                "digest": digest,
                "token": token,
                "charged": charged,
                "input_tokens": input_tokens,
                "output_tokens": output_tokens,
                "answer": None if answer is None else dumps(answer),
                "is_over": is_over,
            },
        )
