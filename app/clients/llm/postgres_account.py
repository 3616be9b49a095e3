"""The account in Postgres: each reservation and each settlement is a transaction of its own.

A reservation is there before the request leaves, so whoever dies while asking has not asked for free. The answer is
kept by the transaction that settles, so what was settled is never asked again; and it goes when its batch is erased.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from app.clients.llm.account import Busy, NoMoney, Reservation, Reserved, Settling
from app.unit_of_work import UnitsOfWork, in_background
from pipelines.phases.cj_assessment.decisions import Choice
from pipelines.phases.cj_assessment.judges import Verdict


class PostgresAccount:
    """The real `Account`.

    Args:
        budget: of each batch, in millionths.
    """

    def __init__(self, uow: UnitsOfWork, budget: int) -> None:
        self.uow = uow
        self._budget = budget

    @in_background
    def known(self, batch_id: UUID, digests: Sequence[str]) -> Mapping[str, Verdict]:
        """See the port."""
        with self.uow("llm_known") as uow:
            found = uow.llm_calls.answers(batch_id, digests)
        return {digest: _thawed(answer) for digest, answer in found.items()}

    def reserve(self, batch_id: UUID, digest: str, cost: int, hold_s: float) -> Reservation:
        """See the port."""
        return self._reserve(batch_id, digest, cost, hold_s, uuid4())

    @in_background
    def _reserve(
        self, batch_id: UUID, digest: str, cost: int, hold_s: float, token: UUID
    ) -> Reservation:
        with self.uow("llm_reserve") as uow:
            uow.llm_calls.hold_budget(batch_id)
            put = uow.llm_calls.find(batch_id, digest)
            if put and put.answer is not None:
                return _thawed(put.answer)
            if put and put.token == token:
                return Reserved(token)  # the answer to the commit was lost, and it is said again
            if put and put.token is not None and put.held_s > 0:
                return Busy(put.held_s)
            if uow.llm_calls.spent(batch_id) + cost > self._budget:
                return NoMoney()
            tried_s = uow.llm_calls.reserve(batch_id, digest, token=token, cost=cost, hold_s=hold_s)
            uow.commit()
        return Reserved(token, tried_s)

    @in_background
    def settle(self, batch_id: UUID, digest: str, token: UUID, settling: Settling) -> None:
        """See the port."""
        with self.uow("llm_settle") as uow:
            uow.llm_calls.settle(
                batch_id,
                digest,
                token=token,
                charged=settling.charged,
                input_tokens=settling.input_tokens,
                output_tokens=settling.output_tokens,
                answer=None if settling.verdict is None else _frozen(settling.verdict),
                is_over=settling.is_over or settling.verdict is not None,
            )
            uow.commit()

    def spent(self, batch_id: UUID) -> int:
        """See the port."""
        with self.uow("llm_spent") as uow:
            return uow.llm_calls.spent(batch_id)


def _frozen(verdict: Verdict) -> Mapping[str, Any]:
    return {
        "choice": str(verdict.choice),
        "confidence": verdict.confidence,
        "reason": verdict.reason,
    }


def _thawed(answer: Mapping[str, Any]) -> Verdict:
    return Verdict(Choice(answer["choice"]), answer["confidence"], answer["reason"])
