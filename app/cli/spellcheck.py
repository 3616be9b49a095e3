"""`huleedu spellcheck`: the spelling of files, or of texts that another program sends; needs no running system."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath
from typing import BinaryIO

import click

from app.cli import spelling_answers, spelling_lines, spelling_shown
from app.cli.spelling_answers import Answer, Line
from app.cli.spelling_batch import Batch, NotChecked, Result
from pipelines import extraction
from pipelines.extraction import plain_text
from pipelines.extraction.outcome import Refused
from pipelines.phases.spellcheck.dictionaries import DictionaryMissingError
from pipelines.vocabulary import Language

FOUND, NOT_READ = 1, 2
PIPE_CLOSED = 141
"""As a shell reports a program that SIGPIPE ended."""

STDIN = "-"
_DOCUMENTS = frozenset(extraction.READABLE) - {".txt"}
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one call asks for.

    Attributes:
        files: paths, or `-` for standard input.
        names_file: names that are not flagged, one a line.
        is_one_batch: whether all texts are context to each other.
        is_strict: whether finding something ends with 1.
    """

    language: Language
    files: Sequence[str]
    names_file: Path | None
    is_one_batch: bool = True
    is_strict: bool = False


def run(wanted: Wanted, *, as_json: bool) -> int:
    """Check files, and show what was found or print it as one JSON document.

    Returns:
        0; 1 if it was to be strict and something was found; 2 if something could not be read.
    """
    with _said_plainly() as ended:
        checked: list[Checked] = []
        texts, is_all_read = _texts(wanted.files)
        batch = _batch(wanted)
        for (name, text), result in zip(texts, _check(batch, wanted, texts), strict=True):
            if isinstance(result, NotChecked):
                is_all_read = False
                _say(f"{name}: {result}")
            else:
                checked.append((name, text, result))
        _write((_as_json(checked) if as_json else _for_people(checked)).encode())
        is_found = any(result["errors"] for _, _, result in checked)
        ended.code = _code(is_all_read, is_found and wanted.is_strict)
    return ended.code


def run_lines(wanted: Wanted) -> int:
    """Answer JSON lines with JSON lines, in their order.

    With batch context everything is read before the first answer; without it each line is answered before the next
    is read.

    Returns:
        0; 1 if it was to be strict and something was found; 2 if a line could not be answered, which standard error
        says with its number and the reason.
    """
    with _said_plainly() as ended:
        batch = _batch(wanted)
        is_all_read, is_found = True, False
        lines = _lines(wanted.files)
        for place, said in spelling_answers.answers(batch, lines, is_one_batch=wanted.is_one_batch):
            if isinstance(said, Answer):
                is_found |= said.has_errors
                _write(said.line)
                if said.warning:
                    _say(f"{place}: {said.warning}")
            else:
                is_all_read = False
                _say(f"{place}: {said}")
        ended.code = _code(is_all_read, is_found and wanted.is_strict)
    return ended.code


Checked = tuple[str, str, Result]
"""A file's name, its text, and what the phase says of it."""


def _lines(files: Sequence[str]) -> Iterator[Line]:
    for file in files:
        with _open(file) as stream:
            for number, line in enumerate(stream, start=1):
                place = f"line {number}" if files == (STDIN,) else f"{_name(file)}, line {number}"
                yield place, spelling_lines.read(line.removeprefix(_BOM) if number == 1 else line)


def _texts(files: Sequence[str]) -> tuple[list[tuple[str, str]], bool]:
    """Name and text of each file that can be read, and whether all could be; says which could not."""
    texts = []
    for file in files:
        with _open(file) as stream:
            body = stream.read()
        # Documents by their reader; whatever else is asked for is read as text, whatever its name ends with.
        is_document = file != STDIN and PurePath(file).suffix.lower() in _DOCUMENTS
        read = extraction.extract(file, body) if is_document else plain_text.decode(body)
        if isinstance(read, Refused):
            _say(f"{_name(file)}: {read.reason}")
        else:
            texts.append((_name(file), read.text))
    return texts, len(texts) == len(files)


def _check(
    batch: Batch, wanted: Wanted, texts: Sequence[tuple[str, str]]
) -> Iterator[Result | NotChecked]:
    if wanted.is_one_batch:
        yield from batch.check([text for _, text in texts])
    else:
        for _, text in texts:
            yield from batch.check([text])


def _batch(wanted: Wanted) -> Batch:
    batch = Batch(wanted.language, _names(wanted.names_file))
    with spelling_shown.making_words() as progress:
        batch.prepare(progress)
    return batch


def _names(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    read = plain_text.decode(path.read_bytes())
    if isinstance(read, Refused):
        raise click.ClickException(f"{path}: {read.reason}")
    return frozenset(filter(None, map(str.strip, read.text.splitlines())))


def _as_json(checked: Iterable[Checked]) -> str:
    files = [
        {"file": name, **result, "text_sha256": sha256(text.encode()).hexdigest()}
        for name, text, result in checked
    ]
    return json.dumps({"files": files}, ensure_ascii=False, indent=1) + "\n"


def _for_people(checked: Sequence[Checked]) -> str:
    parts = [
        part
        for name, text, result in checked
        for part in spelling_shown.findings(name, text, result)
    ]
    if checked:
        parts.append(spelling_shown.summary([result for _, _, result in checked]))
    return spelling_shown.rendered(parts)


def _write(body: bytes) -> None:
    sys.stdout.buffer.write(body)
    sys.stdout.flush()


def _code(is_all_read: bool, is_found: bool) -> int:
    if not is_all_read:
        return NOT_READ
    return FOUND if is_found else 0


@dataclass(slots=True)
class _Ended:
    code: int = 0


@contextmanager
def _said_plainly() -> Iterator[_Ended]:
    """Expected ends are said in a sentence or, where nobody listens any more, not at all."""
    ended = _Ended()
    for stream in (sys.stdout, sys.stderr):
        # What is shown must not depend on a locale that has no letter å.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        yield ended
    except DictionaryMissingError as exc:
        _say(str(exc))
        ended.code = NOT_READ
    except BrokenPipeError:
        # Python flushes standard output once more when it ends, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        ended.code = PIPE_CLOSED


def _open(file: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if file == STDIN else Path(file).open("rb")


def _name(file: str) -> str:
    return "standard input" if file == STDIN else file


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
