"""How fast spelling is checked, and how much memory that takes: in processor seconds, beside peers in the same run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median

from bench.spelling.data import DataSet
from bench.spelling.rows import Filled, Row
from bench.spelling.words import words

WORKLOADS = {"en": ("en_realec", "en_"), "sv": ("sv_swell", "sv_")}
"""Learners' texts by which speed is measured: beginnings of names, the first that there is."""

ESSAYS, ESSAY_WORDS = 30, 400
CHECK_AND_SUGGEST, BY_INDEX = BESIDE = "hunspell", "symspellpy"
"""Peers that ours is measured beside: by what is new to it, and by what it has seen."""


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
class Timed:
    """Processor seconds of a new process for the same texts.

    Attributes:
        cold_cpu_s: for the first time.
        again_cpu_s: for each pass after that, in turn with those that it is compared with.
    """

    cold_cpu_s: float
    again_cpu_s: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class OurTimed(Timed):
    """The same of ours.

    Attributes:
        import_cpu_s: for importing all that is needed.
        start_cpu_s: from then on to the first short answer.
        lines_cpu_s: for each pass that reads lines of JSON and writes them, too.
    """

    lines_cpu_s: Sequence[float] = ()
    import_cpu_s: float = 0.0
    start_cpu_s: float = 0.0


@dataclass(frozen=True, slots=True)
class OurSpeed:
    """Ours in one language.

    Attributes:
        of_texts: rounds over the texts.
        of_class: rounds over a class's essays.
        beside: peer → its rounds over the texts, each beside one of ours.
    """

    workload: Workload
    of_texts: Sequence[OurTimed]
    of_class: Sequence[OurTimed]
    beside: Mapping[str, Sequence[Timed]] = field(default_factory=dict)

    @property
    def cold_per_s(self) -> float:
        """Words a second the first time, in a process that is ready; the median."""
        return self.workload.word_count / median(each.cold_cpu_s for each in self.of_texts)

    @property
    def again_per_s(self) -> float:
        """Words a second when all of them have been seen; the median."""
        passes = [used for each in self.of_texts for used in each.again_cpu_s]
        return self.workload.word_count / median(passes)

    def cold_to(self, peer: str) -> float | None:
        """How many times as fast as a peer ours is the first time: the median of rounds, or None without the peer."""
        if peer not in self.beside:
            return None
        rounds = zip(self.of_texts, self.beside[peer], strict=True)
        return median(theirs.cold_cpu_s / mine.cold_cpu_s for mine, theirs in rounds)

    def again_to(self, peer: str) -> float | None:
        """The same when all words have been seen: the median of rounds, each the median of its passes."""
        return self._again_to(peer, [mine.again_cpu_s for mine in self.of_texts])

    def lines_to(self, peer: str) -> float | None:
        """The same where ours reads and writes JSON, which the peer does not."""
        return self._again_to(peer, [mine.lines_cpu_s for mine in self.of_texts])

    def _again_to(self, peer: str, ours: Sequence[Sequence[float]]) -> float | None:
        if peer not in self.beside:
            return None
        return median(
            median(used / mine for mine, used in zip(of_round, theirs.again_cpu_s, strict=True))
            for of_round, theirs in zip(ours, self.beside[peer], strict=True)
        )

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
        return {
            "texts": self.workload.name,
            "words": self.workload.word_count,
            "cold_words_per_s": round(self.cold_per_s),
            "again_words_per_s": round(self.again_per_s),
            "rounds": [asdict(each) for each in self.of_texts],
            "beside": {peer: list(map(asdict, rounds)) for peer, rounds in self.beside.items()},
            "class_words": sum(len(words(text)) for text in self.workload.essays),
            "class_rounds": [asdict(each) for each in self.of_class],
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
        name, beside = _NAMES[language], f"times {BY_INDEX}"
        yield _row(
            f"{language}_cold_to_{CHECK_AND_SUGGEST}",
            f"{name}: check and suggest, cold, times {CHECK_AND_SUGGEST}",
            mine.cold_to(CHECK_AND_SUGGEST),
            80 if language == "en" else 150,
        )
        yield _row(
            f"{language}_again_to_{BY_INDEX}",
            f"{name}: the same words again, {beside}",
            mine.again_to(BY_INDEX),
            1,
        )
        yield _row(
            f"{language}_lines_to_{BY_INDEX}",
            f"{name}: the same, JSON read and written as well, {beside}",
            mine.lines_to(BY_INDEX),
            None,
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
