"""What must hold of spelling whatever is written, and the texts it is tried with."""

import json
from uuid import UUID

from hypothesis import strategies as st

from pipelines.phase import BatchContext, Done, Item, Unit
from pipelines.phases.spellcheck import Kind, Spellcheck, undo
from pipelines.vocabulary import Language

_ID = UUID(int=7)
_WRITTEN = """
    alot because there weather their then i i'm dont couldn't friends Sweden London english
    recieve definately untill wich well-known mother-in-law e.g. U.S.A. YouTube NATO naïve café
    jätte nära sjuk sköterska skolbuss vattenbol intresant Måndag svenska t.ex. för- och nackdelar
    Åsa påväg 1800 talet mycket iblan everytime Stockholm's teachers' o'clock rock'n'roll
"""
_WORDS = tuple(_WRITTEN.split())
_LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyzåäöéABCÅÄÖ''’-‑\u0301\u030a\u00ad\u200dßøñ")
_SLIP = st.tuples(st.integers(0, 30), st.sampled_from("sdix"), _LETTERS)
_ODD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "😀",
            "👨‍👩‍👧",
            "שלום",
            "مرحبا",
            "\u202e",
            "\ufeff",
            "\x00",
            "ﬁ",
            "İ",
            "ǆ",
            "٣",
            "http://a.se",
            "a@b.se",
        ]
    ),
    st.builds(lambda letter, times: letter * times, _LETTERS, st.integers(1, 300)),
)
_BETWEEN = st.sampled_from(
    (
        *(" ", " ", " ", "  ", "\n", "\r\n\r\n", "\t", "\u00a0"),
        *[", ", ". ", "! ", ": ", ' "', "(", ") ", "/", ""],
    )
)


def _slipped(word: str, slips: list[tuple[int, str, str]]) -> str:
    letters = list(word)
    for at, kind, letter in slips:
        place = at % (len(letters) + 1)
        if kind == "i":
            letters.insert(place, letter)
        elif place < len(letters):
            if kind == "s":
                letters[place] = letter
            elif kind == "d":
                del letters[place]
            else:
                letters[place : place + 2] = reversed(letters[place : place + 2])
    return "".join(letters)


_WORD = st.builds(_slipped, st.sampled_from(_WORDS), st.lists(_SLIP, max_size=3))
TEXTS = st.lists(st.tuples(st.one_of(_WORD, _WORD, _WORD, _ODD), _BETWEEN), max_size=40).map(
    lambda pieces: "".join(word + between for word, between in pieces)
)


def check(engine: Spellcheck, text: str, language: Language, names: frozenset[str]) -> None:
    """Raise AssertionError unless the result of a text is sound, and the same the second time."""
    batch = BatchContext(_ID, language, "", names=names)
    unit = Unit(0, (Item(_ID, text, "sha"),))
    first, again = (engine.run_many(batch, [unit])[0] for _ in range(2))
    if not isinstance(first, Done):
        return
    found = first.result
    assert isinstance(again, Done)
    assert json.dumps(found) == json.dumps(again.result)
    assert undo(found["corrected_text"], found["errors"]) == text
    end = 0
    for error in found["errors"]:
        assert end <= error["start"] < error["end"] <= len(text)
        end = error["end"]
        assert text[error["start"] : end] == error["text"]
        shown = error["correction"] if error["applied"] else error["text"]
        in_corrected = slice(error["corrected_start"], error["corrected_end"])
        assert found["corrected_text"][in_corrected] == shown
        assert error["kind"] in set(Kind)
        assert 0 <= error["confidence"] <= 1
    assert found["error_count"] == sum(found["counts_by_kind"].values()) == len(found["errors"])
