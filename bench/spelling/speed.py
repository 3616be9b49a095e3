"""How fast spelling is checked, and how much memory that takes: in processor seconds, beside peers in the same run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from statistics import median

from bench.spelling.data import DataSet
from bench.spelling.rows import Filled, Row
from bench.spelling.systems import Timed
from bench.spelling.words import words

WORKLOADS = {"en": ("en_realec", "en_"), "sv": ("sv_swell", "sv_")}
"""Learners' texts by which speed is measured: beginnings of names, the first that there is."""

ESSAYS, ESSAY_WORDS = 30, 400
CHECK_AND_SUGGEST, BY_INDEX = BESIDE = "hunspell", "symspellpy"
"""Peers that ours is measured in turn with."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Texts of one language.

    Attributes:
        texts: a set's, as they are.
        essays: of the same, put together to a class's essays.
    """

    name: str
    texts: Sequence[str]
    essays: Sequence[str]

    @property
    def word_count(self) -> int:
        """Of the texts, each counted as often as it occurs."""
        return sum(len(words(text)) for text in self.texts)


@dataclass(frozen=True, slots=True)
class OurSpeed:
    """Ours in one language.

    Attributes:
        of_texts: rounds over the texts.
        of_class: rounds over a class's essays.
        beside: peer → its words a second over the texts, right after each round of ours.
    """

    workload: Workload
    of_texts: Sequence[Timed]
    of_class: Sequence[Timed]
    beside: Mapping[str, Sequence[float]] = field(default_factory=dict)

    @property
    def cold_per_s(self) -> float:
        """Words a second the first time, in a process that is ready; the median."""
        return self.workload.word_count / median(each.cold_cpu_s for each in self.of_texts)

    @property
    def again_per_s(self) -> float:
        """Words a second when all of them have been seen; the median."""
        return self.workload.word_count / median(each.again_cpu_s for each in self.of_texts)

    def to_peer(self, peer: str, seconds: Callable[[Timed], float]) -> float | None:
        """Our words a second by a peer's, each round by itself; the median, or None if it was not timed.

        Args:
            seconds: which of ours.
        """
        if peer not in self.beside:
            return None
        words = self.workload.word_count
        rounds = zip(self.of_texts, self.beside[peer], strict=True)
        return median(words / seconds(mine) / theirs for mine, theirs in rounds)

    @property
    def start_cpu_s(self) -> float:
        """Processor seconds to be ready, with everything imported; the median."""
        return median(each.start_cpu_s for each in (*self.of_texts, *self.of_class))

    @property
    def class_cpu_s(self) -> float:
        """Processor seconds for a class's essays in a process that is ready; the median."""
        return median(each.cold_cpu_s for each in self.of_class)

    def to_json(self) -> dict[str, object]:
        """As scripts read it."""
        every = (*self.of_texts, *self.of_class)
        return {
            "texts": self.workload.name,
            "words": self.workload.word_count,
            "rounds": len(self.of_texts),
            "cold_words_per_s": round(self.cold_per_s),
            "cold_cpu_s": [round(each.cold_cpu_s, 3) for each in self.of_texts],
            "again_words_per_s": round(self.again_per_s),
            "again_cpu_s": [round(each.again_cpu_s, 3) for each in self.of_texts],
            "beside_words_per_s": {
                peer: [round(each) for each in rounds] for peer, rounds in self.beside.items()
            },
            "class_words": sum(len(words(text)) for text in self.workload.essays),
            "class_cpu_s": [round(each.cold_cpu_s, 3) for each in self.of_class],
            "start_cpu_s": [round(each.start_cpu_s, 3) for each in every],
            "import_cpu_s": [round(each.import_cpu_s, 3) for each in every],
        }


def workload(sets: Sequence[DataSet], language: str) -> Workload | None:
    """The texts that speed is measured with; None if there are none of the language."""
    for beginning in WORKLOADS[language]:
        for one in sets:
            if one.language == language and one.name.startswith(beginning):
                texts = [row.text for row in one.rows]
                return Workload(one.name, texts, list(_essays(texts))[:ESSAYS])
    return None


def rows(
    ours: Mapping[str, OurSpeed],
    memory_mb: Mapping[str, float] | None,
) -> Iterator[Filled]:
    """The figures of speed and memory.

    Args:
        ours: by language.
        memory_mb: of a process of ours with every language.
    """
    for language, mine in ours.items():
        against = (
            ("cold", "check and suggest, cold", CHECK_AND_SUGGEST, 80 if language == "en" else 150),
            ("again", "the same words again", BY_INDEX, 1),
        )
        for what, title, peer, aim in against:
            yield _row(
                f"{language}_{what}_to_{peer}",
                f"{_NAMES[language]}: {title}, times {peer}",
                mine.to_peer(peer, attrgetter(f"{what}_cpu_s")),
                aim,
            )
        yield _row(
            f"{language}_class_cpu_s",
            f"{_NAMES[language]}: {ESSAYS} essays of {ESSAY_WORDS} words, cpu s",
            mine.class_cpu_s,
            1,
            is_cost=True,
        )
        yield _row(
            f"{language}_start_cpu_s",
            f"{_NAMES[language]}: start from cache, cpu s",
            mine.start_cpu_s,
            0.3,
            is_cost=True,
        )
    for what, title, aim in (("rss", "resident", 250), ("uss", "of its own", None)):
        amount = memory_mb[what] if memory_mb else None
        yield _row(
            f"memory_{what}_mb",
            f"memory with every language, MB {title}",
            amount,
            aim,
            is_cost=True,
        )


_NAMES = {"en": "English", "sv": "Swedish"}


def _row(
    key: str, title: str, ours: float | None, aim: float | None, *, is_cost: bool = False
) -> Filled:
    row = Row(key, title, (), (), aim, is_share=False, is_cost=is_cost)
    return Filled(row, None, ours, {})


def _essays(texts: Sequence[str]) -> Iterator[str]:
    sentences: list[str] = []
    count = 0
    for text in texts:
        sentences.append(text)
        count += len(words(text))
        if count >= ESSAY_WORDS:
            yield " ".join(sentences)
            sentences, count = [], 0
