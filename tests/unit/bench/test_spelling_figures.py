"""From what was said of a set to the figures that are reported."""

import json
from collections.abc import Sequence

import pytest

from bench.spelling import figures, rows, speed, systems
from bench.spelling.data import DataSet, Gold, Row
from bench.spelling.flags import Flag
from bench.spelling.rows import Filled
from bench.spelling.speed import OurSpeed, OurTimed, Timed, Workload
from bench.spelling.systems import Said

MEASURED = {
    "huleedu": {"sv_dalaj_test": {"a": {"b": 0.5}}, "sv_swell": {"a": {"b": None}}},
    "hunspell": {"sv_dalaj_test": {"a": {"b": 0.4}}},
    "aspell": {"sv_dalaj_test": {"a": {"b": 0.3}}},
}
KNOWN = {"min", "lunch", "är", "god", "för"}


def is_known(_: str, word: str) -> bool:
    return word.lower() in KNOWN


def a_set(*of: tuple[str, Sequence[Gold]], name: str = "sv_dalaj") -> DataSet:
    written = (
        Row(str(number), "sv", text, tuple(golds)) for number, (text, golds) in enumerate(of)
    )
    return DataSet(name, "sv", tuple(written))


LUNCH = a_set(
    ("Min lucnh är god.", [Gold(4, 9, "lunch", "spell")]),
    ("Min lunch för god.", [Gold(10, 13, "är", "spell")]),
    ("min lunch", [Gold(0, 3, "Min", "case")]),
    ("Min skol lunch", [Gold(4, 14, "skollunch", "split")]),
)


class TestNonWords:
    def test_are_errors_of_which_a_word_is_none(self):
        is_gold = figures.is_nonword(is_known)

        counted = [is_gold(row, gold) for row in LUNCH.rows for gold in row.errors]

        assert counted == [True, False, False, True]


class TestFigures:
    def test_are_of_all_spelling_and_of_non_words_and_of_each_kind(self):
        said = Said(
            [
                [Flag(4, 9, "nonword", ("lunch",), "lunch")],
                [],
                [Flag(0, 3, "case", ("Min",))],
                [Flag(0, 3, "case", ("min",))],
            ]
        )

        found = figures.of(LUNCH, said, is_known)

        assert (found["recall"], found["nonword"]["recall"]) == (1 / 3, 1 / 2)
        assert (found["top1"], found["nonword"]["top1"]) == (1 / 2, 1.0)
        assert found["alarms_per_1000"] == pytest.approx(1000 / 13)
        assert (found["case"]["recall"], found["case"]["top1"]) == (1.0, 1.0)
        assert found["case"]["alarms_per_1000"] == pytest.approx(1000 / 13)
        assert (found["split"]["recall"], found["split"]["alarms_per_1000"]) == (0.0, 0.0)
        assert (found["automatic"]["right"], found["automatic"]["changes"]) == (1.0, 1)

    def test_of_who_has_no_kinds_have_no_alarms_by_kind(self):
        said = Said([[Flag(4, 9)], [], [Flag(0, 3)], [Flag(4, 8)]], {"lucnh": ["lunch"], "för": []})

        found = figures.of(LUNCH, said, is_known)

        assert (found["case"]["recall"], found["case"]["alarms_per_1000"]) == (1.0, None)
        assert found["split"]["recall"] == 1.0

    def test_who_is_asked_by_word_is_asked_for_what_it_did_not_flag_too(self):
        said = Said([[], [], [], []], {"lucnh": ["lunch"], "för": ["fär", "är"]})

        found = figures.of(LUNCH, said, is_known)

        assert (found["asked"], found["top1"], found["top5"]) == (2, 0.5, 1.0)
        assert found["end_to_end"] == 0.0

    def test_what_ours_is_asked_for_besides_counts_by_itself(self):
        flags = [[Flag(4, 9, "nonword", ("lunch",))], [], [], []]
        said = Said(flags, looked_up={(1, 0): ["är"]})

        found = figures.of(LUNCH, said, is_known)

        assert (found["top1"], found["asked_top1"]) == (0.5, 1.0)

    def test_words_to_ask_for_are_those_of_errors_of_one_word(self):
        asked = figures.asked([LUNCH], is_known)

        assert set(asked.words) == set(asked.sample) == {"lucnh", "för"}


class TestFlagsOfAnAnswer:
    def test_carry_what_was_changed_without_asking(self):
        error = {"start": 0, "end": 4, "kind": "nonword", "suggestions": ["a lot", "all"]}
        answer = {"errors": [{**error, "correction": "a lot", "applied": is_} for is_ in (1, 0)]}

        assert systems.flags_of(json.loads(json.dumps(answer))) == [
            Flag(0, 4, "nonword", ("a lot", "all"), "a lot"),
            Flag(0, 4, "nonword", ("a lot", "all"), None),
        ]


class TestRows:
    def filled(self, *sets: str, **more: bool) -> Filled:
        row = rows.Row("key", "Title", sets, ("a", "b"), 76, **more)
        return next(rows.fill(MEASURED, "huleedu", [row]))

    def test_shares_are_in_percent_beside_the_best_peer(self):
        assert self.filled("sv_dalaj").to_json() == {
            "ours": 50.0,
            "best_peer": 40.0,
            "peer": "hunspell",
            "peers": {"hunspell": 40.0, "aspell": 30.0},
            "aim": 76,
            "set": "sv_dalaj_test",
        }

    def test_the_best_of_costs_is_the_least(self):
        assert self.filled("sv_dalaj", is_cost=True).best_peer == "aspell"

    def test_a_set_without_the_figure_is_passed_over(self):
        assert self.filled("sv_swell", "sv_dalaj").set_name == "sv_dalaj_test"

    def test_of_what_was_not_measured_there_is_nothing(self):
        assert self.filled("en_").ours is None

    def test_keys_are_of_one_figure_each(self):
        keys = [row.key for row in rows.ACCURACY]

        assert len(set(keys)) == len(keys)
        assert set(rows.CHARTED) <= set(keys)


class TestSpeed:
    def test_is_relative_to_peers_round_by_round(self):
        work = Workload("en_some", ["ten words"] * 500, [])
        fast = OurTimed(0.02, [0.001, 0.002], [0.004, 0.004], start_cpu_s=0.1)
        slow = OurTimed(0.04, [0.002, 0.002], [0.008, 0.008], start_cpu_s=0.1)
        beside = {
            # Slow in the second round, as ours is.
            "hunspell": [Timed(2.0), Timed(4.0), Timed(2.0)],
            "symspellpy": [
                Timed(1.0, [0.004, 0.008]),
                Timed(1.0, [0.008, 0.008]),
                Timed(1.0, [0.1, 0.2]),
            ],
        }
        ours = OurSpeed(work, [fast, slow, fast], [OurTimed(0.4, start_cpu_s=0.3)], beside)

        filled = speed.rows({"en": ours}, {"rss": 120.0, "uss": 100.0})

        assert {one.row.key: one.ours for one in filled} == {
            "en_cold_to_hunspell": 100,
            "en_again_to_symspellpy": 4,
            "en_lines_to_symspellpy": 1.5,
            "en_class_cpu_s": 0.4,
            "en_start_cpu_s": 0.1,
            "memory_rss_mb": 120.0,
            "memory_uss_mb": 100.0,
        }

    def test_is_not_relative_to_who_is_not_there(self):
        work = Workload("en_some", ["ten words"] * 500, [])
        ours = OurSpeed(work, [OurTimed(0.02, [0.001], [0.002])], [OurTimed(0.4)])

        filled = {one.row.key: one.ours for one in speed.rows({"en": ours}, None)}

        assert filled["en_cold_to_hunspell"] is None
        assert filled["en_again_to_symspellpy"] is None

    def test_a_class_writes_thirty_essays_of_four_hundred_words(self):
        sentences = [("Ett två tre fyra fem sex sju åtta nio tio.", ())] * 2000
        sets = [a_set(("Kort.", ()), name="sv_clean"), a_set(*sentences, name="sv_swell_ged")]

        work = speed.workload(sets, "sv")

        assert work is not None
        assert (work.name, work.word_count) == ("sv_swell_ged", 20_000)
        assert [len(essay.split()) for essay in work.essays] == [400] * 30
        assert speed.workload(sets, "en") is None
