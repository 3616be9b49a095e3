"""A model's provider on this machine: it speaks both protocols, and does what a test tells it to."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

GIVES_UP_WAITING_S = 60.0
KEY = "sk-test-3f1b9c"
_ESSAY = r"^<<<{0} essay (\w{{16}})\n(.*)\n>>>{0} essay \1$"


@dataclass(frozen=True)
class Asked:
    """One request, as the provider sees it."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def is_anthropic(self) -> bool:
        """Which protocol it speaks."""
        return self.path.endswith("/messages")

    @property
    def system(self) -> str:
        """What the model is told to do."""
        return self.body["system"] if self.is_anthropic else self.body["messages"][0]["content"]

    @property
    def user(self) -> str:
        """What it is shown."""
        return str(self.body["messages"][-1]["content"])

    @property
    def essays(self) -> tuple[str, str]:
        """The two, as a reader of the markers finds them."""
        first, second = (
            re.findall(_ESSAY.format(which), self.user, re.M | re.S)[0][1]
            for which in ("first", "second")
        )
        return first, second

    @property
    def outside(self) -> str:
        """All that is told to the model and not between markers."""
        [mark] = {mark for mark, _ in re.findall(_ESSAY.format("first"), self.user, re.M | re.S)}
        between = rf"^<<<([\w ]+) {mark}\n.*?\n>>>\1 {mark}$"
        return self.system + re.sub(between, "", self.user, flags=re.M | re.S)


@dataclass(frozen=True)
class Sent:
    """What the provider sends back; None hangs up without a word."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Behaviour = Callable[[Asked, "ModelServer"], Sent | None]


class ModelServer:
    """The provider.

    Attributes:
        asked: every request so far.
        script: what it does with the next ones, in turn.
        otherwise: what it does with all others.
        released: set, it lets go of whoever it keeps waiting.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.script: deque[Behaviour] = deque()
        self.otherwise: Behaviour = says("first")
        self.released = Event()
        self.is_waited_for = Event()
        self.at_once = self.most_at_once = 0
        self._lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def then(self, *behaviours: Behaviour) -> None:
        """Do these with the next requests."""
        self.script.extend(behaviours)

    def start(self) -> None:
        """Take requests."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more, and let go of everybody."""
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def handle(self, asked: Asked) -> Sent | None:
        """Do what comes next."""
        with self._lock:
            self.asked.append(asked)
            behaviour = self.script.popleft() if self.script else self.otherwise
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return behaviour(asked, self)
        finally:
            with self._lock:
                self.at_once -= 1


@contextmanager
def running() -> Iterator[ModelServer]:
    """A provider for as long as the block lasts."""
    server = ModelServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def says(better: str, *, confidence: float = 0.8, reason: str = "Clearer.") -> Behaviour:
    """Prefer one of the two, whatever they are."""
    return lambda asked, _: answered(
        asked, {"better": better, "confidence": confidence, "reason": reason}
    )


def prefers(worth: Callable[[str], float]) -> Behaviour:
    """Prefer the essay that is worth more."""

    def judge(asked: Asked, _: ModelServer) -> Sent:
        first, second = asked.essays
        better = "first" if worth(first) >= worth(second) else "second"
        return answered(asked, {"better": better, "confidence": 0.9, "reason": "Worth more."})

    return judge


def decides(choose: Callable[[str, str], str]) -> Behaviour:
    """Let the test say which, seeing both."""
    return lambda asked, _: answered(
        asked, {"better": choose(*asked.essays), "confidence": 0.7, "reason": "So it is."}
    )


def obeys(word: str, otherwise: Behaviour) -> Behaviour:
    """Believe whatever it is told outside of the markers: there, a word decides for the second essay."""

    def judge(asked: Asked, server: ModelServer) -> Sent | None:
        if word in asked.outside:
            return answered(asked, {"better": "second", "confidence": 1.0, "reason": word})
        return otherwise(asked, server)

    return judge


def answers(arguments: Any, **more: Any) -> Behaviour:
    """Answer with this, be it an answer or not."""
    return lambda asked, _: answered(asked, arguments, **more)


def sends(status: int, body: Any = None, **headers: str) -> Behaviour:
    """Send just this; `retry_after` is the header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _, __: Sent(status, body, named)


def cuts_short(asked: Asked, _: ModelServer) -> Sent:
    """Stop in the middle of the answer, because there may be no more."""
    cut = '{"better": "first", "confi'
    if asked.is_anthropic:
        return answered(asked, {}, stop="max_tokens")
    return answered(asked, cut, stop="length")


def declines(asked: Asked, _: ModelServer) -> Sent:
    """Will not."""
    if asked.is_anthropic:
        return answered(asked, None, stop="refusal")
    body = {
        "choices": [
            {"finish_reason": "stop", "message": {"content": None, "refusal": "I cannot."}}
        ],
        "usage": {"prompt_tokens": 500, "completion_tokens": 10},
    }
    return Sent(200, body)


def tears(asked: Asked, server: ModelServer) -> Sent:
    """Send half of a body, and say that is all."""
    whole = says("first")(asked, server)
    assert whole is not None
    return Sent(200, json.dumps(whole.body)[:60])


def keeps_waiting(_: Asked, server: ModelServer) -> None:
    """Say nothing until it is let go."""
    server.is_waited_for.set()
    server.released.wait(GIVES_UP_WAITING_S)


def answers_late(asked: Asked, server: ModelServer) -> Sent | None:
    """Say nothing until it is let go, and then answer."""
    keeps_waiting(asked, server)
    return says("first")(asked, server)


def hangs_up(_: Asked, __: ModelServer) -> None:
    """Break the connection."""


def answered(
    asked: Asked,
    arguments: Any,
    *,
    stop: str | None = None,
    usage: tuple[int, int] | None = (1000, 50),
) -> Sent:
    """An answer in the protocol it was asked in."""
    if asked.is_anthropic:
        block = {"type": "tool_use", "id": "t1", "name": "verdict", "input": arguments}
        counted = usage and {"input_tokens": usage[0], "output_tokens": usage[1]}
        content = [] if arguments is None else [block]
        body = {"content": content, "stop_reason": stop or "tool_use", "usage": counted}
        return Sent(200, body)
    text = arguments if isinstance(arguments, str) or arguments is None else json.dumps(arguments)
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if "tools" in asked.body:
        function = {"name": "verdict", "arguments": text}
        message = {"content": None, "tool_calls": [{"type": "function", "function": function}]}
    counted = usage and {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
    choice = {"index": 0, "finish_reason": stop or "stop", "message": message}
    return Sent(200, {"choices": [choice], "usage": counted})


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            sent = server.handle(Asked(self.path, headers, body))
            if sent is None:
                self.close_connection = True
                return
            raw = sent.body if isinstance(sent.body, str) else json.dumps(sent.body)
            # Whoever asked may have gone.
            with suppress(ConnectionError):
                self.send_response(sent.status)
                for name, value in sent.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw.encode())))
                self.end_headers()
                self.wfile.write(raw.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler
