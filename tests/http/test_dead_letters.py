"""Dead letters as operators ask for them: with the service's key, a page at a time."""

from uuid import uuid4

import pytest

from tests.drivers import Klass, a_class, finish, rows
from tests.http.conftest import Caller


class Operator(Caller):
    """Whoever has the service's key."""

    def __post_init__(self) -> None:
        self.headers["X-Service-Key"] = self.deps.settings.service_key


@pytest.fixture
def operator(app, deps, caller) -> Operator:
    return Operator(deps, caller.user, app.test_client())


@pytest.fixture
def klass(deps, publisher) -> Klass:
    """A class with three dead letters."""
    klass = a_class(deps, *["[first:raise]"] * 3, "")
    klass.start()
    finish(deps, publisher)
    return klass


ALL = "/internal/v1/dead-letters"


def ids(page: dict) -> list[str]:
    return [item["dead_letter_id"] for item in page["items"]]


class TestTheList:
    def test_has_what_nobody_could_handle_without_the_messages(self, operator, klass):
        page = operator.gets(ALL)

        assert {item["essay_id"] for item in page["items"]} == {"essay-1", "essay-2", "essay-3"}
        assert {item["error"] for item in page["items"]} == {"RuntimeError('told to')"}
        assert all("message" not in item for item in page["items"])

    @pytest.mark.parametrize("sort", ["created_at", "-created_at"])
    def test_a_page_at_a_time_gives_each_once_in_order(self, operator, klass, sort):
        whole = ids(operator.gets(f"{ALL}?sort={sort}"))
        found, query = [], f"?sort={sort}&limit=1"
        while query:
            answer = operator.asks("GET", f"{ALL}{query}")
            found += ids(answer.json)
            cursor = answer.json["next_cursor"]
            query = f"?sort={sort}&limit=1&cursor={cursor}" if cursor else ""

        assert found == whole
        assert len(whole) == 3

    def test_is_filtered_by_state_reason_and_batch(self, operator, klass):
        first = ids(operator.gets(ALL))[0]
        operator.asks("POST", f"{ALL}/{first}/discard")

        def count(**query: object) -> int:
            return len(operator.gets(ALL, query_string=query)["items"])

        assert count(status="open") == 2
        assert count(status="open,discarded") == 3
        assert count(reason="planning_failed,unsendable") == 0
        assert count(batch_id=klass.batch, status="discarded") == 1
        assert count(batch_id=uuid4()) == 0

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("status=lost", "status"),
            ("reason=none", "reason"),
            ("batch_id=7", "batch_id"),
            ("sort=phase", "sort"),
            ("cursor=x", "cursor"),
        ],
    )
    def test_refuses_what_it_does_not_know(self, operator, query, field):
        answer = operator.asks("GET", f"{ALL}?{query}")

        assert answer.status_code == 400
        assert field in answer.json["errors"][0]["field"]

    def test_is_for_services_only(self, caller):
        assert caller.asks("GET", ALL).status_code == 403


class TestOne:
    def test_is_shown_with_its_message(self, operator, klass):
        letter = ids(operator.gets(ALL))[0]

        shown = operator.gets(f"{ALL}/{letter}")

        assert shown["message"]["dlq_reason"] == "attempts_exhausted"
        assert shown["message"]["failed_event_envelope"]["data"]["phase_name"] == "first"

    def test_that_is_not_there_is_a_problem(self, operator):
        for method, path in (("GET", ""), ("POST", "/replay"), ("POST", "/discard")):
            answer = operator.asks(method, f"{ALL}/{uuid4()}{path}")

            assert (answer.status_code, answer.json["type"]) == (
                404,
                "/problems/dead-letter-not-found",
            )

    def test_is_replayed_by_a_run_its_teacher_sees(self, operator, klass, caller):
        letter = ids(operator.gets(ALL))[0]

        answer = operator.asks("POST", f"{ALL}/{letter}/replay", json={"note": "mended"})

        assert (answer.status_code, answer.json["status"]) == (200, "replayed")
        assert (answer.json["resolved_by"], answer.json["note"]) == ("a service", "mended")
        teacher = Caller(klass.deps, klass.owner, caller.client)
        status = teacher.gets(f"/v1/batches/{klass.batch}/status")
        assert (status["status"], status["run_id"]) == ("processing", answer.json["replayed_as"])

    def test_while_a_run_is_active_is_refused(self, operator, klass):
        first, second, _ = ids(operator.gets(ALL))
        operator.asks("POST", f"{ALL}/{first}/replay")

        answer = operator.asks("POST", f"{ALL}/{second}/replay")

        assert (answer.status_code, answer.json["type"]) == (409, "/problems/run-active")

    def test_is_discarded_by_whoever_says_so(self, operator, klass):
        letter = ids(operator.gets(ALL))[0]

        answer = operator.asks("POST", f"{ALL}/{letter}/discard", json={"by": "Kim"})

        assert (answer.json["status"], answer.json["resolved_by"]) == ("discarded", "Kim")

    def test_that_was_dealt_with_otherwise_is_refused(self, operator, klass):
        letter = ids(operator.gets(ALL))[0]
        operator.asks("POST", f"{ALL}/{letter}/discard")

        answer = operator.asks("POST", f"{ALL}/{letter}/replay")

        assert (answer.status_code, answer.json["type"]) == (409, "/problems/dead-letter-resolved")
        assert answer.json["detail"] == "It was discarded before."
        assert answer.json["dead_letter_status"] == "discarded"

    def test_leaves_who_did_what_in_the_audit_log(self, operator, klass, deps):
        letter = ids(operator.gets(ALL))[0]
        operator.asks("POST", f"{ALL}/{letter}/discard")

        (entry,) = rows(deps, "select * from audit_log")

        assert (entry.action, entry.status) == ("internal.discard_dead_letter", 200)
        assert entry.batch_id == klass.batch
        assert entry.object_ids == {"dead_letter_id": letter}
