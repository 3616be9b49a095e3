"""Decisions as a CSV file."""

from collections import Counter

import pytest

from pipelines.phases.cj_assessment import decision_file
from pipelines.phases.cj_assessment.decision_file import BadDecisionsError, Fault, Row

HEADER = "judge,candidate_chosen,candidate_not_chosen\n"
ESSAYS = {"a", "b", "c"}


def faults(body: str) -> list[Fault]:
    with pytest.raises(BadDecisionsError) as refused:
        decision_file.read(body, ESSAYS)
    return list(refused.value.faults)


class TestReading:
    def test_gives_each_row_with_its_line(self):
        rows = decision_file.read(HEADER + "Anna,a,b\nBo,c,a\n", ESSAYS)

        assert rows == (Row(2, "Anna", "a", "b"), Row(3, "Bo", "c", "a"))

    @pytest.mark.parametrize(
        "body",
        [
            "\ufeff" + HEADER + "Anna,a,b",
            HEADER.replace(",", ";") + "Anna;a;b\r\n",
            "candidate_not_chosen,when,Judge , candidate_chosen\nb,today, Anna ,a\n",
            HEADER + '\n"Anna","a","b"\n\n,,\n',
        ],
        ids=["a byte order mark", "semicolons", "other columns", "quotes and empty lines"],
    )
    def test_takes_what_spreadsheets_make_of_it(self, body):
        [row] = decision_file.read(body, ESSAYS)

        assert row.what == ("Anna", "a", "b")

    def test_takes_any_essays_where_none_are_named(self):
        assert decision_file.read(HEADER + "Anna,x,y\n")

    @pytest.mark.parametrize(
        ("body", "line", "field"),
        [
            ("", 1, "judge"),
            ("judge,winner,loser\nAnna,a,b\n", 1, "candidate_chosen"),
            (HEADER, 1, ""),
            (HEADER + "Anna,a,b\nAnna,a\n", 3, ""),
            (HEADER + "Anna,a,x\n", 2, "candidate_not_chosen"),
            (HEADER + "Anna,,b\n", 2, "candidate_chosen"),
            (HEADER + "Anna,a,a\n", 2, "candidate_not_chosen"),
            (HEADER + ",a,b\n", 2, "judge"),
            (HEADER + "x" * 101 + ",a,b\n", 2, "judge"),
            (HEADER + "A\x07,a,b\n", 2, "judge"),
            (HEADER + 'Anna,"a"x,b\n', 2, ""),
        ],
    )
    def test_names_the_line_and_the_column_of_what_is_wrong(self, body, line, field):
        first, *_ = faults(body)

        assert (first.line, first.field) == (line, field)
        assert first.reason

    def test_names_every_bad_row_at_once(self):
        body = HEADER + "Anna,a,x\nAnna,a,b\n,y,b\n"

        assert [(each.line, each.field) for each in faults(body)] == [
            (2, "candidate_not_chosen"),
            (4, "judge"),
            (4, "candidate_chosen"),
        ]


def test_what_was_written_can_be_read():
    rows = [("Anna, the first", "a", "b"), ('"Bo"', "c", "a")]

    assert [row.what for row in decision_file.read(decision_file.write(rows))] == rows


def test_what_is_known_is_left_out_as_often_as_it_is_known():
    said = [("Anna", "a", "b")] * 3 + [("Bo", "a", "b"), ("Anna", "b", "a")]
    rows = [Row(line, *what) for line, what in enumerate(said, start=2)]

    new = decision_file.unknown(rows, [("Anna", "a", "b"), ("Anna", "a", "b")])

    assert [(row.line, row.what) for row in new] == [
        (4, ("Anna", "a", "b")),
        (5, ("Bo", "a", "b")),
        (6, ("Anna", "b", "a")),
    ]


class TestDecisions:
    def test_prefer_what_was_chosen(self):
        [decision] = decision_file.decisions([Row(2, "Anna", "b", "a")])

        assert decision.preferred == "b"

    def test_are_in_rounds_with_every_essay_once(self):
        pairs = [("a", "b"), ("c", "d"), ("a", "c"), ("b", "d"), ("a", "b")]
        rows = [Row(line, "Anna", *pair) for line, pair in enumerate(pairs, start=2)]

        decisions = decision_file.decisions(rows)

        assert [each.round_no for each in decisions] == [1, 1, 2, 2, 3]
        assert len({each.key for each in decisions}) == len(decisions)

    def test_have_the_chosen_on_either_side(self):
        rows = [Row(n, "Anna", f"e{n}", f"e{n + 1}") for n in range(400)]

        sides = Counter(each.choice for each in decision_file.decisions(rows))

        assert min(sides.values()) > 150
