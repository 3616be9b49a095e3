"""A Redis for peers, of the same program as ours."""

from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from app.local import binaries, places
from app.local.accounts import Account
from app.local.process import ProcessSpec

MESSAGES_DB, RESULTS_DB, STATE_DB = 0, 1, 2


class ScratchRedis:
    """A Redis that writes nothing to disk and forgets everything when it ends.

    Attributes:
        spec: how a supervisor runs it.
    """

    def __init__(self, home: Path) -> None:
        account = Account.for_servers()
        data = places.data_directory(home / "redis", account)
        self._socket = places.socket_directory(home / "run", account) / "redis.sock"
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(data),
            "save": "",
            "appendonly": "no",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        self.spec = ProcessSpec(
            name="redis",
            argv=(str(binaries.redis_server(account)), *options),
            account=account,
            ready=self._answers,
        )
        self._directories = (data, self._socket.parent)
        self._asking = self.client(STATE_DB)

    def url(self, db: int) -> str:
        """As redis-py spells it."""
        return f"unix://{self._socket}?db={db}"

    def celery_url(self, db: int) -> str:
        """As Celery does."""
        return f"redis+socket://{self._socket}?virtual_host={db}"

    def client(self, db: int) -> Redis:
        """A client of its own."""
        return Redis.from_url(self.url(db))

    def has(self, key: str) -> bool:
        """Whether somebody has left a sign; may be asked at any time."""
        try:
            return bool(self._asking.exists(key))
        except RedisError:
            return False

    def remove(self) -> None:
        """Delete its directories. It must have been stopped."""
        self._asking.close()
        for each in self._directories:
            places.remove(each)

    def _answers(self) -> bool:
        try:
            return bool(self._asking.ping())
        except RedisError:
            return False
