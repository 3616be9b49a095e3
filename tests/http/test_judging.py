"""Choosing how essays are judged when a run is started."""

from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from app.services import judgements, run_facts
from app.services.deps import Deps
from pipelines import catalogue
from pipelines.judging import Judging
from pipelines.vocabulary import JudgeKind
from tests import catalogues
from tests.drivers import finish, over
from tests.factories import a_batch, an_essay
from tests.fakes import FakePublisher
from tests.http.conftest import Caller

GRAPH = catalogues.ROUNDS + "  other: {phases: [other]}\n"
OTHER = """
  other: {engine: "tests.engines:Scripted", scope: essay, queue: nlp, options: {name: other}}
pipelines:"""


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """With a phase that compares essays, and one that does not."""
    graph = GRAPH.replace("\npipelines:", OTHER)
    return over(deps, catalogue.parse(graph, file="graph.yaml"))


@pytest.fixture
def batch(caller: Caller, deps: Deps) -> UUID:
    return a_batch(deps, caller.user, [an_essay(), an_essay("Another")])


def start(caller: Caller, batch: UUID, judging: Any, pipeline: str = "all") -> TestResponse:
    wanted = {"requested_pipeline": pipeline, "judging": judging}
    return caller.asks("POST", f"/v1/batches/{batch}/pipelines", json=wanted)


def judging_of(deps: Deps, run_id: str) -> Judging:
    with deps.uow("look") as uow:
        return judgements.of(run_facts.from_run(uow.runs.get(UUID(run_id))))


def test_the_catalogue_says_how_it_is_judged_usually(caller):
    found = caller.gets("/v1/pipelines")

    usual = {each["name"]: each["judging"] for each in found["phases"]}
    assert usual["other"] is None
    assert usual["cj_assessment"] == {
        "judge": "builtin",
        "profile": "balanced",
        "target": 0.8,
        "most_rounds": 20,
        "with_prior": False,
    }
    assert found["model"] is None


def test_what_was_chosen_is_frozen_with_the_run(caller, batch, deps):
    answer = start(caller, batch, {"judge": "person", "target": 0.9, "most_rounds": 12})

    assert answer.status_code == 202, answer.text
    assert judging_of(deps, answer.json["run_id"]) == Judging(
        JudgeKind.PERSON, target=0.9, most_rounds=12
    )


def test_what_is_done_again_is_judged_alike(caller, batch, deps, publisher: FakePublisher):
    start(caller, batch, {"judge": "person"})
    caller.asks("POST", f"/v1/batches/{batch}/cancel")
    finish(deps, publisher)

    again = caller.asks("POST", f"/v1/batches/{batch}/retry", json={"phase": "cj_assessment"})

    assert again.status_code == 202, again.text
    assert judging_of(deps, again.json["run_id"]).judge is JudgeKind.PERSON


@pytest.mark.parametrize(
    ("judging", "field"),
    [
        ({}, "/judging"),
        ({"judge": "nobody"}, "/judging/judge"),
        ({"judge": "llm"}, "/judging/judge"),
        ({"profile": "beauty"}, "/judging/profile"),
        ({"target": 1}, "/judging/target"),
        ({"target": "0.8"}, "/judging/target"),
        ({"most_rounds": 0}, "/judging/most_rounds"),
        ({"most_rounds": 2.5}, "/judging/most_rounds"),
        ({"with_prior": "yes"}, "/judging/with_prior"),
        ({"with_prior": True}, "/judging/with_prior"),
        ({"seed": 7}, "/judging/seed"),
    ],
)
def test_what_cannot_be_is_refused_by_field(caller, batch, judging, field):
    answer = start(caller, batch, judging)

    assert answer.status_code == 400, answer.text
    assert {fault["field"] for fault in answer.json["errors"]} == {field}


def test_a_pipeline_that_compares_no_essays_takes_no_choice(caller, batch):
    answer = start(caller, batch, {"judge": "person"}, pipeline="other")

    assert (answer.status_code, answer.json["type"]) == (400, "/problems/cannot-judge-so")
    assert answer.json["errors"][0]["field"] == "/judging"
