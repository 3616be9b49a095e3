"""A text cut where its writer cut it: at every mark, not only at the ends of sentences."""

from collections.abc import Iterator

import regex

from pipelines.phases.text import Reading

_MARK = regex.compile(r"[,;:()\[\]\"“”„«»–—]| - ")


def clauses(reading: Reading) -> Iterator[list[str]]:
    """The words of each stretch without a mark, in lower case; numbers and addresses are among them."""
    text, tokens = reading.text, reading.tokens
    for sentence in reading.sentences:
        clause: list[str] = []
        for index in sentence:
            gap = text[tokens.ends[index - 1] : tokens.starts[index]] if clause else " "
            if gap != " " and _MARK.search(gap):
                yield clause
                clause = []
            clause.append(tokens.words[index].lower())
        yield clause
