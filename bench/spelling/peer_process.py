"""One peer in one language, in a process and an environment of its own: a JSON job in, a JSON result out.

The job: `peer`, `language`, `dictionaries` (a folder), `texts` to flag, `asked` (words to suggest for), `slow_asked` (a
sample of them for who is slow) and `speed_texts`. The result: `flags` (of each text: start, end and, where they come
with it, suggestions), `offered` (word → suggestions), `is_sample` (whether for the sample only), `start_cpu_s`,
`memory_mb` and `speed`; or `missing`, with the reason.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence

from bench.spelling.cost import cpu_s, memory_mb
from bench.spelling.peers import PEERS, Harper, Missing, Words
from bench.spelling.words import words

_TIMED, _SEED = 40, 7
"""How many unknown words a slow peer is timed with; the rest is extrapolated."""


def main() -> None:
    """Do the job of standard input."""
    job = json.load(sys.stdin)
    before = cpu_s()
    try:
        peer = PEERS[job["peer"]](job["language"], job["dictionaries"])
    except Missing as exc:
        json.dump({"missing": str(exc)}, sys.stdout)
        return
    done = {"start_cpu_s": cpu_s() - before, "memory_mb": memory_mb()}
    done |= _of_texts(peer, job) if isinstance(peer, Harper) else _of_words(peer, job)
    json.dump(done, sys.stdout)


def _of_texts(peer: Harper, job: dict) -> dict:
    speed = None
    if job["speed_texts"]:
        before = cpu_s()
        for text in job["speed_texts"]:
            peer.flags(text)
        speed = _speed(job["speed_texts"], cpu_s() - before)
    return {
        "flags": [peer.flags(text) for text in job["texts"]],
        "offered": None,
        "is_sample": False,
        "speed": speed,
    }


def _of_words(peer: Words, job: dict) -> dict:
    speed = _timed(peer, job["speed_texts"]) if job["speed_texts"] else None
    known: dict[str, bool] = {}
    flags = [
        [(start, end, []) for start, end, word in _words(text) if not _knows(peer, word, known)]
        for text in job["texts"]
    ]
    asked = job["slow_asked"] if peer.is_slow else job["asked"]
    offered = {word: list(peer.suggest(word)) for word in asked}
    return {"flags": flags, "offered": offered, "is_sample": peer.is_slow, "speed": speed}


def _timed(peer: Words, texts: Sequence[str]) -> dict:
    """Check every word and suggest for what is unknown, each different word once."""
    before = cpu_s()
    known: dict[str, bool] = {}
    for text in texts:
        for _, _, word in _words(text):
            _knows(peer, word, known)
    checking_s = cpu_s() - before
    unknown = [word for word, is_known in known.items() if not is_known]
    is_sample = peer.is_slow and len(unknown) > _TIMED
    timed = random.Random(_SEED).sample(unknown, _TIMED) if is_sample else unknown
    before = cpu_s()
    for word in timed:
        peer.suggest(word)
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


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    return ((start, end, text[start:end]) for start, end in words(text))


def _knows(peer: Words, word: str, known: dict[str, bool]) -> bool:
    if word not in known:
        known[word] = peer.knows(word)
    return known[word]


if __name__ == "__main__":
    main()
