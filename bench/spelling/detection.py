"""Which errors were found, and what was flagged for no reason."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bench.spelling.data import IsGold, Row
from bench.spelling.flags import Flag
from bench.spelling.words import Span, touches_any, words

_BETA = 0.5


@dataclass(frozen=True, slots=True)
class Detection:
    """Counts over some sentences.

    Attributes:
        found, missed: errors that should be found.
        alarms: flagged words in which nothing is wrong, names among them.
        on_names: those of them that are names.
        words: of two letters or more.
    """

    found: int = 0
    missed: int = 0
    alarms: int = 0
    on_names: int = 0
    words: int = 0

    def __add__(self, other: "Detection") -> "Detection":
        return Detection(
            self.found + other.found,
            self.missed + other.missed,
            self.alarms + other.alarms,
            self.on_names + other.on_names,
            self.words + other.words,
        )

    @property
    def precision(self) -> float | None:
        """Found errors by found errors and alarms; None without errors, or if nothing was flagged."""
        if not self.found + self.missed:
            return None
        return _ratio(self.found, self.found + self.alarms)

    @property
    def recall(self) -> float | None:
        """Found errors by all errors; None if there are none."""
        return _ratio(self.found, self.found + self.missed)

    @property
    def f05(self) -> float | None:
        """F of precision and recall, in which precision weighs twice as much; None without errors."""
        weight = _BETA * _BETA
        if not self.found + self.missed:
            return None
        found = (1 + weight) * self.found
        return found / (found + weight * self.missed + self.alarms)

    @property
    def alarms_per_1000(self) -> float | None:
        """Alarms in 1,000 words."""
        return _ratio(1000 * self.alarms, self.words)

    @property
    def on_names_per_1000(self) -> float | None:
        """Alarms on names in 1,000 words."""
        return _ratio(1000 * self.on_names, self.words)


def detect(
    rows: Sequence[Row],
    flags: Sequence[Sequence[Flag]],
    is_gold: IsGold,
    kinds: Collection[str] | None = None,
) -> Detection:
    """Count over sentences.

    A word is flagged if a flag touches it. A flagged word that touches an error finds it, once however many words do.
    One that touches an error that does not count here, or something ignored, is neither right nor wrong;
    any other is an alarm. Errors of single letters count for nobody, as these are no words here.

    Args:
        rows: the sentences.
        flags: what was said of each.
        is_gold: which errors count.
        kinds: flags of other kinds are passed over; None takes all.
    """
    counts = (
        _detect(row, [flag.span for flag in said if kinds is None or flag.kind in kinds], is_gold)
        for row, said in zip(rows, flags, strict=True)
    )
    return sum(counts, Detection())


def _detect(row: Row, flags: Sequence[Span], is_gold: IsGold) -> Detection:
    spoken_of = words(row.text)
    flagged = [word for word in spoken_of if touches_any(word, flags)]
    gold = [
        error.span
        for error in row.errors
        if is_gold(row, error) and touches_any(error.span, spoken_of)
    ]
    other = [error.span for error in row.errors if error.span not in gold]
    alarms = [word for word in flagged if not touches_any(word, (*gold, *other, *row.ignored))]
    found = sum(touches_any(error, flagged) for error in gold)
    return Detection(
        found,
        len(gold) - found,
        len(alarms),
        sum(touches_any(word, row.names) for word in alarms),
        len(spoken_of),
    )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
