"""The nlp phase: one essay in, its measures out."""

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version as version_of
from time import perf_counter
from typing import Any

from pipelines.phase import BatchContext, Done, EssayPhase, GaveUp, Item, Outcome, Unit
from pipelines.phases.nlp import diversity, frequency, readability
from pipelines.phases.text import Reading, read
from pipelines.vocabulary import Language

_RULES = "1"  # counts up whenever the code here may measure differently
_DECIMALS = 4


class Nlp(EssayPhase):
    """Measures the language of essays in English and Swedish."""

    name = "nlp"

    @cached_property
    def engine_version(self) -> str:
        """Rules and word list, which together decide every result."""
        return f"hulee-nlp {_RULES}; wordfreq {version_of('wordfreq')}"

    def prepare(self) -> None:
        """Load the word frequencies of both languages."""
        for language in Language:
            frequency.words(language)

    def run_many(self, batch: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        """Measure each essay by itself.

        Returns:
            `Done` with `language`, `text_sha256` and the metrics of `pipelines.phases.nlp.METRICS`,
            those that are undefined for a text being None; or `GaveUp` with the code `no_words`.
        """
        items = [unit.items[0] for unit in units]
        return [self._run(batch.language_of(item.item_id), item) for item in items]

    def _run(self, language: Language, item: Item) -> Outcome:
        started = perf_counter()
        reading = read(item.text, language)
        if not reading.words:
            return GaveUp("no_words", "The essay has no words to measure.")
        about = {"language": str(language), "text_sha256": item.text_sha256}
        result = {**about, **_rounded(measures(reading, language))}
        return Done(result, elapsed_ms=(perf_counter() - started) * 1000)


def measures(reading: Reading, language: Language) -> dict[str, Any]:
    """All metrics of a text that has at least one word, unrounded."""
    words = [token.word for token in reading.words]
    low = [word.lower() for word in words]
    zipfs = [frequency.zipf(word, language) for word in low]
    return {
        "words": len(words),
        "sentences": len(reading.sentences),
        "paragraphs": len(reading.paragraphs),
        "characters": readability.characters(reading.text),
        "mean_sentence_length": readability.mean(len(words), len(reading.sentences)),
        "mean_word_length": readability.mean(sum(map(readability.letters, words)), len(words)),
        "long_word_share": readability.long_word_share(words),
        "lix": readability.lix(words, len(reading.sentences)),
        "ttr": diversity.ttr(low),
        "ovix": diversity.ovix(low),
        "mattr": diversity.mattr(low),
        "mtld": diversity.mtld(low),
        "mean_zipf": sum(zipfs) / len(zipfs),
        "zipf_bands": frequency.band_shares(zipfs),
    }


def _rounded(value: Any) -> Any:
    """Every float to four decimals, so that a result reads the same on every computer."""
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return value
