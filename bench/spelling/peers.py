"""What one would use instead of HuleEdu's spellcheck. Runs in an environment of its own, with nothing of HuleEdu in it.

Each is used as its documentation says, with the words it comes with; where it has none for a language, with the same
words as the others.
"""

import shutil
import subprocess
from collections.abc import Sequence
from importlib.resources import files
from typing import Protocol

LANGUAGES = ("en", "sv")
_DICTIONARY = {"en": "en_US", "sv": "sv_SE"}
_RAREST = 1e-7
"""Share of running words, Zipf 2: rarer words of wordfreq are mostly misspellings and names."""


class Missing(Exception):
    """A peer is not there, or not for this language."""


class Words(Protocol):
    """Who tells words from what is none."""

    is_slow: bool

    def knows(self, word: str) -> bool:
        """Whether it takes the word for one."""
        ...

    def suggest(self, word: str) -> Sequence[str]:
        """What may have been meant, best first."""
        ...


class Hunspell:
    """Through chunspell, with a folder of dictionaries."""

    is_slow = True

    def __init__(self, language: str, dictionaries: str) -> None:
        import hunspell

        name = _DICTIONARY[language]
        self._hunspell = hunspell.Hunspell(name, hunspell_data_dir=dictionaries)

    def knows(self, word: str) -> bool:
        """See the protocol."""
        return self._hunspell.spell(word)

    def suggest(self, word: str) -> Sequence[str]:
        """See the protocol."""
        return self._hunspell.suggest(word)


class Aspell:
    """The program, asked through its pipe."""

    is_slow = False

    def __init__(self, language: str, _: str) -> None:
        program = shutil.which("aspell")
        if program is None:
            raise Missing("the program aspell is not installed")
        known = subprocess.run([program, "dicts"], capture_output=True, text=True, check=True)
        if language not in known.stdout.split():
            raise Missing(f"aspell has no dictionary of {language!r}")
        self._pipe = subprocess.Popen(
            [program, "pipe", f"--lang={language}", "--encoding=utf-8"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.pid = self._pipe.pid
        self._pipe.stdout.readline()  # who it is

    def knows(self, word: str) -> bool:
        """See the protocol."""
        return self._ask(word) is None

    def suggest(self, word: str) -> Sequence[str]:
        """See the protocol."""
        return self._ask(word) or ()

    def _ask(self, word: str) -> Sequence[str] | None:
        """Suggestions; None if all is right. It may take the word apart and speak of one part only."""
        self._pipe.stdin.write(f"^{word}\n")
        self._pipe.stdin.flush()
        wrong = None
        while said := self._pipe.stdout.readline().strip():
            if said[0] in "&#" and wrong is None:
                _, _, listed = said.partition(": ")
                wrong = listed.split(", ") if listed else []
        return wrong


class SymSpell:
    """Its own English list; in Swedish, for which it has none, wordfreq's."""

    is_slow = False

    def __init__(self, language: str, _: str) -> None:
        import symspellpy

        self._closest = symspellpy.Verbosity.CLOSEST
        self._symspell = symspellpy.SymSpell()
        if language == "en":
            listed = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
            self._symspell.load_dictionary(str(listed), 0, 1)
            return
        import wordfreq

        for word, share in wordfreq.get_frequency_dict(language, "best").items():
            if share >= _RAREST and word.isalpha():
                self._symspell.create_dictionary_entry(word, round(share * 1e9))

    def knows(self, word: str) -> bool:
        """See the protocol."""
        return word.lower() in self._symspell.words

    def suggest(self, word: str) -> Sequence[str]:
        """See the protocol."""
        found = self._symspell.lookup(word.lower(), self._closest, max_edit_distance=2)
        return [each.term for each in found]


class PySpellChecker:
    """Its own English list."""

    is_slow = True

    def __init__(self, language: str, _: str) -> None:
        if language != "en":
            raise Missing(f"pyspellchecker has no dictionary of {language!r}")
        import spellchecker

        self._checker = spellchecker.SpellChecker(language=language)

    def knows(self, word: str) -> bool:
        """See the protocol."""
        return word.lower() in self._checker

    def suggest(self, word: str) -> Sequence[str]:
        """See the protocol."""
        found = self._checker.candidates(word.lower()) or ()
        return sorted(found, key=lambda each: (-self._checker.word_usage_frequency(each), each))


class Harper:
    """Reads whole texts; only what it calls spelling counts. It cannot be asked for a word by itself."""

    def __init__(self, language: str, _: str) -> None:
        if language != "en":
            raise Missing("harper-py knows English only")
        import harper

        self._linter = harper.Linter(harper.Dialect.AMERICAN)

    def flags(self, text: str) -> list[tuple[int, int, list[str]]]:
        """Start, end and suggestions of what it finds misspelt."""
        return [
            (
                _called(lint.span).start,
                _called(lint.span).end,
                [each.replacement_text for each in _called(lint.suggestions)],
            )
            for lint in self._linter.lint(text)
            if any(word in str(_called(lint.lint_kind)) for word in ("Spelling", "Typo"))
        ]


def _called(member: object) -> object:
    """Some members are methods in one release and attributes in another."""
    return member() if callable(member) else member


PEERS = {
    "hunspell": Hunspell,
    "aspell": Aspell,
    "symspellpy": SymSpell,
    "pyspellchecker": PySpellChecker,
    "harper-py": Harper,
}
