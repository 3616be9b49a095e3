"""HuleEdu's spellcheck in a process of its own: a JSON job in, a JSON result out.

Texts go in and come out as lines of `huleedu spellcheck --jsonl`, through the functions that the command calls. What a
job asks for is one of `ANSWER`, `LOOK_UP`, `TIME` and `WEIGH`.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from typing import Any

from bench.spelling.cost import cpu_s, memory_mb

ANSWER, LOOK_UP, TIME, WEIGH = "answer", "look up", "time", "weigh"
_REACH = 2
"""How many words before and after one are shown with it."""


def main() -> None:
    """Do the job of standard input."""
    job = json.load(sys.stdin)
    jobs = {ANSWER: _answer, LOOK_UP: _look_up, TIME: _time, WEIGH: _weigh}
    with redirect_stdout(sys.stderr):  # what is said while words are loaded
        result = jobs[job["do"]](job)
    json.dump(result, sys.stdout)


def _answer(job: dict) -> dict:
    """Every batch's answers, as the command writes them."""
    checker = _checker(job["language"])
    return {
        "lines": [
            [line.decode() for line in _answers(checker, lines, is_one_batch=job["is_one_batch"])]
            for lines in map(_lines, job["batches"])
        ]
    }


def _look_up(job: dict) -> dict:
    """What the engine suggests in a place, whether it takes the word for wrong or not."""
    return {
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


def _time(job: dict) -> dict:
    """Processor seconds for loading a language, and for checking its texts the first time and again."""
    before = cpu_s()
    checker = _checker(job["language"])
    imported_s = cpu_s() - before
    before = cpu_s()
    checker.prepare(_unheard)
    list(_answers(checker, _lines(["Hej."]), is_one_batch=True))
    started_s = cpu_s() - before
    lines = _lines(job["texts"])
    used_s = []
    for _ in range(2):
        before = cpu_s()
        for _ in _answers(checker, lines, is_one_batch=True):
            pass
        used_s.append(cpu_s() - before)
    return {
        "import_cpu_s": imported_s,
        "start_cpu_s": started_s,
        "cold_cpu_s": used_s[0],
        "again_cpu_s": used_s[1],
    }


def _unheard(*_: int) -> None:
    """Words are made before anything is timed."""


def _weigh(job: dict) -> dict:
    """Memory after checking a class in every language."""
    for language, texts in job["texts"].items():
        list(_answers(_checker(language), _lines(texts), is_one_batch=True))
    return memory_mb()


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
