"""How one question is put: politely, paid for beforehand, a few times if need be, and never for ever."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import structlog
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_result,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from app.clients.llm import answer, exchange
from app.clients.llm.account import Account, Busy, NoMoney, Reserved, Settling
from app.clients.llm.answer import Unusable
from app.clients.llm.exchange import Came, Passing, Refused
from app.clients.llm.gate import Gate
from app.clients.llm.prompt import Prompt
from app.clients.llm.protocols import Reply, Wire
from app.clock import Clock
from app.llm_settings import LlmSettings
from pipelines.phase import GaveUp, Later
from pipelines.phases.cj_assessment import costs
from pipelines.phases.cj_assessment.judges import Verdict
from pipelines.phases.cj_assessment.remote import Answer

log = structlog.get_logger(__name__)

UNAVAILABLE = "judge_unavailable"
DECLINED = "judge_declined"
UNUSABLE = "judge_answer_unusable"
NO_MONEY = "judge_budget_exhausted"

TRIES = 3
LEAST_WAIT_S, MOST_WAIT_S = 2.0, 10.0
"""Between tries. Who would have to wait for longer comes back later, and holds nobody up meanwhile."""
PAUSE_S = 5.0
"""For everybody, where a server says that it has too much to do and not until when."""
SETTLING_S = 5.0
"""How much longer than a request takes its question is held."""


@dataclass(frozen=True, slots=True)
class Question:
    """One pair, as a model is asked about it."""

    batch_id: UUID
    digest: str
    prompt: Prompt


@dataclass(frozen=True)
class Asking:
    """Whom to ask, and by what means.

    Attributes:
        until_s: when no further request may be sent, as `passed_s` counts.
        passed_s: seconds since some moment.
        pause: lets seconds pass.
    """

    settings: LlmSettings
    wire: Wire
    client: httpx.Client
    account: Account
    gate: Gate
    until_s: float
    clock: Clock
    passed_s: Callable[[], float]
    pause: Callable[[float], None]

    def answer(self, question: Question) -> Answer:
        """Put a question, and once more if the answer is none."""
        came = self._tries(question, question.prompt, is_last=False)
        if isinstance(came, Unusable):
            log.info("llm_answer_unusable", batch_id=str(question.batch_id), fault=came.fault)
            came = self._tries(question, question.prompt.repaired(came.fault), is_last=True)
        if isinstance(came, Unusable):
            return GaveUp(UNUSABLE, f"The model's answer could not be used: {came.fault}.")
        return came

    def _tries(
        self, question: Question, asked: Prompt, *, is_last: bool
    ) -> Verdict | Unusable | Later | GaveUp:
        came: Any = Retrying(
            retry=retry_if_result(lambda came: isinstance(came, Passing)),
            wait=_wait_s,
            stop=lambda state: state.upcoming_sleep > MOST_WAIT_S + 1 or _is_enough(state),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
            sleep=self.pause,
        )(self._try, question, asked, is_last=is_last)
        if isinstance(came, Passing):
            return Later(MOST_WAIT_S if came.after_s is None else came.after_s, came.why)
        return came  # type: ignore[no-any-return]

    def _try(
        self, question: Question, asked: Prompt, *, is_last: bool
    ) -> Verdict | Unusable | Later | GaveUp | Passing:
        """Send one request, unless it may not be sent now."""
        wait_s = self._wait_at_gate(asked)
        if wait_s is not None:
            return Later(wait_s, "the model may not be asked yet")
        most = self.settings.prices.most(asked.characters)
        hold_s = self.settings.timeout_s + SETTLING_S
        reserved = self.account.reserve(question.batch_id, question.digest, most, hold_s)
        match reserved:
            case Verdict():
                return reserved
            case Busy(after_s=after_s):
                return Later(after_s, "the model is being asked this already")
            case NoMoney():
                return GaveUp(NO_MONEY, "What this batch may cost has been spent.")
        came = exchange.put(
            asked,
            self.wire,
            self.settings.url,
            self.client,
            timeout_s=self.settings.timeout_s,
            clock=self.clock,
            passed_s=self.passed_s,
        )
        self._tell_gate(came)
        result = self._result(came, reserved)
        self._settle(question, reserved.token, came, most, result, is_last=is_last)
        return result

    def _wait_at_gate(self, asked: Prompt) -> float | None:
        """Go through the gate, after a short wait if need be; seconds after which to come back if it would be long."""
        while True:
            if self.passed_s() >= self.until_s:
                return 0.0
            wait_s = self.gate.enter(costs.tokens(asked.characters))
            if wait_s <= 0:
                return None
            if wait_s > MOST_WAIT_S:
                return wait_s
            self.pause(wait_s)

    def _tell_gate(self, came: Came) -> None:
        if isinstance(came, Passing) and came.is_fault:
            self.gate.failed()
        else:
            self.gate.answered()
        if isinstance(came, Passing) and (came.after_s is not None or not came.is_fault):
            self.gate.pause(PAUSE_S if came.after_s is None else came.after_s)

    def _result(self, came: Came, reserved: Reserved) -> Verdict | Unusable | GaveUp | Passing:
        match came:
            case Passing():
                if reserved.tried_s < self.settings.give_up_s:
                    return came
                return GaveUp(UNAVAILABLE, f"The model cannot be asked: {came.why}.")
            case Refused(code=code, reason=reason):
                return GaveUp(code, reason)
            case Reply(has_declined=True):
                return GaveUp(DECLINED, "The model declined to judge this pair.")
            case Reply(is_cut=True):
                return Unusable("it is cut off")
            case Reply(arguments=arguments):
                return answer.read(arguments)

    def _settle(
        self,
        question: Question,
        token: UUID,
        came: Came,
        most: int,
        result: Verdict | Unusable | GaveUp | Passing,
        *,
        is_last: bool,
    ) -> None:
        reply = came if isinstance(came, Reply) else Reply(None)
        charged = self._charged(came, most)
        is_over = isinstance(result, GaveUp) or (is_last and isinstance(result, Unusable))
        self.account.settle(
            question.batch_id,
            question.digest,
            token,
            Settling(
                charged,
                reply.input_tokens or 0,
                reply.output_tokens or 0,
                result if isinstance(result, Verdict) else None,
                is_over,
            ),
        )
        log.info(
            "llm_asked",
            batch_id=str(question.batch_id),
            question=question.digest[:12],
            result=type(result).__name__,
            why=getattr(result, "why", None) or getattr(result, "code", None),
            charged=charged,
        )

    def _charged(self, came: Came, most: int) -> int:
        """What a request has cost, or may have."""
        match came:
            case Reply(input_tokens=int(read), output_tokens=int(written)):
                return self.settings.prices.counted(read, written)
            case Reply():
                return most  # the server does not count
            case Passing(may_cost=True):
                return most
        return 0


def _is_enough(state: RetryCallState) -> bool:
    return stop_after_attempt(TRIES)(state)


_BACKING_OFF = wait_exponential(min=LEAST_WAIT_S, max=MOST_WAIT_S - 1, multiplier=LEAST_WAIT_S)
_APART = wait_random(0, 1)


def _wait_s(state: RetryCallState) -> float:
    """As long as the server says; otherwise the longer, the oftener."""
    came = state.outcome.result() if state.outcome else None
    if isinstance(came, Passing) and came.after_s is not None:
        return came.after_s
    return _BACKING_OFF(state) + _APART(state)
