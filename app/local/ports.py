"""Free ports on the loopback address."""

import socket

from app.local.errors import LocalError

HOST = "127.0.0.1"


def chosen(wanted: str | None, variable: str) -> int:
    """The port asked for, or else one that is free.

    Nothing keeps the port until its server binds it. The kernel hands out such ports in turn, so
    that another program gets the same one in between is unlikely; the server would say so.

    Args:
        wanted: a number as text; empty or None leaves the choice to the kernel.
        variable: what the number was set by, for the message.

    Raises:
        LocalError: it is not a port, or somebody uses it.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(wanted or 0)))
        except (ValueError, OverflowError) as exc:
            raise LocalError(f"{variable} must be a port number, not {wanted!r}.") from exc
        except OSError as exc:
            raise LocalError(f"Port {wanted} ({variable}) cannot be used: {exc.strerror}.") from exc
        return int(probe.getsockname()[1])
