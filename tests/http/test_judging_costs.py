"""What it may cost to have a model judge, told before it is begun."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from app.clients.llm.account import Settling
from app.clients.llm.postgres_account import PostgresAccount
from app.llm_settings import OPENAI, LlmSettings
from app.services.deps import Deps
from tests.drivers import an_owner
from tests.factories import a_batch, an_essay
from tests.http.conftest import Caller

LLM = LlmSettings(
    OPENAI, "http://127.0.0.1:9/v1", "judge-1", Decimal(2), Decimal(10), budget=Decimal("0.1")
)


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """With a model."""
    return replace(deps, settings=replace(deps.settings, llm=LLM))


@pytest.fixture
def batch(caller: Caller, deps: Deps) -> UUID:
    return a_batch(deps, caller.user, [an_essay(), an_essay("Än"), an_essay("Another")])


def address(batch: UUID) -> str:
    return f"/v1/batches/{batch}/judging-costs"


def test_it_is_told_from_the_least_to_the_most(caller, batch):
    told = caller.gets(address(batch))

    assert (told["model"], told["currency"], told["essay_count"]) == ("judge-1", "USD", 3)
    assert told["most_rounds"] == 20
    assert (told["least"]["requests"], told["most"]["requests"]) == (5, 6)
    assert 0 < told["least"]["money"] < told["most"]["money"] < 0.1
    assert (told["budget"], told["spent"], told["is_within_budget"]) == (0.1, 0, True)


def test_the_catalogue_names_the_model_that_may_judge(caller):
    assert caller.gets("/v1/pipelines")["model"] == "judge-1"


def test_fewer_rounds_cost_less(caller, batch):
    told = caller.gets(f"{address(batch)}?most_rounds=1")

    assert told["most"]["requests"] == 2


def test_what_was_spent_counts_and_so_does_what_is_reserved(caller, deps, batch):
    account = PostgresAccount(deps.uow, LLM.budget_micros)
    reserved = account.reserve(batch, "0" * 64, 5_000, 60.0)
    account.settle(batch, "0" * 64, reserved.token, Settling(1_000))
    account.reserve(batch, "1" * 64, 95_000, 60.0)

    told = caller.gets(address(batch))

    assert (told["spent"], told["is_within_budget"]) == (0.096, False)


@pytest.mark.parametrize("rounds", ["0", "61", "many"])
def test_rounds_that_cannot_be_are_refused_by_name(caller, batch, rounds):
    answer = caller.asks("GET", f"{address(batch)}?most_rounds={rounds}")

    assert answer.status_code == 400
    assert "most_rounds" in answer.json["errors"][0]["field"]


def test_a_batch_of_somebody_elses_is_not_there(caller, deps):
    theirs = a_batch(deps, an_owner(deps), [an_essay()])

    for batch in (theirs, uuid4()):
        assert caller.asks("GET", address(batch)).status_code == 404


class TestWithoutAModel:
    @pytest.fixture
    def deps(self, deps: Deps) -> Deps:
        return replace(deps, settings=replace(deps.settings, llm=None))

    def test_there_is_nothing_to_tell(self, caller, batch):
        answer = caller.asks("GET", address(batch))

        assert answer.status_code == 400
        assert answer.json["type"] == "/problems/cannot-judge-so"
        assert answer.json["detail"] == "No language model is set up here."
