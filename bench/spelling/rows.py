"""The figures that spelling is judged by: ours, the best peer's, and what is aimed at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.spelling.figures import Figures

Measured = Mapping[str, Mapping[str, Figures]]
"""System → set → figures."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        key: its name for scripts.
        title: its name for people.
        sets: beginnings of the names of sets it is taken from; the first that there is and that has it.
        path: where it is among a set's figures.
        aim: what is aimed at, in the unit it is shown in.
        is_share: a share, shown in percent.
        is_cost: whether less is better.
    """

    key: str
    title: str
    sets: tuple[str, ...]
    path: tuple[str, ...]
    aim: float | None = None
    is_share: bool = True
    is_cost: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A figure as it came out, shares in percent.

    Attributes:
        peers: of each peer that has it.
    """

    row: Row
    set_name: str | None
    ours: float | None
    peers: Mapping[str, float]

    @property
    def best_peer(self) -> str | None:
        """Who is best of the peers; None if none has it."""
        best = min if self.row.is_cost else max
        return best(self.peers, key=self.peers.__getitem__) if self.peers else None

    def to_json(self) -> dict[str, Any]:
        """As scripts read it."""
        return {
            "ours": _rounded(self.ours),
            "best_peer": _rounded(self.peers[self.best_peer]) if self.best_peer else None,
            "peer": self.best_peer,
            "peers": {name: _rounded(value) for name, value in self.peers.items()},
            "aim": self.row.aim,
            "set": self.set_name,
        }


_EN, _EN_NATIVE = ("en_toefl_ctx",), ("en_ewt",)
_SV, _SV_NATIVE = ("sv_dalaj",), ("sv_clean",)
_ALARMS = "false alarms per 1,000 words"

ACCURACY = (
    Row("en_learners_top1", "English learners: top-1", _EN, ("top1",), 93),
    Row("en_learners_top5", "English learners: top-5", _EN, ("top5",), 98),
    Row("en_learners_end_to_end", "English learners: found and put right", _EN, ("end_to_end",)),
    Row("en_learners_f05", "English learners: F0.5", _EN, ("f05",), 95),
    Row(
        *("en_learners_alarms", f"English learners: {_ALARMS}", _EN, ("alarms_per_1000",), 4),
        is_share=False,
        is_cost=True,
    ),
    Row("en_native_top1", "English native web: top-1", _EN_NATIVE, ("top1",), 72),
    Row("en_native_top5", "English native web: top-5", _EN_NATIVE, ("top5",)),
    Row("sv_nonwords_top1", "Swedish learners, non-words: top-1", _SV, ("nonword", "top1"), 76),
    Row("sv_nonwords_top5", "Swedish learners, non-words: top-5", _SV, ("nonword", "top5"), 92),
    # In a set with one error a sentence, most of them none of spelling, precision is no pupil's text's.
    Row("sv_nonwords_f05", "Swedish learners as written, non-words: F0.5", ("sv_swell",), ("nonword", "f05"), 91),
    Row("sv_single_nonwords_f05", "Swedish learners, an error a sentence, non-words: F0.5", _SV, ("nonword", "f05")),
    Row("sv_nonwords_recall", "Swedish learners, non-words: recall", _SV, ("nonword", "recall")),
    Row("sv_spelling_recall", "Swedish learners, all spelling: recall", _SV, ("recall",), 76),
    Row("sv_spelling_end_to_end", "Swedish learners: found and put right", _SV, ("end_to_end",), 60),
    Row(
        *("sv_learners_alarms", f"Swedish learners: {_ALARMS}", _SV, ("alarms_per_1000",), 3.5),
        is_share=False,
        is_cost=True,
    ),
    Row(
        *("sv_native_alarms", f"Swedish native prose: {_ALARMS}", _SV_NATIVE),
        *(("alarms_per_1000",), 5),
        is_share=False,
        is_cost=True,
    ),
    Row(
        *("sv_native_name_alarms", f"Swedish native prose: {_ALARMS}, on names", _SV_NATIVE),
        *(("on_names_per_1000",), 0.1),
        is_share=False,
        is_cost=True,
    ),
    Row("sv_case_recall", "Swedish case: recall", _SV, ("case", "recall"), 80),
    Row(
        *("sv_case_alarms", f"Swedish case: {_ALARMS}", _SV, ("case", "alarms_per_1000"), 0.7),
        is_share=False,
        is_cost=True,
    ),
    Row("sv_split_recall", "Swedish split compounds: recall", _SV, ("split", "recall"), 50),
    Row(
        *("sv_split_alarms", f"Swedish split compounds: {_ALARMS}", _SV),
        *(("split", "alarms_per_1000"), 0.3),
        is_share=False,
        is_cost=True,
    ),
    Row(
        *("sv_native_split_alarms", f"Swedish split compounds, native prose: {_ALARMS}", _SV_NATIVE),
        *(("split", "alarms_per_1000"), 0.3),
        is_share=False,
        is_cost=True,
    ),
    Row("en_automatic_right", "English: automatic changes that are right", _EN, ("automatic", "right"), 97),
    Row("sv_automatic_right", "Swedish: automatic changes that are right", _SV, ("automatic", "right"), 97),
)  # fmt: skip

CHARTED = (
    *("en_learners_top1", "en_learners_top5", "en_learners_f05", "en_native_top1"),
    *("sv_nonwords_top1", "sv_nonwords_top5", "sv_spelling_end_to_end"),
)


def fill(measured: Measured, ours: str, rows: Sequence[Row] = ACCURACY) -> Iterator[Filled]:
    """Take the figures out of what was measured.

    Args:
        measured: of everybody.
        ours: which system is ours.
        rows: which figures.
    """
    for row in rows:
        name = next(_having(measured, row), None)
        unit = 100 if row.is_share else 1
        found = {
            system: unit * value
            for system, sets in measured.items()
            if name in sets and (value := _at(sets[name], row.path)) is not None
        }
        yield Filled(row, name, found.pop(ours, None), found)


def _having(measured: Measured, row: Row) -> Iterator[str]:
    """Sets of a row in which somebody has its figure, in the order of their names' beginnings."""
    names = sorted({name for sets in measured.values() for name in sets})
    for beginning in row.sets:
        for name in names:
            if name.startswith(beginning) and any(
                name in sets and _at(sets[name], row.path) is not None for sets in measured.values()
            ):
                yield name


def _at(figures: Figures, path: Sequence[str]) -> float | None:
    found: Any = figures
    for step in path:
        found = found[step]
    return found


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
