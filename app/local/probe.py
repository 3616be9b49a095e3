"""Whether an HTTP server answers."""

import http.client
from collections.abc import Callable

from app.local.ports import HOST

TIMEOUT_S = 2.0


def answers(port: int, path: str) -> Callable[[], bool]:
    """A question to ask a server on the loopback address: does GET of `path` give 200?

    Proxies of the environment are not asked; the server is here.
    """

    def ask() -> bool:
        connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask
