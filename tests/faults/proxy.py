"""Between HuleEdu and PostgreSQL: passes everything on, and can lose the reply to a COMMIT."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app.local.postgres import PORT, SOCKET, USER

CHUNK = 65536
# As psycopg2 sends it: a simple query.
COMMIT = b"Q" + (4 + len(b"COMMIT\0")).to_bytes(4, "big") + b"COMMIT\0"


class Proxy:
    """A socket of its own in front of a server's.

    Args:
        server: the directory with the server's socket.
        here: where the proxy's own is to be; short, for it is part of a socket's name.
        loses: asked at every COMMIT whether its reply is to be lost.
    """

    def __init__(self, server: Path, here: Path, loses: Callable[[], bool]) -> None:
        self.lost = 0
        self._server, self._here, self._loses = server, here, loses
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(here / SOCKET))
        (here / SOCKET).chmod(0o777)
        self._listening.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database behind it."""
        return f"postgresql+psycopg2://{USER}@/{database}?host={self._here}&port={PORT}"

    def close(self) -> None:
        """Let nobody in any more."""
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        with client, server, suppress(OSError):
            server.connect(str(self._server / SOCKET))
            replies = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
            replies.start()
            try:
                while data := client.recv(CHUNK):
                    if data == COMMIT and self._loses():
                        self.lost += 1
                        # What is sent from here on reaches the server, which commits, and nobody hears of it.
                        client.shutdown(socket.SHUT_RDWR)
                        server.sendall(data)
                        replies.join(timeout=5)
                        return
                    server.sendall(data)
            finally:
                _hang_up(server)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                target.sendall(data)
    finally:
        # Also when the source was reset: who waits for its answer has to learn that none comes.
        _hang_up(target)


def _hang_up(end: socket.socket) -> None:
    """Closing alone does not tell the other side while a thread still receives here."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
