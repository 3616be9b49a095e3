"""JSON lines in, JSON lines out: how other programs ask for spelling."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, NamedTuple

_TYPES = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
_NO_NAMES = frozenset[str]()


class Asked(NamedTuple):
    """A line that asks for a text to be checked.

    Attributes:
        id_json: its id as JSON, written as it came.
        text: what is to be checked.
        names: what must not be flagged in it.
    """

    id_json: str
    text: str
    names: frozenset[str] = _NO_NAMES


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that asks for nothing.

    Attributes:
        field: which field is at fault; None if it is the line as a whole.
        reason: what is wrong, as the end of a sentence.
    """

    reason: str
    field: str | None = None

    def __str__(self) -> str:
        return self.reason if self.field is None else f'field "{self.field}" {self.reason}'


class _Number(NamedTuple):
    """A JSON number as it is written: 1.0, 1e3 and 36 digits would not all survive Python's types."""

    raw: str


_IDS = (str, _Number)


class _Refused(Exception):
    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.bad_line = BadLine(reason, field)


def read(line: bytes) -> Asked | BadLine:
    """Read one line of input, with or without its line feed.

    Args:
        line: `{"id": …, "text": …}` in UTF-8, perhaps with `"names": […]`; other fields are passed over.
    """
    try:
        return _asked(_parsed(_decoded(line)))
    except _Refused as exc:
        return exc.bad_line


def answer(asked: Asked, result: Mapping[str, Any]) -> bytes:
    """The line that answers another, with its line feed, in UTF-8.

    Args:
        asked: what was asked.
        result: what the phase says of its text.
    """
    # The id is put before the rest as it is, so that it never passes through a Python number.
    try:
        return _line(asked.id_json, result, encode_basestring).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can write
        return _line(_escaped(asked.id_json), result, encode_basestring_ascii).encode()


def _line(id_json: str, result: Mapping[str, Any], as_json: Callable[[str], str]) -> str:
    text = as_json(result["corrected_text"])
    errors = ", ".join([_error(error, as_json) for error in result["errors"]])
    return f'{{"id": {id_json}, "corrected_text": {text}, "errors": [{errors}]}}\n'


def _decoded(line: bytes) -> str:
    try:
        written = line.decode().strip(" \t\r\n")
    except UnicodeDecodeError as exc:
        raise _Refused(f"is not UTF-8: byte {exc.start + 1}") from exc
    if not written:
        raise _Refused("is empty")
    return written


def _parsed(written: str) -> Mapping[str, Any]:
    try:
        given, end = _JSON.raw_decode(written)
        if end < len(written):
            _JSON.decode(written)  # says what is wrong with it
    except json.JSONDecodeError as exc:
        raise _Refused(f"is not JSON: {exc.msg}, column {exc.colno}") from exc
    except RecursionError as exc:
        raise _Refused("is nested too deep") from exc
    if not isinstance(given, dict):
        raise _Refused(f"must be an object, and is {_type(given)}")
    return given


def _refuse_constant(name: str) -> None:
    raise _Refused(f"is not JSON: {name} is no number")


# Made once, as making it costs more than a line does.
_JSON = json.JSONDecoder(parse_int=_Number, parse_float=_Number, parse_constant=_refuse_constant)


def _asked(given: Mapping[str, Any]) -> Asked:
    for field in ("id", "text"):
        if field not in given:
            raise _Refused("is missing", field)
    if not isinstance(given["id"], _IDS):
        raise _Refused(f"must be a string or a number, and is {_type(given['id'])}", "id")
    if not isinstance(given["text"], str):
        raise _Refused(f"must be a string, and is {_type(given['text'])}", "text")
    names = _names(given["names"]) if "names" in given else _NO_NAMES
    return Asked(_id_json(given["id"]), given["text"], names)


def _names(given: object) -> frozenset[str]:
    if not isinstance(given, list):
        raise _Refused(f"must be a list of strings, and is {_type(given)}", "names")
    for name in given:
        if not isinstance(name, str):
            raise _Refused(f"must be a list of strings, and has {_type(name)} in it", "names")
    return frozenset(given)


def _id_json(given: str | _Number) -> str:
    return given.raw if isinstance(given, _Number) else encode_basestring(given)


def _escaped(id_json: str) -> str:
    return json.dumps(json.loads(id_json)) if id_json.startswith('"') else id_json


def _error(error: Mapping[str, Any], as_json: Callable[[str], str]) -> str:
    correction = error["correction"]
    suggestions = ", ".join([as_json(each["text"]) for each in error["suggestions"]])
    return (
        f'{{"start": {error["start"]}, "end": {error["end"]}, "text": {as_json(error["text"])},'
        f' "kind": "{error["kind"]}",'
        f' "correction": {"null" if correction is None else as_json(correction)},'
        f' "suggestions": [{suggestions}], "confidence": {error["confidence"]},'
        f' "applied": {"true" if error["applied"] else "false"}}}'
    )


def _type(value: object) -> str:
    if value is None:
        return "null"
    return _TYPES.get(type(value), "a number")
