"""gunicorn's settings, for `--config python:app.serving`: sockets are told when their process is about to end.

Read by gunicorn's first process before anything is patched or forked, so of ours only what imports nothing is imported.
"""

import signal
import sys
from threading import Thread
from types import FrameType
from typing import Any

from app import garbage

# How long a request may take to end; sockets end at once. Kept-alive connections get two seconds of it.
graceful_timeout = 5
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Have every socket closed with 1012 as soon as the process is told to stop, and not when its patience ends."""
    garbage.look_seldom()  # no request need wait until all that is loaded has been looked through
    hub = worker.wsgi.extensions["hub"]
    before: Any = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        # A signal comes in the middle of anything, so that nothing here may wait for a lock.
        _elsewhere(hub.close)
        before(number, frame)

    signal.signal(signal.SIGTERM, stop)
    signal.siginterrupt(signal.SIGTERM, False)


def _elsewhere(work: Any) -> None:
    gevent = sys.modules.get("gevent")
    monkey = sys.modules.get("gevent.monkey")
    if gevent is not None and monkey is not None and monkey.is_module_patched("threading"):
        gevent.spawn(work)
    else:
        Thread(target=work, daemon=True).start()
