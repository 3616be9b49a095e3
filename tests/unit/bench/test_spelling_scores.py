"""How spelling is scored, by hand-made cases."""

import pytest

from bench.spelling import correction, data, detection, variants, words
from bench.spelling.correction import Automatic, Correction
from bench.spelling.data import Gold, Part, Row
from bench.spelling.detection import Detection
from bench.spelling.flags import Flag

TEXT = "We visst the old barn in London."


def a_row(text: str = TEXT, *errors: Gold, **more: object) -> Row:
    return Row("1", "en", text, errors, **more)


def misspelt(text: str, word: str, right: str | None, kind: str = "spell") -> Gold:
    start = text.index(word)
    return Gold(start, start + len(word), right, kind)


def flag(
    text: str, word: str, *suggestions: str, kind: str | None = None, applied: str | None = None
):
    start = text.index(word)
    return Flag(start, start + len(word), kind, suggestions, applied)


VISST = misspelt(TEXT, "visst", "visit")


def every(row: Row, gold: Gold) -> bool:
    return True


def of_kind(kind: str):
    return lambda row, gold: gold.kind == kind


def detected(row: Row, *flags: Flag, is_gold=every, kinds=None) -> Detection:
    return detection.detect([row], [flags], is_gold, kinds)


class TestWords:
    def test_have_two_letters_or_more_and_may_have_apostrophes_and_hyphens_inside(self):
        text = "I don’t re-read 'old' x2 e-mail_s å."

        assert [text[slice(*span)] for span in words.words(text)] == [
            "don’t",
            "re-read",
            "old",
            "e-mail",
        ]

    @pytest.mark.parametrize(
        ("one", "other", "do"),
        [
            ((3, 8), (7, 9), True),
            ((3, 8), (8, 9), False),
            ((3, 8), (0, 3), False),
            ((3, 8), (8, 8), True),
            ((3, 8), (3, 3), True),
            ((3, 8), (5, 5), True),
            ((3, 8), (9, 9), False),
            ((2, 2), (3, 8), False),
        ],
    )
    def test_touch_where_they_share_a_character_or_an_empty_one_is_at_their_edge(
        self, one, other, do
    ):
        assert words.touch(one, other) is do
        assert words.touch(other, one) is do


class TestDetection:
    def test_a_flagged_error_is_found(self):
        assert detected(a_row(TEXT, VISST), flag(TEXT, "visst")) == Detection(1, 0, 0, 0, 7)

    def test_an_error_that_is_not_flagged_is_missed(self):
        assert detected(a_row(TEXT, VISST)) == Detection(0, 1, 0, 0, 7)

    def test_a_flag_that_is_off_by_one_still_touches_its_word(self):
        assert detected(a_row(TEXT, VISST), Flag(4, 9)) == Detection(1, 0, 0, 0, 7)
        assert detected(a_row(TEXT, VISST), Flag(2, 8)) == Detection(1, 0, 0, 0, 7)

    def test_a_flag_beside_an_error_does_not_find_it(self):
        assert detected(a_row(TEXT, VISST), Flag(0, 3)) == Detection(0, 1, 1, 0, 7)
        assert detected(a_row(TEXT, VISST), Flag(8, 9)) == Detection(0, 1, 0, 0, 7)

    def test_an_error_of_two_words_is_found_once(self):
        text = "Min skol lunch är god."
        row = a_row(text, misspelt(text, "skol lunch", "skollunch", "split"))

        apart = detected(row, flag(text, "skol"), flag(text, "lunch"))

        assert apart == detected(row, flag(text, "skol lunch")) == Detection(1, 0, 0, 0, 5)

    def test_two_errors_in_one_flagged_word_are_both_found(self):
        row = a_row("re-raed tehm", Gold(3, 5, "re", "spell"), Gold(5, 7, "ad", "spell"))

        assert detected(row, Flag(0, 7)).found == 2

    def test_a_flag_over_words_in_which_nothing_is_wrong_is_an_alarm_for_each(self):
        assert detected(a_row(TEXT, VISST), flag(TEXT, "old barn")).alarms == 2

    def test_a_flag_in_what_is_ignored_counts_neither_way(self):
        row = a_row(TEXT, ignored=((17, 21),))

        assert detected(row, flag(TEXT, "barn")) == Detection(0, 0, 0, 0, 7)

    def test_where_a_word_is_missing_both_neighbours_are_ignored(self):
        row = a_row(TEXT, ignored=((16, 16),))

        assert detected(row, flag(TEXT, "old")).alarms == 0
        assert detected(row, flag(TEXT, "the")).alarms == 1

    def test_an_error_that_does_not_count_here_is_ignored(self):
        row = a_row(TEXT, misspelt(TEXT, "We", "we", "case"), VISST)

        assert detected(row, flag(TEXT, "We"), is_gold=of_kind("spell")) == Detection(0, 1, 0, 0, 7)

    def test_alarms_on_names_are_counted_among_the_others_and_by_themselves(self):
        row = a_row(TEXT, names=((25, 31),))

        assert detected(row, flag(TEXT, "London"), flag(TEXT, "old")) == Detection(0, 0, 2, 1, 7)

    def test_flags_of_other_kinds_are_passed_over(self):
        row = a_row(TEXT, misspelt(TEXT, "London", "london", "case"))
        said = (flag(TEXT, "London", kind="nonword"), flag(TEXT, "old", kind="case"))

        assert detected(row, *said, is_gold=of_kind("case"), kinds={"case"}) == Detection(
            0, 1, 1, 0, 7
        )

    def test_errors_of_single_letters_count_for_nobody(self):
        row = a_row("och i ser", Gold(4, 5, "jag", "spell"))

        assert detected(row, Flag(4, 5)) == Detection(0, 0, 0, 0, 2)

    def test_adds_up_over_sentences(self):
        rows = [a_row(TEXT, VISST), a_row("All good.")]

        counted = detection.detect(rows, [[flag(TEXT, "visst")], [Flag(0, 3)]], every)

        assert counted == Detection(1, 0, 1, 0, 9)

    def test_figures_follow_from_counts(self):
        counted = Detection(found=6, missed=2, alarms=4, on_names=1, words=2000)

        assert (counted.precision, counted.recall) == (0.6, 0.75)
        assert counted.f05 == pytest.approx(1.25 * 0.6 * 0.75 / (0.25 * 0.6 + 0.75))
        assert (counted.alarms_per_1000, counted.on_names_per_1000) == (2.0, 0.5)

    def test_of_nothing_there_are_no_figures(self):
        nothing = Detection()

        assert (nothing.precision, nothing.recall, nothing.f05) == (None, None, None)
        assert nothing.alarms_per_1000 is None


class TestPuttingRight:
    @pytest.mark.parametrize(
        ("span", "suggestion", "is_right"),
        [
            ((3, 8), "visit", True),
            ((3, 8), "Visit", True),
            ((3, 8), "vist", False),
            ((5, 7), "si", True),  # a part of the error
            ((0, 8), "We visit", True),  # more than the error
            ((0, 8), "I visit", False),  # and something else changed
            ((4, 9), "isit ", True),  # off by one, and right all the same
            ((4, 9), "visit", False),
        ],
    )
    def test_is_judged_by_what_stands_there_afterwards(self, span, suggestion, is_right):
        assert correction.puts_right(TEXT, VISST, span, suggestion) is is_right

    def test_apostrophes_are_alike_and_case_counts_only_if_it_is_the_error(self):
        text = "dont ask london"
        dont, london = misspelt(text, "dont", "don’t"), misspelt(text, "london", "London", "case")

        assert correction.puts_right(text, dont, (0, 4), "Don't")
        assert correction.puts_right(text, london, (9, 15), "London")
        assert not correction.puts_right(text, london, (9, 15), "LONDON")


class TestCorrection:
    def scored(self, *flags: Flag, offered: list[str] | None = None) -> Correction:
        asked = {} if offered is None else {(0, 0): offered}
        return correction.score([a_row(TEXT, VISST)], [flags], [(0, 0)], asked)

    def test_the_first_suggestion_is_top_1(self):
        assert self.scored(flag(TEXT, "visst", "visit", "vista")) == Correction(1, 1, 1, 1)

    def test_the_fifth_is_top_5_and_the_sixth_is_not(self):
        assert self.scored(flag(TEXT, "visst", *"abcd", "visit")) == Correction(1, 0, 1, 0)
        assert self.scored(flag(TEXT, "visst", *"abcde", "visit")) == Correction(1, 0, 0, 0)

    def test_what_is_not_flagged_is_not_put_right(self):
        assert self.scored(flag(TEXT, "old", "visit")) == Correction(1, 0, 0, 0)

    def test_who_can_be_asked_for_a_word_is_asked_whether_it_is_flagged_or_not(self):
        assert self.scored(offered=["visit"]) == Correction(1, 1, 1, 0)
        assert self.scored(flag(TEXT, "visst"), offered=["visit"]) == Correction(1, 1, 1, 1)

    def test_only_single_words_of_which_is_known_what_was_meant_are_asked_for(self):
        text = "a skol lunch visst x-1"
        row = a_row(
            text,
            misspelt(text, "skol lunch", "skollunch", "split"),
            misspelt(text, "visst", None),
            misspelt(text, "x-1", "x"),
            misspelt(text, "a", "an"),
        )

        assert correction.chances([a_row(TEXT, VISST), row], every) == [(0, 0), (1, 3)]

    def test_a_sample_is_always_the_same_and_in_order(self):
        places = [(number, 0) for number in range(1000)]

        drawn = correction.sample(places)

        assert len(drawn) == 120
        assert drawn == correction.sample(places) == sorted(drawn)
        assert correction.sample(places[:5]) == places[:5]


class TestAutomaticChanges:
    def judged(self, row: Row, *flags: Flag) -> Automatic:
        return correction.automatic([row], [flags])

    def test_are_right_if_they_make_an_error_what_was_meant(self):
        row = a_row(TEXT, VISST)

        assert self.judged(row, flag(TEXT, "visst", applied="visit")) == Automatic(right=1)
        assert self.judged(row, flag(TEXT, "visst", applied="vista")) == Automatic(wrong=1)
        assert self.judged(row, flag(TEXT, "visst", "visit")) == Automatic()

    def test_of_what_is_not_marked_are_counted_by_themselves(self):
        changed = self.judged(a_row(), flag(TEXT, "London", applied="Londoner"))

        assert changed == Automatic(unmarked=1)

    def test_are_passed_over_where_nobody_knows(self):
        ignored = a_row(TEXT, ignored=((3, 8),))
        unknown = a_row(TEXT, misspelt(TEXT, "visst", None))
        change = flag(TEXT, "visst", applied="visit")

        assert self.judged(ignored, change) == self.judged(unknown, change) == Automatic()

    def test_count_once_in_variants_of_a_sentence(self):
        rows = [a_row(sentence="a"), a_row(sentence="a"), a_row(sentence="b")]
        change = flag(TEXT, "London", applied="Londoner")

        assert correction.automatic(rows, [[change]] * 3) == Automatic(unmarked=2)

    def test_of_a_marked_error_count_inside_what_is_ignored_too(self):
        row = a_row(TEXT, VISST, ignored=((0, 12),))

        assert self.judged(row, flag(TEXT, "visst", applied="visit")) == Automatic(right=1)

    def test_are_shared_out_with_and_without_what_is_not_marked(self):
        changed = Automatic(right=6, wrong=2, unmarked=4)

        assert (changed.share_right, changed.share_right_on_errors) == (0.5, 0.75)
        assert (Automatic().share_right, Automatic().share_right_on_errors) == (None, None)


class TestParts:
    def test_variants_of_a_sentence_are_never_parted_wherever_they_stand(self):
        texts = ("Hon bor i ett hus.", "Vi äter glas.", "Vi äter glass.", "Hon bor i ett huset.")
        rows = data.with_sources([Row(str(n), "sv", text) for n, text in enumerate(texts)])

        assert [row.source for row in rows] == ["0", "1", "1", "0"]

    def test_variants_are_linked_by_others(self):
        texts = ("a b c d", "x y", "c d e f g h", "b c d e f")

        assert variants.firsts(texts) == [0, 1, 0, 0]

    def test_a_common_pair_of_words_makes_no_variants(self):
        texts = [f"det är {number} {number + 1} {number + 2}" for number in range(0, 900, 3)]

        assert variants.firsts(texts) == list(range(300))

    def test_misspellings_of_one_essay_are_never_parted(self):
        ids = ("toefl-7-1-4@mail-3", "toefl-7-9-12@mail-4", "toefl-8-1-4@mail-3")

        rows = data.with_sources([Row(each, "en", "Good.") for each in ids])

        assert [row.source for row in rows] == ["toefl-7", "toefl-7", "toefl-8"]
        assert [row.sentence for row in rows] == ["mail-3", "mail-4", "mail-3"]

    def test_a_source_is_always_in_the_same_part_and_about_a_fifth_is_kept(self):
        parts = [data.part_of(str(number)) for number in range(1000)]

        assert 160 < parts.count(Part.KEPT) < 240
        assert [data.part_of(name) for name in ("dalaj-dev-0", "toefl-7")] == [Part.TUNE] * 2

    def test_no_batch_has_two_variants_of_a_sentence(self):
        rows = [Row(str(n), "sv", "", sentence=key) for n, key in enumerate("aabca")]

        assert data.batches(rows) == [[0, 2, 3], [1], [4]]


class TestReading:
    def write(self, folder, line: str):
        (folder / "sv_some.jsonl").write_text(line, "utf-8")

    def test_takes_every_file_of_the_folder(self, tmp_path):
        self.write(
            tmp_path,
            '{"id": "1", "lang": "sv", "text": "En häst", "names": [[3, 7]], "ignore": [[2, 2]],'
            ' "errors": [{"start": 3, "end": 7, "right": "katt", "kind": "spell"}]}\n',
        )

        (only,) = data.load(tmp_path, Part.ALL)

        assert (only.name, only.language) == ("sv_some", "sv")
        assert only.rows == (
            Row(
                *("1", "sv", "En häst", (Gold(3, 7, "katt", "spell"),)),
                *(((2, 2),), ((3, 7),), "1", "1"),
            ),
        )

    @pytest.mark.parametrize(
        "line",
        [
            "{",
            '{"id": "1", "lang": "sv", "text": ""}',
            '{"id": "1", "lang": "sv", "text": "a", "errors": [], "ignore": [[0, 2]]}',
        ],
    )
    def test_names_the_line_that_is_wrong(self, tmp_path, line: str):
        self.write(tmp_path, line)

        with pytest.raises(data.BadData, match=r"sv_some\.jsonl, line 1"):
            data.load(tmp_path, Part.ALL)
