"""The spellcheck phase: one essay in, its misspelt words and its corrected text out."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from hashlib import sha256
from importlib.metadata import version as version_of
from itertools import chain
from pathlib import Path
from time import perf_counter

from pipelines.phase import (
    BatchContext,
    Done,
    EssayPhase,
    GaveUp,
    Item,
    ItemRef,
    Outcome,
    Unit,
)
from pipelines.phases.spellcheck import dictionaries
from pipelines.phases.spellcheck.building import unheard
from pipelines.phases.spellcheck.check import Checker
from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.result import result
from pipelines.phases.spellcheck.spared import Spared
from pipelines.phases.spellcheck.speller import Speller, speller
from pipelines.phases.spellcheck.together import Others, Together
from pipelines.phases.text import read
from pipelines.vocabulary import Language

Progress = Callable[[Language, int, int], None]

_ENGINE = "hulee-spell"
_RULES = "12"  # counts up whenever the code here may judge a word differently
# Of the errors changed from here on, 98.9 % became what was meant in English and all of them in Swedish
# (`make bench-spellcheck`, the fifth that nothing was learned from).
_APPLY_AT = 0.85
_PORTION = 4_000  # letters that are checked together
_LIBRARIES = ("chunspell", "pocketsphinx", "rapidfuzz", "wordfreq")


class Spellcheck(EssayPhase):
    """Checks the spelling of essays in English and Swedish.

    Args:
        dictionary_folder: Hunspell dictionaries to prefer over those that come along.
        cache_folder: where the index of their words is kept; the user's cache by default.
        apply_at: confidence from which a correction goes into `corrected_text`; everything found
            is listed whatever its confidence.
    """

    name = "spellcheck"

    def __init__(
        self,
        dictionary_folder: Path | str | None = None,
        *,
        cache_folder: Path | str | None = None,
        apply_at: float = _APPLY_AT,
    ) -> None:
        self._folder = Path(dictionary_folder) if dictionary_folder else None
        self._cache_folder = Path(cache_folder) if cache_folder else None
        self._apply_at = apply_at

    @cached_property
    def engine_version(self) -> str:
        """Rules, libraries and dictionaries, which together decide every result.

        Raises:
            DictionaryMissingError: a language has no dictionary.
        """
        libraries = (f"{name} {version_of(name)}" for name in _LIBRARIES)
        return "; ".join(
            (
                f"{_ENGINE} {_RULES}",
                f"apply_at {self._apply_at}",
                *libraries,
                *self._dictionaries.values(),
            )
        )

    @cached_property
    def _dictionaries(self) -> dict[Language, str]:
        return {language: dictionaries.version(language, self._folder) for language in Language}

    @cached_property
    def _engines(self) -> dict[Language, Mapping[str, str]]:
        """What every result of a language says of who made it."""
        return {
            language: {"name": _ENGINE, "version": _RULES, "dictionaries": dictionaries_of}
            for language, dictionaries_of in self._dictionaries.items()
        }

    def prepare(self, progress: Progress | None = None) -> None:
        """Open the words of both languages; where the cache has none, make them, which takes seconds.

        Args:
            progress: told the language, how many of its words are done, and of how many; only while
                they are made.

        Raises:
            DictionaryMissingError: a language has no dictionary.
        """
        for language in Language:
            told = partial(progress, language) if progress else unheard
            speller(language, self._folder, self._cache_folder, progress=told)

    def make_ready(self, progress: Progress) -> None:
        """Make what `prepare` opens, where the cache has it not; nothing stays open.

        Args:
            progress: as for `prepare`.

        Raises:
            DictionaryMissingError: a language has no dictionary.
        """
        for language in Language:
            told = partial(progress, language)
            Lexicon(language, self._folder, cache_folder=self._cache_folder, progress=told)

    def input_hash(self, batch: BatchContext, item: ItemRef) -> str:
        """The text, the language, and what must not be flagged: assignment, pupils' names, allowed words."""
        language = batch.language_of(item.item_id)
        dependencies = [language, item.text_sha256, batch.instructions, sorted(batch.names)]
        if batch.allowed:  # where none are, results from before there were any still hold
            dependencies.append(sorted(batch.allowed))
        return sha256(json.dumps(dependencies).encode()).hexdigest()

    def run_many(self, batch: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        """Check each essay by itself and beside the assignment: no result depends on the other essays (ADR 0010).

        Returns:
            `Done` with the fields of `pipelines.phases.spellcheck.result`, or `GaveUp` with the
            code `no_words`.
        """
        spared = Spared(batch)
        items = [unit.items[0] for unit in units]
        languages = [batch.language_of(item.item_id) for item in items]
        readers = {
            language: (
                Checker(self._speller(language), spared),
                Together((batch.instructions,), language).others(),
            )
            for language in set(languages)
        }
        return [
            outcome
            for item, language in zip(items, languages, strict=True)
            for outcome in self._run([item], *readers[language])
        ]

    def run_as_one(self, batch: BatchContext, items: Sequence[Item]) -> Iterator[Outcome]:
        """Check all essays of a batch, each beside the others and the assignment, about when its outcome is asked for.

        Args:
            batch: whose essays are all in its language.
            items: the whole batch, as each result depends on all of them.

        Returns:
            As `run_many`.
        """
        words = self._speller(batch.language)
        together = Together((*(item.text for item in items), batch.instructions), batch.language)
        checker = Checker(words, Spared(batch, words.names_among(together.capitalised)))
        return chain.from_iterable(
            self._run(items[first:stop], checker, *map(together.others, range(first, stop)))
            for first, stop in _portions(items)
        )

    def _speller(self, language: Language) -> Speller:
        return speller(language, self._folder, self._cache_folder)

    def _run(self, items: Sequence[Item], checker: Checker, *others: Others) -> Sequence[Outcome]:
        """Check some texts.

        Args:
            items: the texts, all in the language of the checker.
            checker: of their batch.
            others: what each is read beside.
        """
        started, name = perf_counter(), str(checker.language)
        engine = self._engines[checker.language]
        readings = [read(item.text, checker.language) for item in items]
        checked = checker.check(readings, others)
        results = [
            result(
                reading,
                one,
                apply_at=self._apply_at,
                language=name,
                engine=engine,
                text_sha256=item.text_sha256,
            )
            for item, reading, one in zip(items, readings, checked, strict=True)
        ]
        each_ms = (perf_counter() - started) * 1000 / len(items)
        return [Done(each, each_ms) if each["word_count"] else _NO_WORDS for each in results]


_NO_WORDS = GaveUp("no_words", "The essay has no words to check.")


def _portions(items: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Where portions of some texts begin and end: some dozens of sentences, or an essay or two."""
    first = letters = 0
    for stop, item in enumerate(items, start=1):
        letters += len(item.text)
        if letters >= _PORTION or stop == len(items):
            yield first, stop
            first, letters = stop, 0
