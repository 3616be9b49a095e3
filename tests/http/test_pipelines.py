"""Pipelines over HTTP: what there is, and asking for one, or for a single phase, by its name."""

from collections.abc import Callable
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from app.services.deps import Deps
from pipelines import catalogue
from tests.drivers import drain, over
from tests.factories import a_batch, an_essay
from tests.http.conftest import Caller

GRAPH = """
phases:
  read:
    engine: tests.engines:Scripted
    scope: essay
    queue: spellcheck
    options: {name: read}
  compare:
    engine: tests.engines:Scripted
    scope: essay
    queue: nlp
    depends_on: [read]
    prerequisites: [instructions]
    options: {name: compare}
  draft:
    engine: tests.engines:Scripted
    scope: essay
    queue: nlp
    depends_on: [read]
    after: [compare]
    options: {name: draft}
pipelines:
  everything: {title: All of it, phases: [draft, compare]}
"""


@pytest.fixture
def deps(deps: Deps) -> Deps:
    return over(deps, catalogue.parse(GRAPH, file="graph.yaml"))


@pytest.fixture
def ask(caller: Caller) -> Callable[[UUID, str], TestResponse]:
    return lambda batch, name: caller.asks(
        "POST", f"/v1/batches/{batch}/pipelines", json={"requested_pipeline": name}
    )


def test_the_catalogue_shows_the_graph(caller: Caller):
    found = caller.gets("/v1/pipelines")

    assert found["pipelines"] == [
        {"name": "everything", "title": "All of it", "phases": ["draft", "compare"]}
    ]
    assert [(each["name"], each["depends_on"], each["after"]) for each in found["phases"]] == [
        ("read", [], []),
        ("compare", ["read"], []),
        ("draft", ["read"], ["compare"]),
    ]


@pytest.mark.parametrize(
    ("name", "phases"),
    [
        ("everything", ["read", "compare", "draft"]),
        ("draft", ["read", "draft"]),
        ("read", ["read"]),
    ],
)
def test_a_pipeline_or_a_phase_is_run_by_its_name(ask, caller, deps, name, phases):
    answer = ask(a_batch(deps, caller.user, [an_essay()]), name)

    assert answer.status_code == 202
    assert (answer.json["phases"], answer.json["skipped"]) == (phases, [])


def test_what_has_been_done_is_named_as_skipped(ask, caller, deps, publisher):
    batch = a_batch(deps, caller.user, [an_essay()])
    ask(batch, "read")
    drain(deps, publisher)

    assert ask(batch, "draft").json["skipped"] == ["read"]


def test_a_phase_that_needs_the_assignment_is_refused_without_one(ask, caller, deps):
    batch = a_batch(deps, caller.user, [an_essay()], essay_instructions="")

    answer = ask(batch, "everything")

    assert (answer.status_code, answer.json["type"]) == (409, "/problems/missing-prerequisite")
    assert answer.json["prerequisite"] == "instructions"
    assert ask(batch, "draft").status_code == 202
