"""Named arrays as one run of bytes that can be used where it lies, on disk or in memory.

    magic | checksum of all behind it | length of the description | description | arrays, aligned

The description is JSON: what the arrays were made from, and where each begins.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

_MAGIC = b"HuleEduA"
_HEAD = struct.Struct("<8sI")  # magic, CRC-32 of all that follows it
_LENGTH = struct.Struct("<I")  # of the description
_DESCRIBED_FROM = _HEAD.size + _LENGTH.size
_ALIGNED = 64
_CHECKED_AT_ONCE = 1 << 20

Buffer = Any  # bytes or a memory map; both are sliced to bytes


class DamagedImageError(ValueError):
    """These bytes are no image of arrays, or not the one that was asked for."""


def pack(made_from: str, arrays: Mapping[str, np.ndarray], texts: Mapping[str, str]) -> bytes:
    """Put arrays and short texts one behind the other.

    Args:
        made_from: what tells this image from others, as given to `unpack`.
        arrays: of one dimension and fixed item size, in the byte order in which they are read.
        texts: kept in the description.
    """
    places: dict[str, tuple[str, int, int]] = {}
    pieces: list[bytes] = []
    at = 0
    for name, array in arrays.items():
        content = np.ascontiguousarray(array).tobytes()
        places[name] = (array.dtype.str, at, array.size)
        padded = content + bytes(-len(content) % _ALIGNED)
        pieces.append(padded)
        at += len(padded)
    about = {"made_from": made_from, "arrays": places, "texts": dict(texts)}
    description = json.dumps(about).encode()
    description += b" " * (-(_DESCRIBED_FROM + len(description)) % _ALIGNED)
    body = b"".join((_LENGTH.pack(len(description)), description, *pieces))
    return _HEAD.pack(_MAGIC, zlib.crc32(body)) + body


def unpack(buffer: Buffer, made_from: str) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The arrays, as views of the buffer, and the texts.

    All bytes are checked: an index is some megabytes, whose checksum takes milliseconds, and an
    undetected hole in one would be a wrong word in somebody's essay.

    Raises:
        DamagedImageError: cut short, altered, foreign, or made from something else.
    """
    if len(buffer) < _DESCRIBED_FROM:
        raise DamagedImageError("It is too short.")
    magic, checksum = _HEAD.unpack(buffer[: _HEAD.size])
    if magic != _MAGIC:
        raise DamagedImageError("It is another kind of file.")
    if _checksum(buffer) != checksum:
        raise DamagedImageError("Its checksum is wrong.")
    (length,) = _LENGTH.unpack(buffer[_HEAD.size : _DESCRIBED_FROM])
    start = _DESCRIBED_FROM + length
    about = json.loads(buffer[_DESCRIBED_FROM:start])
    if about["made_from"] != made_from:
        raise DamagedImageError("It was made from something else.")
    arrays = {
        name: np.frombuffer(buffer, np.dtype(dtype), count, start + at)
        for name, (dtype, at, count) in about["arrays"].items()
    }
    return arrays, about["texts"]


def _checksum(buffer: Buffer) -> int:
    checksum = 0
    for at in range(_HEAD.size, len(buffer), _CHECKED_AT_ONCE):
        checksum = zlib.crc32(buffer[at : at + _CHECKED_AT_ONCE], checksum)
    return checksum
