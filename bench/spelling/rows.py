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


_EN, _EN_NATIVE, _EN_WRITTEN = ("en_toefl_ctx",), ("en_ewt",), ("en_realec",)
_SV, _SV_NATIVE, _SV_WRITTEN = ("sv_dalaj",), ("sv_clean",), ("sv_swell",)


def _share(
    key: str, title: str, sets: tuple[str, ...], *path: str, aim: float | None = None
) -> Row:
    return Row(key, title, sets, path, aim)


def _alarms(
    key: str, title: str, sets: tuple[str, ...], *path: str, aim: float | None = None
) -> Row:
    title = f"{title}: false alarms per 1,000 words"
    return Row(key, title, sets, path, aim, is_share=False, is_cost=True)


_ENGLISH = (
    _share("en_learners_top1", "English learners: top-1", _EN, "top1", aim=93),
    _share("en_learners_top5", "English learners: top-5", _EN, "top5", aim=98),
    _share("en_learners_end_to_end", "English learners: found and put right", _EN, "end_to_end"),
    _share("en_learners_f05", "English learners: F0.5", _EN, "f05", aim=95),
    _alarms("en_learners_alarms", "English learners", _EN, "alarms_per_1000", aim=4),
    _alarms("en_written_alarms", "English essays as written", _EN_WRITTEN, "alarms_per_1000"),
    _share("en_native_top1", "English native web: top-1", _EN_NATIVE, "top1", aim=72),
    _share("en_native_top5", "English native web: top-5", _EN_NATIVE, "top5"),
)

_SWEDISH = (
    _share(
        *("sv_nonwords_top1", "Swedish learners, non-words: top-1", _SV, "nonword", "top1"), aim=76
    ),
    _share(
        *("sv_nonwords_top5", "Swedish learners, non-words: top-5", _SV, "nonword", "top5"), aim=92
    ),
    _share(
        *("sv_nonwords_f05", "Swedish essays as written, non-words: F0.5", _SV_WRITTEN),
        *("nonword", "f05"),
        aim=91,
    ),
    # With one error a sentence, mostly none of spelling, precision is no pupil's text's.
    _share(
        *("sv_single_nonwords_f05", "Swedish learners, an error a sentence, non-words: F0.5", _SV),
        *("nonword", "f05"),
    ),
    _share(
        *("sv_nonwords_recall", "Swedish learners, non-words: recall", _SV, "nonword", "recall")
    ),
    _share(
        *("sv_spelling_recall", "Swedish learners, all spelling: recall", _SV, "recall"), aim=76
    ),
    _share(
        *("sv_spelling_end_to_end", "Swedish learners: found and put right", _SV, "end_to_end"),
        aim=60,
    ),
    _alarms("sv_learners_alarms", "Swedish learners", _SV, "alarms_per_1000", aim=3.5),
    _alarms("sv_written_alarms", "Swedish essays as written", _SV_WRITTEN, "alarms_per_1000"),
    _alarms("sv_native_alarms", "Swedish native prose", _SV_NATIVE, "alarms_per_1000", aim=5),
    _alarms(
        *("sv_native_name_alarms", "Swedish native prose, names", _SV_NATIVE, "on_names_per_1000"),
        aim=0.1,
    ),
)

_KINDS = (
    _share("sv_case_recall", "Swedish case: recall", _SV, "case", "recall", aim=80),
    _alarms("sv_case_alarms", "Swedish case", _SV, "case", "alarms_per_1000", aim=0.7),
    _alarms(
        *("sv_native_case_alarms", "Swedish case, native prose", _SV_NATIVE),
        *("case", "alarms_per_1000"),
    ),
    _share("sv_split_recall", "Swedish split compounds: recall", _SV, "split", "recall", aim=50),
    _alarms("sv_split_alarms", "Swedish split compounds", _SV, "split", "alarms_per_1000", aim=0.3),
    _alarms(
        *("sv_native_split_alarms", "Swedish split compounds, native prose", _SV_NATIVE),
        *("split", "alarms_per_1000"),
        aim=0.3,
    ),
)

_AUTOMATIC = tuple(
    row
    for language, name, sets in (("en", "English", _EN), ("sv", "Swedish", _SV))
    for row in (
        _share(
            *(f"{language}_automatic_right", f"{name}: automatic changes of errors, right", sets),
            *("automatic", "right_on_errors"),
            aim=97,
        ),
        _share(
            f"{language}_all_automatic_right",
            f"{name}: all automatic changes, what is not marked counting as wrong",
            *(sets, "automatic", "right"),
        ),
    )
)

# The command suggests with a flag only; inside, the engine can be asked for any word, as most peers can.
_ASKED = tuple(
    _share(f"{key}_top{most}_asked", f"{title}: top-{most}, asked", sets, *path, f"asked_top{most}", aim=aim)
    for key, title, sets, path, aims in (
        ("en_learners", "English learners", _EN, (), (93, 98)),
        ("en_native", "English native web", _EN_NATIVE, (), (72, None)),
        ("sv_nonwords", "Swedish learners, non-words", _SV, ("nonword",), (76, 92)),
        ("sv_spelling", "Swedish learners, all spelling", _SV, (), (None, None)),
    )
    for most, aim in zip((1, 5), aims, strict=True)
)  # fmt: skip

ACCURACY = (*_ENGLISH, *_SWEDISH, *_ASKED, *_KINDS, *_AUTOMATIC)

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
