"""What is found out of a word, or another short piece of text, wherever it stands is found out once."""

from collections.abc import Callable
from typing import TypeVar

V = TypeVar("V")

_MOST = 100_000
_LONGEST = 60  # letters; whatever is longer hardly comes again


class Remembered(dict[str, V]):
    """Word → what is found out of it, when it is first asked for.

    A dictionary is asked a third faster than a function that remembers, and every word of every text is asked about.

    Args:
        find: finds it out.
        most: how many are remembered; then it begins anew.
        longest: in characters; of what is longer nothing is remembered.
    """

    def __init__(
        self, find: Callable[[str], V], *, most: int = _MOST, longest: int = _LONGEST
    ) -> None:
        self._find = find
        self._most = most
        self._longest = longest

    def __missing__(self, word: str) -> V:
        found = self._find(word)
        if len(word) <= self._longest:
            if len(self) >= self._most:
                self.clear()
            self[word] = found
        return found
