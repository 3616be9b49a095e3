"""HuleEdu's spellcheck in a process of its own: a JSON job as the first line in, a JSON result as the first line out.

Texts are checked by the functions that `huleedu spellcheck --jsonl` calls. What a job asks for is one of `ANSWER`,
`LOOK_UP`, `TIME` and `WEIGH`. After `TIME`, each line that follows is answered by how long another pass has taken.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from typing import Any

from bench.spelling.cost import cpu_s, memory_mb

ANSWER, LOOK_UP, TIME, WEIGH = "answer", "look up", "time", "weigh"
AGAIN, LINES = "again", "lines"
"""What is timed once more: a check of the texts, or one that reads and writes them as lines of JSON."""
_REACH = 2
"""How many words before and after one are shown with it."""


def main() -> None:
    """Do the job of standard input."""
    job = json.loads(sys.stdin.readline())
    jobs = {ANSWER: _answer, LOOK_UP: _look_up, TIME: _time, WEIGH: _weigh}
    said = sys.stdout
    with redirect_stdout(sys.stderr):  # what is said while words are loaded
        for result in jobs[job["do"]](job):
            print(json.dumps(result), file=said, flush=True)


def _answer(job: dict) -> Iterator[dict]:
    """Every batch's answers, as the command writes them."""
    checker = _checker(job["language"])
    yield {
        "lines": [
            [line.decode() for line in _answers(checker, lines, is_one_batch=job["is_one_batch"])]
            for lines in map(_lines, job["batches"])
        ]
    }


def _look_up(job: dict) -> Iterator[dict]:
    """What the engine suggests in a place, whether it takes the word for wrong or not."""
    yield {
        "suggestions": [
            _suggested(job["language"], text, start, end) for text, start, end in job["places"]
        ]
    }


def _suggested(language: str, text: str, start: int, end: int) -> list[str]:
    from pipelines.phases.spellcheck.speller import speller
    from pipelines.phases.text import read
    from pipelines.vocabulary import Language

    tokens = read(text, Language(language)).tokens
    there = [at for at, token in enumerate(tokens) if token.start < end and token.end > start]
    if len(there) != 1:
        return []
    (at,) = there
    words = [token.word.lower() for token in tokens]
    suggester = speller(Language(language)).suggester
    scores = suggester.scores(
        suggester.candidates(words[at]),
        words[max(0, at - _REACH) : at],
        words[at + 1 : at + 1 + _REACH],
    )
    return [suggestion.text for suggestion in suggester.shares(scores, 0.0).suggestions]


def _time(job: dict) -> Iterator[dict | float]:
    """Processor seconds for loading a language and for checking its texts the first time, and then for each pass."""
    before = cpu_s()
    checker = _checker(job["language"])
    imported_s = cpu_s() - before
    before = cpu_s()
    checker.prepare(_unheard)
    list(_answers(checker, _lines(["Hej."]), is_one_batch=True))
    started_s = cpu_s() - before
    texts, lines = job["texts"], _lines(job["texts"])
    passes = {
        AGAIN: lambda: checker.check(texts),
        LINES: lambda: _answers(checker, lines, is_one_batch=True),
    }
    yield {
        "import_cpu_s": imported_s,
        "start_cpu_s": started_s,
        "cold_cpu_s": _used_s(passes[AGAIN]),
    }
    for wanted in sys.stdin:
        yield _used_s(passes[json.loads(wanted)])


def _used_s(checked: Callable[[], Iterable[object]]) -> float:
    before = cpu_s()
    for _ in checked():
        pass
    return cpu_s() - before


def _unheard(*_: int) -> None:
    """Words are made before anything is timed."""


def _weigh(job: dict) -> Iterator[dict]:
    """Memory after checking a class in every language."""
    for language, texts in job["texts"].items():
        list(_answers(_checker(language), _lines(texts), is_one_batch=True))
    yield memory_mb()


def _checker(language: str) -> Any:
    from app.cli import spellcheck  # noqa: F401 - to have it in what importing costs
    from app.cli.spelling_batch import Batch
    from pipelines.vocabulary import Language

    return Batch(Language(language))


def _answers(checker: object, lines: Sequence[bytes], *, is_one_batch: bool) -> Iterable[bytes]:
    from app.cli import spelling_answers, spelling_lines

    asked = (
        (f"line {number}", spelling_lines.read(line)) for number, line in enumerate(lines, start=1)
    )
    for place, said in spelling_answers.answers(checker, asked, is_one_batch=is_one_batch):
        if not isinstance(said, spelling_answers.Answer):
            raise RuntimeError(f"{place}: {said}")
        yield said.line


def _lines(texts: Sequence[str]) -> list[bytes]:
    """What another program would send."""
    return [
        json.dumps({"id": number, "text": text}, ensure_ascii=False).encode()
        for number, text in enumerate(texts, start=1)
    ]


if __name__ == "__main__":
    main()
