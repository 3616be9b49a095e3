"""Lists of essays, and one essay."""

import json
from io import BytesIO
from typing import Any

import pytest

from tests.drivers import Klass, a_class, change, drain
from tests.factories import a_registration
from tests.http.conftest import Caller

NAMES = ["Öberg.txt", "berg 10.txt", "Ågren.txt", "Berg 9.txt", "Ängqvist.txt"]


@pytest.fixture
def klass(deps) -> Klass:
    """Five essays of which the third has no file, and of which two have figures."""
    klass = a_class(deps, *[""] * 5)
    for position, name in enumerate(NAMES):
        figures = {"word_count": 100 + position, "error_rate": 0.1 / (position + 1)}
        change(
            deps,
            "update essay_report set status = 'ready_for_processing', file_name = :name, file_key = null,"
            " spelling = :figures"
            " where batch_id = :batch and position = :position",
            name=name if position != 2 else None,
            figures=json.dumps(figures) if position in {1, 3} else None,
            batch=klass.batch,
            position=position,
        )
    return klass


@pytest.fixture
def teacher(klass: Klass, caller: Caller) -> Caller:
    return Caller(caller.deps, klass.owner, caller.client)


def positions(teacher: Caller, klass: Klass, query: str = "") -> list[int]:
    found = teacher.gets(f"/v1/batches/{klass.batch}/essays{query}")["items"]
    return [row["position"] for row in found]


class TestTheList:
    def test_is_in_the_order_of_the_batch_and_says_how_many_and_as_of_when(self, teacher, klass):
        answer = teacher.gets(f"/v1/batches/{klass.batch}/essays")

        assert [row["position"] for row in answer["items"]] == [0, 1, 2, 3, 4]
        assert answer["total"] == 5
        assert isinstance(answer["event_no"], int)

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("-position", [4, 3, 2, 1, 0]),
            ("word_count", [1, 3, 0, 2, 4]),
            ("-word_count", [3, 1, 4, 2, 0]),
            ("-error_rate", [1, 3, 4, 2, 0]),
        ],
    )
    def test_sorts_by_figures_with_the_missing_last(self, teacher, klass, sort, expected):
        assert positions(teacher, klass, f"?sort={sort}") == expected

    @pytest.mark.parametrize("sort", ["file_name", "-file_name", "word_count", "-lix", "position"])
    def test_a_page_at_a_time_gives_each_once_in_order(self, teacher, klass, sort):
        path, found = f"/v1/batches/{klass.batch}/essays?limit=2&sort={sort}", []
        while path:
            answer = teacher.asks("GET", path)
            found += [row["position"] for row in answer.json["items"]]
            path = answer.headers.get("Link", "").removeprefix("<").partition(">")[0]

        assert found == positions(teacher, klass, f"?sort={sort}")
        assert sorted(found) == [0, 1, 2, 3, 4]

    def test_is_filtered_and_searched(self, teacher, klass):
        assert positions(teacher, klass, "?search=berg") == [0, 1, 3]
        assert positions(teacher, klass, "?search=berg 9") == [3]
        assert positions(teacher, klass, "?status=awaiting_content,failed") == []
        assert len(positions(teacher, klass, "?status=ready_for_processing")) == 5

    def test_is_long_enough_for_a_large_class(self, caller):
        batch = caller.registers(a_registration(1100))

        found = caller.gets(f"/v1/batches/{batch}/essays?limit=1000")

        assert (len(found["items"]), found["total"]) == (1000, 1100)


def test_names_are_sorted_as_a_swede_would(caller, deps):
    batch = caller.registers(a_registration(5))
    parts = {"files": [(BytesIO(b"words"), name) for name in NAMES]}
    answer = caller.asks("POST", f"/v1/batches/{batch}/files", data=parts)
    assert answer.status_code == 202

    rows = caller.gets(f"/v1/batches/{batch}/essays?sort=file_name")["items"]

    assert [row["file_name"] for row in rows] == [
        *("Berg 9.txt", "berg 10.txt", "Ågren.txt", "Ängqvist.txt", "Öberg.txt")
    ]


class TestOneEssay:
    def test_has_its_results_by_phase(self, deps, caller, publisher):
        klass = a_class(deps, "", "[second:give_up]")
        klass.start()
        drain(deps, publisher)
        teacher = Caller(deps, klass.owner, caller.client)

        found: dict[str, Any] = teacher.gets(f"/v1/batches/{klass.batch}/essays/essay-1")

        assert found["phases"].keys() == {"first", "second"}
        assert found["results"] == {}
        assert found["text"].startswith("Essay 0")


class TestDescribing:
    @pytest.fixture
    def describe(self, klass, teacher):
        path = f"/v1/batches/{klass.batch}/essays/essay-2"
        return lambda wanted: teacher.asks("PATCH", path, json=wanted)

    def test_says_in_which_language_an_essay_is_read(self, describe, klass, teacher):
        answer = describe({"language": "sv"})

        assert (answer.status_code, answer.json["language"]) == (200, "sv")
        assert teacher.gets(f"/v1/batches/{klass.batch}/essays/essay-2")["language"] == "sv"
        assert describe({"language": None}).json["language"] is None

    def test_says_both_at_once(self, describe):
        wanted = {"language": "sv", "student_name": "Alma Ek"}

        answer = describe(wanted)

        assert answer.json | wanted == answer.json

    @pytest.mark.parametrize("wanted", [{"language": "fr"}, {"language": 1}, {}, {"tongue": "sv"}])
    def test_refuses_what_it_does_not_know(self, describe, wanted):
        answer = describe(wanted)

        assert (answer.status_code, answer.json["type"]) == (400, "/problems/validation")

    def test_of_another_language_is_refused_while_a_run_is_active(self, describe, klass):
        klass.start()

        answer = describe({"language": "sv"})

        assert (answer.status_code, answer.json["type"]) == (409, "/problems/run-active")
        assert describe({"student_name": "Alma Ek"}).status_code == 200
