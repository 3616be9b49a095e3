"""Lists of batches, and changing and erasing one."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.services import ingest, uploads
from app.services.uploads import Upload
from tests.drivers import Klass, a_class, drain, rows
from tests.factories import a_registration
from tests.http.conftest import Caller


def registers(caller: Caller, *classes: str, **more: object) -> list[str]:
    return [
        str(caller.registers(a_registration(1, class_designation=name, **more))) for name in classes
    ]


def listed(caller: Caller, query: str = "") -> list[str]:
    return [row["batch_id"] for row in caller.gets(f"/v1/batches{query}")["items"]]


def classes(caller: Caller, query: str) -> list[str]:
    return [row["class_designation"] for row in caller.gets(f"/v1/batches{query}")["items"]]


def of(klass: Klass, caller: Caller) -> Caller:
    """The caller as the owner of a class."""
    return Caller(caller.deps, klass.owner, caller.client)


class TestTheList:
    def test_has_the_newest_first_and_says_how_many_there_are(self, caller, a_caller):
        made = registers(caller, "A", "B", "C")
        registers(a_caller(), "D")

        answer = caller.gets("/v1/batches")

        assert [row["batch_id"] for row in answer["items"]] == made[::-1]
        assert (answer["total"], answer["next_cursor"]) == (3, None)

    @pytest.mark.parametrize(
        "sort", ["-created_at", "created_at", "class_designation", "-class_designation", "action"]
    )
    def test_a_page_at_a_time_gives_each_once_in_order(self, caller, sort):
        registers(caller, "9B", "10A", "Åk 9", "9A", "9B")

        everything = listed(caller, f"?sort={sort}")

        found, path = [], f"/v1/batches?sort={sort}&limit=2"
        while path:
            answer = caller.asks("GET", path)
            found += [row["batch_id"] for row in answer.json["items"]]
            path = answer.headers.get("Link", "").removeprefix("<").partition(">")[0]
            assert ('rel="next"' in answer.headers.get("Link", "")) == bool(path)
        assert found == everything
        assert len(found) == 5

    def test_a_batch_that_comes_between_two_pages_doubles_none(self, caller):
        registers(caller, "A", "B", "C")
        first = caller.gets("/v1/batches?limit=2")

        registers(caller, "D")

        second = caller.gets(f"/v1/batches?limit=2&cursor={first['next_cursor']}")
        assert [row["class_designation"] for row in first["items"] + second["items"]] == [
            *("C", "B", "A")
        ]

    def test_is_in_swedish_order_by_class(self, caller):
        registers(caller, "Östra", "Zeta", "Ängen", "Åsen", "10A", "9A", "alfa", "Édith")

        assert classes(caller, "?sort=class_designation") == [
            *("9A", "10A", "alfa", "Édith", "Zeta", "Åsen", "Ängen", "Östra")
        ]

    def test_is_filtered_by_status_and_course(self, caller):
        (english,) = registers(caller, "A")
        (swedish,) = registers(caller, "B", course_code="SV1")

        assert listed(caller, "?course=SV1") == [swedish]
        assert listed(caller, "?course=SV1,ENG5") == [swedish, english]
        assert listed(caller, "?status=registered") == [swedish, english]
        assert listed(caller, "?status=ready,processing") == []

    def test_is_searched_by_word_in_any_case(self, caller):
        wanted, _ = registers(caller, "Åk 9 Ängsskolan", "Åk 8")

        assert listed(caller, "?search=ängs") == [wanted]
        assert listed(caller, "?search=åk 9") == [wanted]
        assert len(listed(caller, "?search=ENG5")) == 2

    @pytest.mark.parametrize("word", ["%", "_", "\\"])
    def test_is_searched_for_what_is_written_and_no_pattern(self, caller, word):
        registers(caller, "A")

        assert listed(caller, f"?search={word.replace('%', '%25')}") == []

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("status=asleep", "status"),
            ("status=ready,", "status"),
            ("sort=size", "sort"),
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("limit=x", "limit"),
            ("course=%00", "course"),
            ("search=%00", "search"),
        ],
    )
    def test_refuses_what_it_does_not_know(self, caller, query, field):
        answer = caller.asks("GET", f"/v1/batches?{query}")

        assert answer.status_code == 400
        assert answer.json["errors"][0]["field"].startswith(f"query:/{field}")


def cursor_of(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


class TestACursor:
    @pytest.mark.parametrize(
        "cursor",
        [
            "x",
            "%C3%A5",
            "a" * 5000,
            cursor_of("null"),
            cursor_of("[" * 2000),
            cursor_of('["-created_at"]'),
            cursor_of('["-created_at","yesterday","x"]'),
            cursor_of('["-created_at",1,2]'),
            cursor_of('["-created_at","2026-01-01T00:00:00","00000000-0000-0000-0000-000000000000"]'),
            cursor_of('["created_at","2026-01-01T00:00:00+00:00","00000000-0000-0000-0000-000000000000"]'),
            cursor_of('["-created_at", "2026-01-01T00:00:00+00:00", "00000000-0000-0000-0000-000000000000"]'),
        ],
    )  # fmt: skip
    def test_that_was_not_made_here_is_refused_by_name(self, caller, cursor):
        answer = caller.asks("GET", f"/v1/batches?cursor={cursor}")

        assert answer.status_code == 400
        assert answer.json["errors"][0]["field"] == "query:/cursor"

    def test_of_another_order_is_refused(self, caller):
        registers(caller, "A", "B")
        cursor = caller.gets("/v1/batches?limit=1")["next_cursor"]

        answer = caller.asks("GET", f"/v1/batches?limit=1&sort=action&cursor={cursor}")

        assert answer.status_code == 400


class TestWhatIsToBeDone:
    def action(self, caller: Caller, batch: Any) -> Any:
        return caller.gets(f"/v1/batches/{batch}/status")["action_required"]

    def test_at_first_files_are_to_be_handed_in(self, caller):
        assert self.action(caller, registers(caller, "A")[0]) == "hand_in_files"

    def test_nothing_while_they_are_read(self, caller, deps):
        (batch,) = registers(caller, "A")
        uploads.hand_in(
            UUID(batch), [Upload("a.txt", b"words")], owner_id=caller.user.id, deps=deps
        )

        assert self.action(caller, batch) is None

    def test_a_file_that_failed_is_to_be_mended(self, deps, caller, publisher):
        klass = a_class(deps, "")
        bad = a_class(deps, "", "")
        uploads.hand_in(
            bad.batch, [Upload("e.txt", b"", "essay-2")], owner_id=bad.owner.id, deps=deps
        )
        drain_files(deps)
        drain(deps, publisher)

        assert self.action(of(klass, caller), klass.batch) == "start_pipeline"
        assert self.action(of(bad, caller), bad.batch) == "fix_files"

    def test_nothing_while_a_run_is_active_and_when_all_is_done(self, deps, caller, publisher):
        klass = a_class(deps, "")
        klass.start()
        assert self.action(of(klass, caller), klass.batch) is None

        drain(deps, publisher)

        assert self.action(of(klass, caller), klass.batch) is None

    def test_what_failed_is_to_be_retried(self, deps, caller, publisher):
        klass = a_class(deps, "", "[first:give_up]")
        klass.start()
        drain(deps, publisher)

        assert self.action(of(klass, caller), klass.batch) == "retry_failed"

    def test_the_list_can_have_it_first(self, deps, caller, publisher):
        klass = a_class(deps, "")
        teacher = of(klass, caller)
        drain(deps, publisher)
        (newer,) = registers(teacher, "B")
        klass.start()

        assert listed(teacher, "?sort=action") == [newer, str(klass.batch)]


def drain_files(deps: Any) -> None:
    for row in rows(deps, "select id from files where status = 'received'"):
        ingest.read_file(row.id, deps)


class TestChanging:
    def test_shows_the_new_words_at_once(self, caller):
        (batch,) = registers(caller, "9A")
        wanted = {"essay_instructions": "Write more.", "class_designation": "9B"}

        answer = caller.asks("PATCH", f"/v1/batches/{batch}", json=wanted)

        assert answer.status_code == 200
        assert answer.json | wanted == answer.json
        assert caller.gets(f"/v1/batches/{batch}") == answer.json
        assert classes(caller, "") == ["9B"]

    def test_is_refused_while_a_run_is_active(self, deps, caller):
        klass = a_class(deps, "")
        klass.start()

        answer = of(klass, caller).asks(
            "PATCH", f"/v1/batches/{klass.batch}", json={"class_designation": "9B"}
        )

        assert (answer.status_code, answer.json["type"]) == (409, "/problems/run-active")

    def test_is_an_event_that_names_fields_and_no_texts(self, caller):
        (batch,) = registers(caller, "9A")

        caller.asks("PATCH", f"/v1/batches/{batch}", json={"class_designation": "Secret"})

        event = caller.gets(f"/v1/batches/{batch}/events")["items"][-1]
        assert event["event_type"] == "BatchDetailsChangedV1"
        assert event["data"]["changed"] == ["class_designation"]
        assert "Secret" not in str(event)

    def test_nothing_leaves_no_event(self, caller):
        (batch,) = registers(caller, "9A")

        caller.asks("PATCH", f"/v1/batches/{batch}", json={"class_designation": "9A"})

        assert len(caller.gets(f"/v1/batches/{batch}/events")["items"]) == 1


class TestDetails:
    def test_say_what_was_registered(self, caller):
        class_id = str(uuid4())
        batch = caller.registers(a_registration(1, class_id=class_id))

        found = caller.gets(f"/v1/batches/{batch}")

        assert found["teacher_name"] == "T. Eacher"
        assert found["essay_instructions"] == "Write about a challenge."
        assert found["class_id"] == class_id
        assert found["student_names"] == []


class TestErasing:
    def test_leaves_nothing_of_the_batch(self, deps, caller, publisher):
        klass = a_class(deps, "", "[first:give_up]")
        kept = a_class(deps, "")
        klass.start()
        drain(deps, publisher)

        answer = of(klass, caller).asks("DELETE", f"/v1/batches/{klass.batch}")

        assert (answer.status_code, answer.data) == (204, b"")
        # The log of who did what keeps its id, and that somebody erased it.
        assert where_it_is_left(deps, klass) == {"audit_log": 1}
        assert where_it_is_left(deps, kept)["batches"] == 1

    def test_is_refused_while_a_run_is_active(self, deps, caller):
        klass = a_class(deps, "")
        klass.start()

        answer = of(klass, caller).asks("DELETE", f"/v1/batches/{klass.batch}")

        assert answer.status_code == 409
        assert klass.row() is not None

    def test_somebody_elses_is_not_found(self, caller, a_caller: Callable[[], Caller]):
        (batch,) = registers(caller, "A")

        assert a_caller().asks("DELETE", f"/v1/batches/{batch}").status_code == 404
        assert listed(caller) == [batch]

    def test_twice_is_not_found(self, caller):
        (batch,) = registers(caller, "A")

        answers = [caller.asks("DELETE", f"/v1/batches/{batch}").status_code for _ in range(2)]

        assert answers == [204, 404]


def where_it_is_left(deps: Any, klass: Klass) -> dict[str, int]:
    """Table → rows in which the batch's id, or a run's of it, stands anywhere."""
    tables = [
        row.name
        for row in rows(
            deps,
            "select table_name as name from information_schema.tables"
            " where table_schema = 'public' and table_type = 'BASE TABLE'",
        )
    ]
    ids = [str(klass.batch), *map(str, klass.runs)]
    found = {}
    for table in tables:
        (row,) = rows(
            deps,
            f"select count(*) as n from {table} t where exists"
            " (select 1 from unnest(cast(:ids as text[])) id where to_jsonb(t)::text like '%' || id || '%')",
            ids=ids,
        )
        if row.n:
            found[table] = row.n
    return found
