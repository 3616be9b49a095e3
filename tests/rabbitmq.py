"""RabbitMQ out of the machine's package, as a server of the tests' own: every port, file and cookie is theirs.

HuleEdu does not bring RabbitMQ, so this is no part of `app.local`; it is made in the same style. A RabbitMQ that the
machine may run as a service is neither used nor noticed.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import amqp

from app.local import places, ports
from app.local.accounts import Account
from app.local.errors import ProgramNotFound
from app.local.process import Process, ProcessSpec

# What Debian calls `rabbitmq-server` on PATH insists on being root, and then on the system's own files.
PROGRAMS = Path("/usr/lib/rabbitmq/bin")
NODE = "tests@localhost"
CONNECT_TIMEOUT_S = 5.0
ASK_TIMEOUT_S = 30.0
# A node counts a quorum queue's messages every few seconds; its leader knows at any time.
COUNT = """
[begin
    {ok, {_, N}, _} = ra:leader_query(amqqueue:get_pid(Q), fun rabbit_fifo:query_messages_total/1),
    io:format("~s ~b~n", [element(4, amqqueue:get_name(Q)), N])
end || Q <- rabbit_amqqueue:list(), amqqueue:get_type(Q) =:= rabbit_quorum_queue], ok.
"""


def is_installed() -> bool:
    """Whether the machine has RabbitMQ."""
    return (PROGRAMS / "rabbitmq-server").exists() and shutil.which("epmd") is not None


class RabbitMQ:
    """A RabbitMQ node of our own, which only this machine can reach.

    Args:
        data: where the node keeps its messages; made if missing.
        log: where the server writes; beside `data` if not given.

    Raises:
        ProgramNotFound: it is not installed.
    """

    def __init__(self, data: Path, *, log: Path | None = None) -> None:
        if not is_installed():
            raise ProgramNotFound(
                "RabbitMQ was not found: `apt-get install rabbitmq-server` installs it."
            )
        self.account = Account.for_servers()
        self.data = places.data_directory(data, self.account)
        self.port, self._node_port, self._names_port = (ports.chosen(None, "") for _ in range(3))
        log = log or data.parent / f"{data.name}.log"
        self._names = Process(self._names_spec(), log.with_suffix(".epmd.log"))
        self._process = Process(self._spec(), log)

    @property
    def spec(self) -> ProcessSpec:
        """How a supervisor runs the server."""
        return self._process.spec

    @property
    def pid(self) -> int | None:
        """The server's process while `start` runs it."""
        return self._process.pid

    @property
    def url(self) -> str:
        """The broker's URL as Celery spells it."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start the node and wait until it answers.

        Raises:
            NotReady: it ended, or did not answer in time; quotes the log.
        """
        self._process.start()
        self._process.wait_ready()

    def stop(self) -> None:
        """End the node, with all messages on disk."""
        self._process.stop()

    def kill(self) -> None:
        """SIGKILL the node, once it knows its own queues."""
        self.remember_queues()
        self._process.kill()

    def remove(self) -> None:
        """Delete the node's files. It must have been stopped."""
        self._names.kill()
        places.remove(self.data)

    def delete_data(self) -> None:
        """Forget every queue and message. The node must have been killed."""
        shutil.rmtree(self.data / "mnesia", ignore_errors=True)

    def waiting(self, queue: str) -> int:
        """How many messages wait in a queue for a worker; 0 if there is no such queue."""
        with closing(self._connection()) as connection, suppress(amqp.NotFound):
            return int(connection.channel().queue_declare(queue, passive=True).message_count)
        return 0

    def purge(self) -> None:
        """Forget what waits in the queues."""
        with closing(self._connection()) as connection:
            for queue in self.messages():
                connection.channel().queue_purge(queue)

    def messages(self) -> dict[str, int]:
        """How many messages each quorum queue holds, those included that a worker has and has not acknowledged."""
        said = map(str.split, self._ask("eval", COUNT).splitlines())
        return {words[0]: int(words[1]) for words in said if len(words) == 2}

    def remember_queues(self) -> None:
        """Have the names of the queues on disk, which the node itself does only now and then.

        A 3.10 node that is killed within seconds of a quorum queue's very first declaration does not know its leader
        afterwards, and takes nothing more for it.
        """
        with suppress(subprocess.SubprocessError):  # it is down already, or paused
            self._ask("eval", "[dets:sync(T) || T <- dets:all()], ok.", within_s=5.0)

    def _ask(self, *words: str, within_s: float = ASK_TIMEOUT_S) -> str:
        done = subprocess.run(
            [str(PROGRAMS / "rabbitmqctl"), "--quiet", *words],
            env=self._env(),
            cwd=self.data,
            user=self.account.uid,
            group=self.account.gid,
            extra_groups=[] if self.account.switched else None,
            capture_output=True,
            text=True,
            check=True,
            timeout=within_s,
        )
        return done.stdout

    def _env(self) -> dict[str, str]:
        def nothing(name: str) -> str:
            return str(self.data / name)  # there is no such file

        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.data),  # with the cookie
            "ERL_EPMD_PORT": str(self._names_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._node_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_MNESIA_BASE": str(self.data / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.data / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": nothing("rabbitmq"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": nothing("advanced"),
            "RABBITMQ_CONF_ENV_FILE": nothing("environment"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": nothing("plugins"),
        }

    def _names_spec(self) -> ProcessSpec:
        # Erlang nodes find each other by it. A node starts one as a daemon where it meets none, which would outlive us.
        return ProcessSpec(
            name="epmd",
            argv=(shutil.which("epmd") or "epmd",),
            env=self._env(),
            account=self.account,
        )

    def _spec(self) -> ProcessSpec:
        return ProcessSpec(
            name="rabbitmq",
            argv=(str(PROGRAMS / "rabbitmq-server"),),
            env=self._env(),
            cwd=self.data,
            account=self.account,
            before=self._names.start,
            ready=self._answers,
            ready_timeout_s=90.0,
            stop_timeout_s=30.0,
        )

    def _answers(self) -> bool:
        with suppress(OSError, amqp.AMQPError):
            self._connection().close()
            return True
        return False

    def _connection(self) -> amqp.Connection:
        connection = amqp.Connection(
            f"127.0.0.1:{self.port}",
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=CONNECT_TIMEOUT_S,
        )
        try:
            connection.connect()
        except (OSError, amqp.AMQPError):
            connection.collect()
            raise
        return connection


@contextmanager
def running(data: Path) -> Iterator[RabbitMQ]:
    """A node, for as long as the block lasts."""
    server = RabbitMQ(data)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        server.remove()
