"""A run in which a model judges, through the whole ledger: whatever its provider does, the batch completes."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from app.clients.llm import making
from app.clients.redis_client import connect
from app.llm_settings import ANTHROPIC, OPENAI, LlmSettings
from app.services import invariants, reconciler
from app.services.deps import Deps
from pipelines import catalogue
from tests import engines, model_server
from tests.drivers import ENOUGH, Klass, a_class, change, drain, let_time_pass, over, rows
from tests.fakes import FakePublisher
from tests.model_server import ModelServer

GRAPH = """
phases:
  cj_assessment:
    engine: tests.engines:RankedByAModel
    scope: batch
    queue: nlp
    retry: {max_attempts: 2, backoff_s: 0.1, backoff_max_s: 0.2}
    options: {most_rounds: 3}
pipelines:
  all: {phases: [cj_assessment]}
"""
ESSAYS = 8


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server.running() as server:
        server.otherwise = model_server.prefers(worth)
        yield server


@pytest.fixture
def timeout_s() -> float:
    """How long an answer may take: longer than any machine takes for one."""
    return 30.0


@pytest.fixture(params=[OPENAI, ANTHROPIC])
def llm(request: pytest.FixtureRequest, server: ModelServer, timeout_s: float) -> LlmSettings:
    return LlmSettings(
        request.param,
        server.url,
        "judge-1",
        Decimal(2),
        Decimal(10),
        requests_per_minute=100_000,
        timeout_s=timeout_s,
        give_up_s=0.0,
    )


@pytest.fixture
def here(deps: Deps, llm: LlmSettings) -> Iterator[Deps]:
    deps = over(deps, catalogue.parse(GRAPH, file="test.yaml"), llm=llm)
    with closing(connect(deps.settings.redis_url)) as client:
        client.flushdb()
        engines.MODEL = making.shared(llm, deps.uow, client)
        yield deps
    engines.MODEL = None


def worth(text: str) -> int:
    """The number of the essay, which the class's texts have."""
    return int(text.split()[1])


def ranked(here: Deps, publisher: FakePublisher) -> tuple[Klass, Any]:
    """Run a class to its end; what came of it."""
    klass = a_class(here, *[""] * ESSAYS)
    run(here, publisher, klass)
    [found] = rows(here, "select detail, stop_reason, decision_count from assessment_results")
    assert invariants.check(here) == []
    return klass, found


def run(here: Deps, publisher: FakePublisher, klass: Klass) -> None:
    """Have a class ranked; whenever it waits, an hour passes, at the gate before the model as well."""
    klass.start(judging={"judge": "llm"})
    for _ in range(ENOUGH):
        drain(here, publisher)
        if klass.run().status != "active":
            return
        let_time_pass(here)
        with closing(connect(here.settings.redis_url)) as client:
            client.flushdb()
        reconciler.reconcile(here, publisher)
    raise AssertionError("the run does not end")


def reasons(here: Deps) -> list[str]:
    """Why pairs were not judged."""
    found = rows(
        here,
        "select distinct detail ->> 'reason' as reason from judge_decisions"
        " where choice = 'invalid' order by 1",
    )
    return [row.reason for row in found]


def test_the_better_essays_come_first(here, publisher, server):
    klass, found = ranked(here, publisher)

    position = {str(row.id): row.position for row in klass.essays()}
    order = [position[each["essay_id"]] for each in found.detail["essays"]]
    assert klass.run().status == "completed_successfully"
    # In three rounds some better ones have not met; who is better on the whole is plain.
    assert sum(order[:4]) > sum(order[4:])
    assert len(server.asked) == 4 + 4 + 2 * 3 + 4  # three rounds, and the trial's second orders


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (model_server.sends(401, {"error": {}}), "judge_account_refused"),
        (model_server.sends(404), "judge_request_refused"),
        (model_server.sends(500), "judge_unavailable"),
        (model_server.hangs_up, "judge_unavailable"),
        (model_server.sends(429, retry_after="60"), "judge_unavailable"),
        (model_server.declines, "judge_declined"),
        (model_server.cuts_short, "judge_answer_unusable"),
        (model_server.tears, "judge_answer_unusable"),
        (model_server.answers({"better": "both"}), "judge_answer_unusable"),
    ],
    ids=[
        "expired key",
        "no such model",
        "500",
        "hung up",
        "429",
        "refusal",
        "truncated",
        "torn",
        "wrong schema",
    ],
)
def test_a_provider_that_never_answers_well_ends_the_run_by_name(
    here, publisher, server, behaviour, code
):
    server.otherwise = behaviour

    klass, found = ranked(here, publisher)

    assert reasons(here) == [code]
    assert (found.stop_reason, found.decision_count) == ("no_decisions", 0)
    assert klass.run().status == "completed_successfully"


@pytest.mark.parametrize("timeout_s", [0.2])
def test_one_that_takes_too_long_ends_it_by_name(here, publisher, server):
    server.otherwise = model_server.keeps_waiting

    klass, found = ranked(here, publisher)

    assert reasons(here) == ["judge_unavailable"]
    assert (found.stop_reason, found.decision_count) == ("no_decisions", 0)
    assert klass.run().status == "completed_successfully"


def test_one_that_does_everything_wrong_now_and_then_ranks_all_the_same(here, publisher, server):
    rng = Random(4)
    wrong = [
        model_server.sends(500),
        model_server.sends(429, retry_after="30"),
        model_server.hangs_up,
        model_server.declines,
        model_server.cuts_short,
        model_server.tears,
        model_server.sends(404),
        model_server.answers({"better": "both"}),
    ]
    good = [server.otherwise] * 2 * len(wrong)
    server.then(*rng.sample(wrong + good, 3 * len(wrong)))

    klass, found = ranked(here, publisher)

    assert klass.run().status == "completed_successfully"
    assert found.decision_count > 6
    assert all(reason.startswith("judge_") for reason in reasons(here))


def test_what_a_long_wait_puts_off_is_asked_when_it_is_over(here, publisher, server, llm):
    with closing(connect(here.settings.redis_url)) as client:
        engines.MODEL = making.shared(replace(llm, give_up_s=1800.0), here.uow, client)
        server.then(model_server.sends(429, retry_after="90"))

        klass, _ = ranked(here, publisher)

    assert klass.run().status == "completed_successfully"
    assert reasons(here) == []
    outcomes = rows(here, "select distinct outcome from every_attempt order by 1")
    assert [row.outcome for row in outcomes] == ["done", "later"]


def test_when_the_money_is_spent_the_ranking_is_of_what_there_is(here, publisher, server, llm):
    budget = Decimal("0.03")
    with closing(connect(here.settings.redis_url)) as client:
        engines.MODEL = making.shared(replace(llm, budget=budget), here.uow, client)

        klass, found = ranked(here, publisher)

    assert reasons(here) == ["judge_budget_exhausted"]
    assert found.stop_reason == "no_decisions"
    assert found.decision_count > 0
    [spent] = rows(here, "select sum(charged + reserved) / 1e6 as n from llm_calls")
    assert 0 < spent.n <= budget
    assert klass.run().status == "completed_successfully"


def test_a_second_run_asks_nothing_that_was_answered(here, publisher, server):
    klass, _ = ranked(here, publisher)
    asked = len(server.asked)

    change(here, "delete from assessment_results")
    run(here, publisher, klass)

    assert len(server.asked) == asked
