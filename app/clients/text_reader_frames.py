"""How the reader of documents and its child speak: two lengths, then two runs of bytes."""

import socket
import struct

_LENGTHS = struct.Struct("!II")
_CHUNK_BYTES = 1 << 20


def send(peer: socket.socket, first: bytes, second: bytes) -> None:
    """Send two runs of bytes. Raises as the socket does: `TimeoutError`, `ConnectionError`."""
    peer.sendall(_LENGTHS.pack(len(first), len(second)) + first)
    peer.sendall(second)


def receive(peer: socket.socket) -> tuple[bytes, bytes] | None:
    """Two runs of bytes; None if the other side has closed before the first.

    Raises:
        ConnectionError: it has closed in the middle.
        TimeoutError: as the socket does.
    """
    head = _exactly(peer, _LENGTHS.size)
    if not head:
        return None
    first, second = _LENGTHS.unpack(head)
    # One after the other: a large file is held in memory once.
    whole = _exactly(peer, first), _exactly(peer, second)
    if len(whole[0]) < first or len(whole[1]) < second:
        raise ConnectionResetError("closed in the middle")
    return whole


def _exactly(peer: socket.socket, length: int) -> bytes:
    """So many bytes, or fewer if the other side closes."""
    chunks, left = [], length
    while left and (chunk := peer.recv(min(_CHUNK_BYTES, left))):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)
