"""Workers that let a model judge: one account in Postgres, one gate in Redis, and any of them may die."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from app.clients.llm import asking, making
from app.clients.llm.asking import SETTLING_S
from app.clients.redis_client import connect
from app.llm_settings import OPENAI, LlmSettings
from app.services.deps import Deps
from app.settings import Settings
from pipelines.phase import BatchContext, Later
from pipelines.phases.cj_assessment.decisions import Choice, Pair
from pipelines.phases.cj_assessment.judges import Task
from pipelines.vocabulary import Language
from tests import model_server
from tests.drivers import a_class, change, one, rows
from tests.model_server import KEY, ModelServer

PROJECT = Path(__file__).resolve().parents[2]
CHILD = """
import sys
from uuid import UUID
from app import bootstrap
from tests.integration.test_llm_workers import a_batch, a_task
print(bootstrap.llm_judge().ask(a_batch(UUID(sys.argv[1])), [a_task()])[0])
"""


def a_batch(batch_id: UUID) -> BatchContext:
    return BatchContext(batch_id, Language.ENGLISH, "ENG5", "Write about a challenge.")


def a_task(left: str = "Alma was here.") -> Task:
    return Task(Pair("a", "b"), left, "Nobody was here.", "Write.", Language.ENGLISH)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server.running() as server:
        yield server


@pytest.fixture
def llm(server: ModelServer) -> LlmSettings:
    return LlmSettings(
        OPENAI,
        f"{server.url}/v1",
        "judge-1",
        Decimal(2),
        Decimal(10),
        api_key=KEY,
        requests_per_minute=6000,
        timeout_s=30.0,
    )


@dataclass
class Office:
    """Where workers ask: the same servers, and one batch."""

    deps: Deps
    settings: Settings
    llm: LlmSettings
    batch: UUID

    def ask(self, *tasks: Task, **llm: object):
        """Ask as one worker, in this process."""
        settings = replace(self.llm, **llm)
        client = connect(self.settings.redis_url)
        try:
            judge = making.shared(settings, self.deps.uow, client)
            return judge.ask(a_batch(self.batch), tasks or [a_task()])
        finally:
            client.close()

    def worker(self, crash_at: str = "") -> subprocess.CompletedProcess[str]:
        """Ask as one worker, in a process of its own that may die."""
        return subprocess.run(
            self.command,
            env=self.env(crash_at),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def command(self) -> list[str]:
        """What that process is."""
        return [sys.executable, "-c", CHILD, str(self.batch)]

    def env(self, crash_at: str = "") -> dict[str, str]:
        """How it finds everything."""
        return os.environ | {
            "DATABASE_URL": self.settings.database_url,
            "REDIS_URL": self.settings.redis_url,
            "HULEEDU_SECRET_KEY": self.settings.secret_key,
            "HULEEDU_SERVICE_KEY": self.settings.service_key,
            "HULEEDU_LLM_PROVIDER": self.llm.provider,
            "HULEEDU_LLM_URL": self.llm.url,
            "HULEEDU_LLM_MODEL": self.llm.model,
            "HULEEDU_LLM_PRICE_INPUT": str(self.llm.price_input),
            "HULEEDU_LLM_PRICE_OUTPUT": str(self.llm.price_output),
            "HULEEDU_LLM_BUDGET": str(self.llm.budget),
            "HULEEDU_LLM_API_KEY": self.llm.api_key,
            "CRASH_AT": crash_at,
        }

    def row(self):
        """What the account has of the one question."""
        return one(self.deps, "select * from llm_calls")

    def later(self, seconds: float) -> None:
        """Let seconds pass for the account."""
        change(
            self.deps,
            "update llm_calls set held_until = held_until - make_interval(secs => :s)",
            s=seconds,
        )


@pytest.fixture
def office(deps: Deps, settings: Settings, llm: LlmSettings) -> Office:
    client = connect(settings.redis_url)
    client.flushdb()
    client.close()
    return Office(deps, settings, llm, a_class(deps, "").batch)


class TestAWorkerThatDies:
    def test_with_the_answer_in_its_hands_has_the_question_put_once_more(self, office, server):
        died = office.worker("llm_settle.before_commit")
        assert died.returncode == -signal.SIGKILL
        reserved = office.row().reserved
        [waits] = office.ask()
        assert isinstance(waits, Later)
        assert waits.after_s <= office.llm.timeout_s + SETTLING_S + 30
        assert len(server.asked) == 1

        office.later(200)
        [verdict] = office.ask()

        assert verdict.choice is Choice.LEFT
        assert len(server.asked) == 2
        row = office.row()
        assert (row.requests, row.reserved, row.charged) == (2, 0, reserved + 2500)

    def test_before_it_has_asked_has_reserved_all_the_same(self, office, server):
        died = office.worker("llm_reserve.after_commit")
        assert died.returncode == -signal.SIGKILL
        assert server.asked == []
        reserved = office.row().reserved
        assert reserved > 0

        office.later(200)
        office.ask()

        assert len(server.asked) == 1
        assert office.row().charged == reserved + 2500

    def test_before_it_has_reserved_has_done_nothing(self, office, server):
        office.worker("llm_reserve.before_commit")

        assert rows(office.deps, "select 1 from llm_calls") == []
        assert server.asked == []

    def test_after_it_has_settled_leaves_the_answer(self, office, server):
        office.worker("llm_settle.after_commit")

        [verdict] = office.ask()

        assert verdict.choice is Choice.LEFT
        assert len(server.asked) == 1
        assert office.row().charged == 2500

    def test_again_and_again_spends_no_more_than_the_budget(self, office, server):
        office.llm = replace(office.llm, budget=Decimal("0.015"))
        for _ in range(2):
            office.worker("llm_settle.before_commit")
            office.later(200)

        [answer] = office.ask()

        assert answer.code == asking.NO_MONEY
        assert len(server.asked) == 2
        row = office.row()
        assert 7_500 < row.charged + row.reserved <= 15_000


class TestManyWorkers:
    def test_ask_one_question_once(self, office, server):
        server.then(model_server.answers_late)
        with subprocess.Popen(office.command, env=office.env(), cwd=PROJECT) as worker:
            assert server.is_waited_for.wait(60)

            [answer] = office.ask()

            assert isinstance(answer, Later)
            server.released.set()
            worker.wait(60)
        assert len(server.asked) == 1

    def test_keep_to_one_rate(self, office, server):
        for n in range(3):
            answers = office.ask(a_task(f"Text {n}."), requests_per_minute=1)
            assert isinstance(answers[0], Later) is (n > 0)

        assert len(server.asked) == 1

    def test_are_all_held_up_by_one_long_wait(self, office, server):
        server.then(model_server.sends(429, retry_after="90"))
        office.ask()

        [answer] = office.ask(a_task("Another."))

        assert isinstance(answer, Later)
        assert 80 < answer.after_s <= 90
        assert len(server.asked) == 1


def test_nobody_can_read_what_was_asked_in_the_account_or_at_the_gate(office, settings):
    office.ask()

    kept = repr([tuple(row) for row in rows(office.deps, "select * from llm_calls")])
    client = connect(settings.redis_url)
    kept += repr([(key, client.hgetall(key)) for key in client.scan_iter()])
    client.close()
    for secret in ("Alma", "here", KEY, office.llm.url):
        assert secret not in kept


def test_a_budget_of_nothing_allows_nothing(office, server):
    [answer] = office.ask(budget=Decimal(0))

    assert answer.code == asking.NO_MONEY
    assert server.asked == []
