"""One peer in one language, in a process and an environment of its own: a line of JSON in, a line of JSON out.

First comes the job: `peer`, `language`, `dictionaries` (a folder), `texts` to flag, `asked` (words to suggest for),
`slow_asked` (a sample of them for who is slow) and `speed_texts`. The result: `flags` (of each text: start, end and,
where they come with it, suggestions), `offered` (word → suggestions), `is_sample` (whether for the sample only),
`start_cpu_s`, `memory_mb` and `speed`; or `missing`, with the reason. Each line that follows the job is answered by the
processor seconds of another pass over `speed_texts`.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence

from bench.spelling.cost import cpu_s, memory_mb
from bench.spelling.peers import PEERS, Harper, Missing, Words
from bench.spelling.words import words

_Flag = tuple[int, int, list[str]]
_TIMED, _SEED = 40, 7
"""How many unknown words a slow peer is timed with; the rest is extrapolated."""


def main() -> None:
    """Do the job of standard input."""
    job = json.loads(sys.stdin.readline())
    before = cpu_s()
    try:
        peer = PEERS[job["peer"]](job["language"], job["dictionaries"])
    except Missing as exc:
        _say({"missing": str(exc)})
        return
    done = {"start_cpu_s": cpu_s() - before, "memory_mb": memory_mb()}
    done["speed"] = _speed_of(peer, job["speed_texts"]) if job["speed_texts"] else None
    done |= _of_texts(peer, job) if isinstance(peer, Harper) else _of_words(peer, job)
    _say(done)
    for _ in sys.stdin:
        _say(_speed_of(peer, job["speed_texts"])["cpu_s"])


def _say(said: object) -> None:
    print(json.dumps(said), flush=True)


def _of_texts(peer: Harper, job: dict) -> dict:
    return {
        "flags": [peer.flags(text) for text in job["texts"]],
        "offered": None,
        "is_sample": False,
    }


def _of_words(peer: Words, job: dict) -> dict:
    flags = _flags(peer, job["texts"], {})
    asked = job["slow_asked"] if peer.is_slow else job["asked"]
    offered = {word: list(peer.suggest(word)) for word in asked}
    return {"flags": flags, "offered": offered, "is_sample": peer.is_slow}


def _speed_of(peer: Harper | Words, texts: Sequence[str]) -> dict:
    return (_timed_by_text if isinstance(peer, Harper) else _timed_by_word)(peer, texts)


def _timed_by_text(peer: Harper, texts: Sequence[str]) -> dict:
    before = cpu_s()
    for text in texts:
        peer.flags(text)
    return _speed(texts, cpu_s() - before)


def _timed_by_word(peer: Words, texts: Sequence[str]) -> dict:
    """Flag what is unknown and suggest for it, each different word once."""
    before = cpu_s()
    known: dict[str, bool] = {}
    _flags(peer, texts, known)
    checking_s = cpu_s() - before
    unknown = [word for word, is_known in known.items() if not is_known]
    is_sample = peer.is_slow and len(unknown) > _TIMED
    timed = random.Random(_SEED).sample(unknown, _TIMED) if is_sample else unknown
    before = cpu_s()
    for word in timed:
        list(peer.suggest(word))
    suggesting_s = (cpu_s() - before) * len(unknown) / max(1, len(timed))
    return {
        **_speed(texts, checking_s + suggesting_s),
        "unknown": len(unknown),
        "timed": len(timed),
        "suggestion_ms": 1000 * suggesting_s / max(1, len(unknown)),
    }


def _speed(texts: Sequence[str], used_s: float) -> dict:
    count = sum(len(words(text)) for text in texts)
    return {"words": count, "cpu_s": used_s, "words_per_s": count / used_s}


def _flags(peer: Words, texts: Sequence[str], known: dict[str, bool]) -> list[list[_Flag]]:
    return [
        [(start, end, []) for start, end, word in _words(text) if not _knows(peer, word, known)]
        for text in texts
    ]


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    return ((start, end, text[start:end]) for start, end in words(text))


def _knows(peer: Words, word: str, known: dict[str, bool]) -> bool:
    if word not in known:
        known[word] = peer.knows(word)
    return known[word]


if __name__ == "__main__":
    main()
