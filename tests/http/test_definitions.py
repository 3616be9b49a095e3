"""Pipelines defined while the system runs: over the service's door only, held to the file's rules, known everywhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import bootstrap
from app.errors import UnknownPipeline
from app.services import definitions as services
from app.services import known_pipelines
from app.services.deps import Deps
from pipelines.phase_reader import HOW_NAMES_ARE
from tests import catalogues
from tests.drivers import a_class, at_once, drain, one, over, rows
from tests.factories import a_registration
from tests.http.conftest import Caller

DEFINE = "/internal/v1/pipelines/define"
YAML = "application/yaml"
QUICK = {"quick": {"title": "Only the first", "phases": ["first"]}}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def service(client: FlaskClient, deps: Deps) -> Callable[..., TestResponse]:
    """Ask as a service does."""
    key = {"X-Service-Key": deps.settings.service_key}

    def ask(method: str, path: str = DEFINE, **request: Any) -> TestResponse:
        headers = key | request.pop("headers", {})
        return client.open(path, method=method, headers=headers, **request)

    return ask


@pytest.fixture
def define(service: Callable[..., TestResponse]) -> Callable[[object], TestResponse]:
    return lambda pipelines: service("POST", json={"pipelines": pipelines})


def definitions(deps: Deps) -> list[tuple[str, list[str]]]:
    kept = rows(deps, "select name, phases from pipeline_definitions order by name")
    return [(row.name, row.phases) for row in kept]


class TestDefining:
    def test_says_what_was_defined(self, service, deps):
        request_id = uuid4()

        answer = service(
            "POST", json={"pipelines": QUICK}, headers={"X-Correlation-ID": str(request_id)}
        )

        assert answer.status_code == 200
        assert answer.json["changed"] == ["quick"]
        assert answer.json["resolved"] is None
        (defined,) = answer.json["defined"]
        assert (defined["name"], defined["title"]) == ("quick", "Only the first")
        assert (defined["phases"], defined["is_in_use"]) == (["first"], True)
        assert defined["correlation_id"] == str(request_id)
        row = one(deps, "select * from pipeline_definitions")
        assert (row.digest, row.correlation_id) == (defined["digest"], request_id)

    def test_takes_yaml_as_the_file_is_written(self, service, deps):
        document = "pipelines:\n  quick:  # for those in a hurry\n    phases: [first]\n"

        answer = service("POST", data=document, content_type=YAML)

        assert answer.status_code == 200
        assert definitions(deps) == [("quick", ["first"])]

    def test_is_seen_by_every_process_and_after_a_start(self, define, deps, settings, engine):
        define(QUICK)
        another = replace(bootstrap.assemble(settings, engine), catalogue=deps.catalogue)

        started = a_class(another, "").start("quick")

        assert started.phases == ("first",)

    def test_shows_in_the_catalogue_after_the_files_own(self, define, caller: Caller):
        before = caller.asks("GET", "/v1/pipelines")
        define(QUICK)

        after = caller.asks(
            "GET", "/v1/pipelines", headers={"If-None-Match": before.headers["ETag"]}
        )

        assert [pipeline["name"] for pipeline in after.json["pipelines"]] == ["all", "quick"]
        again = caller.asks(
            "GET", "/v1/pipelines", headers={"If-None-Match": after.headers["ETag"]}
        )
        assert again.status_code == 304

    def test_is_listed_for_services_with_when_and_by_which_request(self, define, service):
        defined = define(QUICK | {"other": {"phases": ["second"]}}).json["defined"]

        listed = service("GET", "/internal/v1/pipelines/definitions").json

        assert [each["name"] for each in listed["items"]] == ["other", "quick"]
        assert listed["items"] == defined

    def test_the_same_again_changes_nothing(self, define, deps):
        first = define(QUICK).json

        again = define(QUICK).json

        assert (first["changed"], again["changed"]) == (["quick"], [])
        assert again["defined"] == first["defined"]
        assert again["catalogue_digest"] == first["catalogue_digest"]

    def test_anew_takes_the_place_of_what_was_and_leaves_the_others(self, define, deps):
        define(QUICK | {"other": {"phases": ["second"]}})

        define({"quick": {"phases": ["second"]}})

        assert definitions(deps) == [("other", ["second"]), ("quick", ["second"])]

    def test_two_at_once_are_one_after_the_other(self, define, app, deps):
        names = [f"p{n}" for n in range(10)]

        def post(phase: str, order: int) -> int:
            wanted = {name: {"phases": [phase]} for name in names[::order]}
            key = {"X-Service-Key": deps.settings.service_key}
            return (
                app.test_client().post(DEFINE, json={"pipelines": wanted}, headers=key).status_code
            )

        answers = at_once(lambda: post("first", 1), lambda: post("second", -1))

        assert answers == [200, 200]
        assert len({tuple(phases) for _, phases in definitions(deps)}) == 1

    def test_names_the_queues_that_nobody_reads(self, define, deps):
        assert define(QUICK).json["unread_queues"] == ["spellcheck"]

        with deps.uow("start_a_worker") as uow:
            uow.workers.beat("worker@here", ["spellcheck"], 2)
            uow.commit()

        assert define(QUICK).json["unread_queues"] == []


class TestAPipelineThatWasDefined:
    def test_is_run_with_what_it_depends_on(self, define, deps):
        digest = define({"late": {"phases": ["second"]}}).json["catalogue_digest"]
        klass = a_class(deps, "")

        started = klass.start("late")

        assert started.phases == ("first", "second")
        assert klass.run().catalogue_digest == digest != deps.catalogue.digest

    @pytest.mark.parametrize("then", ["defined anew", "taken back"])
    def test_is_run_as_it_was_when_the_run_started(self, define, service, deps, publisher, then):
        define({"late": {"phases": ["second"]}})
        klass = a_class(deps, "")
        klass.start("late")

        if then == "defined anew":
            define({"late": {"phases": ["first"]}})
        else:
            service("DELETE", "/internal/v1/pipelines/definitions/late")
        drain(deps, publisher)

        assert klass.run().status == "completed_successfully"
        assert [result.phase for result in klass.results()] == ["first", "second"]

    def test_may_be_what_a_batch_starts_by_itself(self, define, caller: Caller):
        wanted = a_registration(1) | {"pipeline": "quick"}

        assert caller.asks("POST", "/v1/batches/register", json=wanted).status_code == 400
        define(QUICK)
        assert caller.asks("POST", "/v1/batches/register", json=wanted).status_code == 202

    def test_can_be_taken_back_once(self, define, service, deps):
        define(QUICK)

        answers = [service("DELETE", "/internal/v1/pipelines/definitions/quick") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [204, 404]
        assert answers[1].json["type"] == "/problems/definition-not-found"
        with pytest.raises(UnknownPipeline, match="no pipeline 'quick'; there are all"):
            a_class(deps, "").start("quick")

    def test_is_not_asked_for_where_the_file_has_the_name(self, deps):
        assert known_pipelines.catalogue_for("all", None, deps) is deps.catalogue
        assert known_pipelines.catalogue_for("second", None, deps) is deps.catalogue

    @pytest.mark.parametrize("graph", [{"first": []}, {"first": [], "second": [], "late": []}])
    def test_rests_while_the_file_does_not_go_with_it(self, define, deps, graph):
        define(QUICK | {"late": {"phases": ["second"]}})
        newer = over(deps, catalogues.of(graph))

        def in_use(deps: Deps) -> list[str]:
            return [each.name for each in services.everything(deps) if each.is_in_use]

        assert in_use(newer) == ["quick"]
        assert set(services.catalogue(newer).pipelines) == {"all", "quick"}
        assert in_use(deps) == ["late", "quick"]


# What is sent under `pipelines`, and what is wrong with it.
WRONG: dict[str, tuple[object, list[tuple[str, str]]]] = {
    "none": ({}, [("/pipelines", "There are no pipelines here.")]),
    "a list": (
        ["first"],
        [("/pipelines", "A mapping of names to values is expected here, not a list.")],
    ),
    "one without phases": (
        {"quick": {"title": "Quick"}},
        [("/pipelines/quick", "The key 'phases' is missing here.")],
    ),
    "one of a phase that does not exist": (
        {"quick": {"phases": ["first", "secnd"]}},
        [("/pipelines/quick/phases/1", "There is no phase 'secnd'. Did you mean 'second'?")],
    ),
    "one with an engine": (
        {"quick": {"phases": ["first"], "engine": "os:system"}},
        [("/pipelines/quick/engine", "There is no key 'engine' here. There are title, phases.")],
    ),
    "one that the file has": (
        {"all": {"phases": ["first"]}},
        [
            (
                "/pipelines/all",
                "The pipeline 'all' is in the catalogue's file. Give this one another name.",
            )
        ],
    ),
    "one called like a phase that it is not": (
        {"first": {"phases": ["second"]}},
        [
            (
                "/pipelines/first",
                "The pipeline 'first' has the name of a phase, and does not run just that."
                " Give it another name, or the phases [first].",
            )
        ],
    ),
    "a title that is none": (
        {"quick": {"title": 5, "phases": ["first"]}},
        [
            (
                "/pipelines/quick/title",
                "A text is expected here, not a number. Put it in quotes if that is what is meant.",
            )
        ],
    ),
    "a title that cannot be kept": (
        {"quick": {"title": "a\0b", "phases": ["first"]}},
        [
            (
                "/pipelines/quick/title",
                "A text in one line is expected here, without control characters.",
            )
        ],
    ),
    "several": (
        {"Quick": {"phases": []}, "a/b": {"phases": [None]}},
        [
            ("/pipelines/Quick", f"'Quick' cannot be a name here. {HOW_NAMES_ARE}"),
            ("/pipelines/Quick/phases", "The pipeline 'Quick' has no phases."),
            ("/pipelines/a~1b", f"'a/b' cannot be a name here. {HOW_NAMES_ARE}"),
            ("/pipelines/a~1b/phases/0", "A text is expected here, not nothing."),
        ],
    ),
}


class TestADefinitionThatIsWrong:
    @pytest.mark.parametrize("what", WRONG)
    def test_is_refused_with_a_pointer_to_each_fault(self, define, what):
        pipelines, faults = WRONG[what]

        answer = define(pipelines)

        assert answer.status_code == 400
        assert answer.json["type"] == "/problems/bad-definition"
        assert [(each["field"], each["reason"]) for each in answer.json["errors"]] == faults
        assert answer.json["detail"] == "; ".join(f"{field}: {said}" for field, said in faults)

    def test_has_lines_and_columns_where_it_is_yaml(self, service):
        document = "pipelines:\n  quick: {phases: [frist]}\n  all: {phases: [first]}\n"

        answer = service("POST", data=document, content_type=YAML)

        assert [
            (each["field"], each["line"], each["column"]) for each in answer.json["errors"]
        ] == [("/pipelines/quick/phases/0", 2, 20), ("/pipelines/all", 3, 3)]

    def test_changes_nothing_of_what_was_defined_before(self, define, deps):
        define(QUICK)

        answer = define({"quick": {"phases": ["second"]}, "slow": {"phases": ["third"]}})

        assert answer.status_code == 400
        assert definitions(deps) == [("quick", ["first"])]

    @pytest.mark.parametrize("nested", ["[", '{"a":'])
    @pytest.mark.parametrize("kind", ["application/json", YAML])
    def test_may_be_nested_as_deeply_as_it_likes(self, service, nested, kind):
        answer = service("POST", data=nested * 100_000, content_type=kind)

        assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-definition")

    @pytest.mark.parametrize(
        ("document", "kind", "reason"),
        [
            ("", "application/json", "This is not JSON: Expecting value."),
            ("{,}", "application/json", "This is not JSON: Expecting property name"),
            ('{"pipelines": {"a": 1, "a": 2}}', "application/json", "stands here twice"),
            ("", YAML, "The file is empty."),
            ("a: [", YAML, "This is not YAML"),
            (b"a: \xff", YAML, "This is no text in UTF-8."),
            ("a: &a [*a]", YAML, "There is no key 'a' here."),
        ],
    )
    def test_may_be_anything(self, service, document, kind, reason):
        answer = service("POST", data=document, content_type=kind)

        assert answer.status_code == 400
        assert reason in answer.json["detail"]


class TestAskingWhatAPipelineWouldBe:
    @pytest.fixture
    def ask(self, service) -> Callable[[UUID, str], TestResponse]:
        return lambda batch, name: service(
            "POST", json={"batch_id": str(batch), "requested_pipeline": name}
        )

    def test_names_every_phase_in_order_and_what_is_done_already(self, ask, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start("first")
        drain(deps, publisher)

        answer = ask(klass.batch, "all")

        assert answer.status_code == 200
        assert answer.json["defined"] == []
        assert answer.json["catalogue_digest"] == deps.catalogue.digest
        assert answer.json["resolved"] == {
            "batch_id": str(klass.batch),
            "requested_pipeline": "all",
            "phases": [
                {
                    "name": "first",
                    "scope": "essay",
                    "queue": "spellcheck",
                    "waits_for": [],
                    "needs": [],
                    "skipped": True,
                },
                {
                    "name": "second",
                    "scope": "essay",
                    "queue": "nlp",
                    "waits_for": ["first"],
                    "needs": ["first"],
                    "skipped": False,
                },
            ],
        }
        assert answer.json["unread_queues"] == ["nlp"]

    def test_starts_nothing_and_may_be_asked_while_a_run_is_active(self, ask, deps):
        klass = a_class(deps, "")
        klass.start()

        ask(klass.batch, "second")

        assert len(rows(deps, "select * from runs")) == 1

    def test_knows_what_was_defined(self, ask, define, deps):
        define(QUICK)
        klass = a_class(deps, "")

        resolved = ask(klass.batch, "quick").json["resolved"]

        assert [phase["name"] for phase in resolved["phases"]] == ["first"]

    def test_is_refused_for_what_does_not_exist(self, ask, deps):
        klass = a_class(deps, "")

        nobody, nothing = ask(uuid4(), "all"), ask(klass.batch, "everything")

        assert (nobody.status_code, nobody.json["type"]) == (404, "/problems/batch-not-found")
        assert (nothing.status_code, nothing.json["type"]) == (400, "/problems/unknown-pipeline")
        assert nothing.json["errors"][0]["field"] == "/requested_pipeline"

    @pytest.mark.parametrize(
        ("document", "field"),
        [
            ({}, "/"),
            ([], "/"),
            ({"batch_id": str(uuid4())}, "/"),
            ({"requested_pipeline": "all"}, "/"),
            ({"batch_id": "mine", "requested_pipeline": "all"}, "/batch_id"),
            ({"batch_id": str(uuid4()), "requested_pipeline": ""}, "/requested_pipeline"),
            ({"batch_id": str(uuid4()), "pipelines": QUICK}, "/batch_id"),
            ({"pipeline": "all"}, "/pipeline"),
        ],
    )
    def test_is_refused_if_it_is_no_question(self, service, document, field):
        answer = service("POST", json=document)

        assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-definition")
        assert answer.json["errors"][0]["field"] == field


class TestTheDoor:
    def test_is_closed_for_a_teacher(self, caller: Caller):
        answer = caller.asks("POST", DEFINE, json={"pipelines": QUICK})

        assert (answer.status_code, answer.json["type"]) == (403, "/problems/not-a-service")

    @pytest.mark.parametrize("method", ["GET", "PUT", "PATCH"])
    def test_is_for_posting_only(self, service, method):
        assert service(method).status_code == 405

    @pytest.mark.parametrize("kind", ["text/plain", "application/xml", None])
    def test_takes_json_and_yaml_only(self, service, kind):
        answer = service("POST", data="{}", content_type=kind)

        assert answer.status_code == 415
        assert answer.json["detail"] == "Send the body as application/json or application/yaml."
