"""From what somebody said of a set to figures."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from bench.spelling import correction, detection
from bench.spelling.correction import Place
from bench.spelling.data import DataSet, Gold, IsGold, Row
from bench.spelling.systems import Asked, Said
from bench.spelling.words import words

SPELLING = frozenset({"spell", "split", "join"})
"""Kinds of known errors that are of spelling in the narrow sense; case is counted by itself."""

KINDS = {"case": "case", "split": "compound_split", "join": "join"}
"""Kinds of known errors that are counted by themselves, and what HuleEdu calls them."""

Figures = dict[str, Any]
IsWord = Callable[[str, str], bool]
"""Language and word → whether a dictionary has it."""


def of(one: DataSet, said: Said, is_known: IsWord) -> Figures:
    """All figures of a set: shares from 0 to 1, None where there is nothing to count.

    Args:
        one: the set.
        said: what was said of it.
        is_known: tells errors that are no words from those that are other words.
    """
    has_kinds = any(flag.kind for flags in said.flags for flag in flags)
    kinds = {name: _kind(one, said, name, ours, has_kinds) for name, ours in KINDS.items()}
    changed = correction.automatic(one.rows, said.flags)
    return {
        "sentences": len(one.rows),
        **_scored(one, said, is_spelling),
        "nonword": _scored(one, said, is_nonword(is_known)),
        **kinds,
        "automatic": {
            "right": changed.share_right,
            "right_on_errors": changed.share_right_on_errors,
            "changes": changed.right + changed.wrong + changed.unmarked,
            "changes_on_errors": changed.right + changed.wrong,
        },
    }


def is_spelling(_: Row, gold: Gold) -> bool:
    """Errors of spelling in the narrow sense."""
    return gold.kind in SPELLING


def is_nonword(is_known: IsWord) -> IsGold:
    """Those of them of which a word, or the only one, is none: no list of words could miss them."""
    return lambda row, gold: (
        gold.kind in SPELLING
        and not all(
            is_known(row.language, word) for word in _words(row.text[gold.start : gold.end])
        )
    )


def asked(sets: Sequence[DataSet], is_known: IsWord) -> Asked:
    """Which words the errors of some sets are written as, and which of them are asked of who is slow."""
    every: dict[str, None] = {}
    sampled: dict[str, None] = {}
    for one in sets:
        for is_gold in (is_spelling, is_nonword(is_known)):
            places = correction.chances(one.rows, is_gold)
            every |= dict.fromkeys(_written(one, places))
            sampled |= dict.fromkeys(_written(one, correction.sample(places)))
    return Asked(list(every), list(sampled))


def _words(text: str) -> list[str]:
    return [text[start:end] for start, end in words(text)]


def _scored(one: DataSet, said: Said, is_gold: IsGold) -> Figures:
    found = detection.detect(one.rows, said.flags, is_gold)
    places = correction.chances(one.rows, is_gold)
    if said.is_sample:
        places = correction.sample(places)
    return {**_detected(found), **_corrected(one, said, places)}


def _kind(one: DataSet, said: Said, name: str, ours: str, has_kinds: bool) -> Figures:
    """Of who has no kinds, whatever it flags finds an error, and no alarm is of this kind."""

    def is_gold(_: Row, gold: Gold) -> bool:
        return gold.kind == name

    kinds: Collection[str] | None = {ours} if has_kinds else None
    figures = _detected(detection.detect(one.rows, said.flags, is_gold, kinds))
    if not has_kinds:
        figures |= dict.fromkeys(("precision", "f05", "alarms_per_1000", "on_names_per_1000"))
    places = correction.chances(one.rows, is_gold, of_one_word=False)
    return {**figures, **(_corrected(one, said, places) if said.offered is None else {})}


def _detected(found: detection.Detection) -> Figures:
    return {
        "words": found.words,
        "errors": found.found + found.missed,
        "precision": found.precision,
        "recall": found.recall,
        "f05": found.f05,
        "alarms_per_1000": found.alarms_per_1000,
        "on_names_per_1000": found.on_names_per_1000,
    }


def _corrected(one: DataSet, said: Said, places: Sequence[Place]) -> Figures:
    offered: Mapping[Place, Sequence[str]] = {}
    if said.offered is not None:
        written = zip(places, _written(one, places), strict=True)
        offered = {place: said.offered[word] for place, word in written}
    scored = correction.score(one.rows, said.flags, places, offered)
    by_asking = correction.score(one.rows, said.flags, places, said.looked_up or offered)
    return {
        "asked": scored.asked,
        "top1": scored.share(scored.top1),
        "top5": scored.share(scored.top5),
        "end_to_end": scored.share(scored.end_to_end),
        "asked_top1": by_asking.share(by_asking.top1),
        "asked_top5": by_asking.share(by_asking.top5),
    }


def _written(one: DataSet, places: Sequence[Place]) -> list[str]:
    golds = ((one.rows[number], one.rows[number].errors[which]) for number, which in places)
    return [row.text[gold.start : gold.end] for row, gold in golds]
