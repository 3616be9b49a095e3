"""Learn the weights of traits from learners' errors: `make train-spelling DATA=folder`.

For every word that no dictionary has, the candidates and "meant as it is written" are the outcomes of one choice, whose
log-odds are weighted sums of traits. The weights maximise the likelihood of what annotators say was meant, with a
Gaussian prior, which is tighter for single letters (named with a colon) than for classes of slips.

Reads the sentences that `make bench-spellcheck` measures with, and leaves out the fifth that it reports. Misspellings
of `*_pairs_*.tsv` (wrong, tab, right) are learned from, too, but for those that any of the sentences has.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bench.spelling.data import Part, Row, batches, load
from pipelines.phase import BatchContext
from pipelines.phases.spellcheck import context, doubts, realwords
from pipelines.phases.spellcheck.check import Checker, Place
from pipelines.phases.spellcheck.slips import Trait
from pipelines.phases.spellcheck.spared import Spared
from pipelines.phases.spellcheck.speller import Speller, speller
from pipelines.phases.spellcheck.suggestions import SOMETHING_ELSE
from pipelines.phases.spellcheck.together import NOBODY, Others, Together
from pipelines.phases.text import read
from pipelines.vocabulary import Language

SETS = {
    Language.ENGLISH: ("en_toefl_ctx",),
    Language.SWEDISH: ("sv_dalaj", "sv_clean", "sv_swell"),
}
KINDS = {"spell", "join", "case"}
# In Swedish twice what they would be if each word came once.
CLASS_PRIOR = {Language.ENGLISH: 0.1, Language.SWEDISH: 0.6}
LETTER_PRIOR = {Language.ENGLISH: 3.0, Language.SWEDISH: 2.0}
OUTNUMBERED = 1.5  # Zipf: thirty times
DECIMALS = 3
LEAST = 0.005
_OF_PLACE = {"frequency", "said", context.NEVER_SAID, "something else"}
_ALONE = "by itself, "
WEIGHTS = Path(__file__).resolve().parents[1] / "pipelines/phases/spellcheck"

Pair = tuple[str, str]
"""What was written, and what was meant."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One doubtful word.

    Attributes:
        outcomes: the traits of each candidate, of something else, and of the word as it is.
        texts: the candidates, in lower case.
        meant: in lower case; None if the word is meant as it is.
    """

    outcomes: Sequence[Sequence[Trait]]
    texts: Sequence[str]
    meant: str | None

    @property
    def right(self) -> Sequence[bool]:
        """Which of the outcomes is the true one."""
        among = [text == self.meant for text in self.texts]
        is_wrong = self.meant is not None
        return [*among, is_wrong and not any(among), not is_wrong]


@dataclass(frozen=True, slots=True)
class Misspelling:
    """One word that is wrong, wherever it stands.

    Attributes:
        outcomes: the traits of each candidate, and of something else.
        texts: the candidates, in lower case.
        meant: in lower case.
    """

    outcomes: Sequence[Sequence[Trait]]
    texts: Sequence[str]
    meant: str

    @property
    def right(self) -> Sequence[bool]:
        """Which of the outcomes is the true one."""
        among = [text == self.meant for text in self.texts]
        return [*among, not any(among)]


@dataclass(frozen=True, slots=True)
class Confusable:
    """A word that is right, though many confuse it with others.

    Attributes:
        outcomes: its traits, and those of each of the others.
    """

    outcomes: Sequence[Sequence[Trait]]

    @property
    def right(self) -> Sequence[bool]:
        """Which of the outcomes is the true one."""
        return [True, *[False] * (len(self.outcomes) - 1)]


def confusables(rows: Iterable[Row], language: Language) -> Iterator[tuple[Row, Confusable]]:
    """Every word of some sentences that many confuse with others, but for those that are wrong or nobody knows of."""
    words, checker = speller(language), _checker(language)
    for row in rows:
        unclear = [*(each.span for each in row.errors), *row.ignored]
        for place in checker.confusable(read(row.text, language)):
            if not any(_overlaps(place, *span) for span in unclear):
                word = place.word.lower()
                gap = realwords.gap_between(words.context, place.before, place.after)
                together = word, *words.confused.others(word)
                yield row, Confusable([realwords.traits(gap, each) for each in together])


def misspellings(pairs: Iterable[Pair], language: Language) -> Iterator[Misspelling]:
    """Those of some misspellings that no list of words has and nobody is sure of without looking."""
    words = speller(language)
    nowhere = words.context.between((), ())
    for written, meant in pairs:
        verdict = words.judge(written)
        if verdict.kind is not None and not verdict.suggestions:
            described = [
                (text.lower(), _by_itself([*traits, *nowhere.traits(text.lower())]))
                for text, traits in words.suggester.described(written.lower())
            ]
            texts, outcomes = zip(*described, strict=True) if described else ((), ())
            yield Misspelling([*outcomes, _by_itself(SOMETHING_ELSE)], texts, meant.lower())


def _by_itself(traits: Sequence[Trait]) -> list[Trait]:
    """With traits of their own for what says another thing where no neighbours say anything."""
    return [(f"{_ALONE}{name}" if name in _OF_PLACE else name, value) for name, value in traits]


def pairs_besides(folder: Path, language: Language, rows: Iterable[Row]) -> Iterator[Pair]:
    """The misspellings of a language that stand in a file of their own, each once, but for those of some sentences.

    Nor are those of several words among them, as there are more of them than in a text.
    """
    seen = {row.text[each.start : each.end].lower() for row in rows for each in row.errors}
    for path in sorted(folder.glob(f"{language}_*_pairs_*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            written, _, meant = line.partition("\t")
            if meant.isalpha() and written.lower() not in seen:
                seen.add(written.lower())
                yield written, meant


def _checker(language: Language) -> Checker:
    return Checker(speller(language), Spared(BatchContext(UUID(int=0), language, "")))


def choices(rows: Sequence[Row], language: Language) -> Iterator[tuple[Row, Choice]]:
    """Every doubtful word of a set, with its sentence, but for those in spans that are to be ignored.

    In Swedish each comes twice: beside the other sentences of its batch, and by itself, as an essay may be alone.
    """
    words, checker = speller(language), _checker(language)
    for batch in batches(rows):
        together = Together([rows[index].text for index in batch], language)
        for number, row in enumerate(rows[index] for index in batch):
            for place, verdict in checker.doubtful(read(row.text, language)):
                asked = _asked(row, place, words) if not verdict.suggestions else None
                if asked is not None:  # else it is sure, or nobody knows
                    beside = together.others(but=number)
                    for others in (beside, NOBODY) if beside else (NOBODY,):
                        yield row, _choice(place, words, asked or None, others)


def _asked(row: Row, place: Place, words: Speller) -> str | None:
    """What was meant by a word, in lower case; empty if it is right, None if nobody knows."""
    error = next((each for each in row.errors if _overlaps(place, *each.span)), None)
    if error:
        is_known = error.kind in KINDS and error.right
        return error.right.replace("’", "'").lower() if is_known else None
    is_unclear = any(_overlaps(place, *span) for span in row.ignored)
    return None if is_unclear or _may_be_unmarked(place, words) else ""


def _may_be_unmarked(place: Place, words: Speller) -> bool:
    """Whether a listed word is so much rarer than one a slip away that it may be an error that nobody marked."""
    zipf = words.lexicon.zipf(place.word)
    return (
        place.word.islower() and 0 < zipf < words.suggester.nearest_zipf(place.word) - OUTNUMBERED
    )


def _overlaps(place: Place, start: int, end: int) -> bool:
    return (start < place.end and end > place.start) or place.start <= start == end <= place.end


def _choice(place: Place, words: Speller, meant: str | None, others: Others) -> Choice:
    described = list(words.suggester.described(place.word.lower()))
    gap = words.context.between(place.before, place.after)
    low = place.word.lower()
    forms = {low, *(text.lower() for text, _ in described)}
    told = {
        each.form: each.traits() for each in others.told(sorted(forms), place.before, place.after)
    }
    outcomes = [
        [*traits, *gap.traits(text.lower()), *told.get(text.lower(), ())]
        for text, traits in described
    ]
    zipf = words.lexicon.zipf(place.word)
    as_written = [
        *words.described(place.word),
        *doubts.place_traits(place.word, zipf, opens=place.opens),
        *told.get(low, ()),
    ]
    return Choice(
        [*outcomes, SOMETHING_ELSE, as_written], [text.lower() for text, _ in described], meant
    )


def learn(
    given: Sequence[Choice | Misspelling | Confusable], *, class_prior: float, letter_prior: float
) -> dict[str, float]:
    """The weights under which what was meant is likeliest.

    Args:
        class_prior, letter_prior: precision of the Gaussian prior, for traits in general and for those of letters.
    """
    names: dict[str, int] = {}
    rows, columns, values, right, starts = [], [], [], [], [0]
    for choice in given:
        for traits in choice.outcomes:
            for name, value in traits:
                rows.append(len(right))
                columns.append(names.setdefault(name, len(names)))
                values.append(value)
            right.append(False)
        right[starts[-1] :] = choice.right
        starts.append(len(right))
    traits_of = csr_matrix((values, (rows, columns)), shape=(len(right), len(names)))
    prior = np.array([letter_prior if ":" in name else class_prior for name in names])
    start, may = np.array(starts), np.array(right)
    of = np.repeat(np.arange(len(given)), np.diff(start))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = traits_of @ weights
        everything, all_shares = _log_sum(scores, start, of)
        true, true_shares = _log_sum(np.where(may, scores, -np.inf), start, of)
        slope = traits_of.T @ (all_shares - true_shares) + prior * weights
        return float((everything - true).sum() + (prior * weights**2).sum() / 2), slope

    # Traits are of very different sizes; in steps of their own sizes the optimiser finds its way.
    sizes = np.sqrt(np.asarray(traits_of.multiply(traits_of).mean(axis=0)).ravel())

    def scaled(steps: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = loss(steps / sizes)
        return value, slope / sizes

    options = {"maxiter": 5000, "maxfun": 20000, "maxcor": 30, "maxls": 100, "ftol": 1e-10}
    found = minimize(scaled, np.zeros(len(names)), jac=True, method="L-BFGS-B", options=options)
    if not found.success:
        raise RuntimeError(f"no weights were found: {found.message}")
    return {name: float(found.x[at] / sizes[at]) for name, at in names.items()}


def _log_sum(
    scores: np.ndarray, start: np.ndarray, of: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log of the sum of exponentials in each choice, and each outcome's share of it."""
    top = np.maximum.reduceat(scores, start[:-1])
    shares = np.exp(scores - top[of])
    total = np.add.reduceat(shares, start[:-1])
    return top + np.log(total), shares / total[of]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="train-spelling", description="Learn how learners err.")
    parser.add_argument("folder", type=Path, help="where the data are")
    parser.add_argument("--language", type=Language, choices=list(Language), action="append")
    parser.add_argument("--everything", action="store_true", help="leave nothing out")
    wanted = parser.parse_args()
    sets = load(wanted.folder, Part.ALL if wanted.everything else Part.TUNE)
    every = [row for each in load(wanted.folder, Part.ALL) for row in each.rows]
    for language in wanted.language or Language:
        learned_from = [each for each in sets if each.name.startswith(SETS[language])]
        given = [choice for each in learned_from for _, choice in choices(each.rows, language)]
        among = [each for each in sets if each.language == language]
        sure = [word for each in among for _, word in confusables(each.rows, language)]
        alone = list(misspellings(pairs_besides(wanted.folder, language, every), language))
        weights = learn(
            [*given, *alone, *sure],
            class_prior=CLASS_PRIOR[language],
            letter_prior=LETTER_PRIOR[language],
        )
        kept = {
            k: round(w, DECIMALS)
            for k, w in sorted(weights.items())
            if abs(w) >= LEAST and not k.startswith(_ALONE)
        }
        path = WEIGHTS / f"weights_{language}.json"
        path.write_text(json.dumps(kept, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
        wrong = sum(choice.meant is not None for choice in given)
        sys.stdout.write(
            f"{language}: {len(given)} doubtful words, {wrong} of them wrong; {len(alone)} misspellings by themselves;"
            f" {len(sure)} words that may be confused; {len(kept)} weights\n"
        )


if __name__ == "__main__":
    main()
