"""A model as a judge: each pair is one question, and several are put at a time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

from app.clients.llm import exchange, prompt, protocols
from app.clients.llm.account import Account
from app.clients.llm.asking import Asking, Question
from app.clients.llm.gate import Gate
from app.clock import Clock, now
from app.llm_settings import LlmSettings
from pipelines.phase import BatchContext
from pipelines.phases.cj_assessment.decisions import Choice, JudgeKind
from pipelines.phases.cj_assessment.judges import Task, Verdict
from pipelines.phases.cj_assessment.remote import Answer

SLICE_S = 30.0
"""After so long no new request is sent; what was not asked is asked later."""


class LlmJudge:
    """A model behind HTTP.

    Args:
        settings: which one.
        account: where money is reserved and answers are kept.
        gate: what all who ask the same provider go through.
        clock, passed_s, pause: the time, seconds since some moment, and what lets them pass.
    """

    kind = JudgeKind.LLM

    def __init__(
        self,
        settings: LlmSettings,
        account: Account,
        gate: Gate,
        *,
        clock: Clock = now,
        passed_s: Callable[[], float] = monotonic,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        self._settings = settings
        self._account = account
        self._gate = gate
        self._clock = clock
        self._passed_s = passed_s
        self._pause = pause
        self._wire = protocols.of(settings)

    @property
    def name(self) -> str:
        """The model's."""
        return f"llm:{self._settings.model}"

    @property
    def version(self) -> str:
        """The prompt's, and whatever else makes answers differ."""
        settings = self._settings
        said = "default" if settings.temperature is None else f"{settings.temperature:g}"
        return f"prompt {prompt.VERSION}; {settings.provider} {settings.model}; temperature {said}"

    def ask(self, batch: BatchContext, tasks: Sequence[Task]) -> Sequence[Answer]:
        """See the protocol."""
        questions = [self._question(batch, task) for task in tasks]
        known = self._account.known(batch.batch_id, [each.digest for each in questions])
        with (
            exchange.client(self._settings.timeout_s) as client,
            ThreadPoolExecutor(self._settings.concurrency, "llm") as pool,
        ):
            asking = Asking(
                self._settings,
                self._wire,
                client,
                self._account,
                self._gate,
                self._passed_s() + SLICE_S,
                self._clock,
                self._passed_s,
                self._pause,
            )

            def answered(task: Task, question: Question) -> Answer:
                if task.left_text == task.right_text:
                    return Verdict(Choice.TIE)
                return known.get(question.digest) or asking.answer(question)

            return list(pool.map(answered, tasks, questions))

    def _question(self, batch: BatchContext, task: Task) -> Question:
        asked = prompt.of(task, batch)
        # The same words to another server, or in another form, may be answered otherwise.
        judge = f"{self.version}; {self._settings.url}; {self._settings.answer}"
        return Question(batch.batch_id, asked.digest(judge), asked)
