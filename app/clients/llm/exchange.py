"""One request to a model: what comes of it is a value, whatever happens on the way.

Nothing that a server says is repeated anywhere, neither in a log nor in a reason: it may quote what it was sent.
"""

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cache
from time import monotonic
from typing import Any

import httpx

from app.clients.llm.prompt import Prompt
from app.clients.llm.protocols import Reply, Wire
from app.clock import Clock

ACCOUNT_REFUSED = "judge_account_refused"
REQUEST_REFUSED = "judge_request_refused"

_MOST_BYTES = 1024 * 1024
_LONGEST_WAIT_S = 24 * 3600.0
_ACCOUNT = {401, 402, 403}
_PASSING = {408, 409, 425}
_TOO_MANY, _SERVERS_FAULT = 429, 500
_NO_CREDIT = "insufficient_quota"


@dataclass(frozen=True, slots=True)
class Passing:
    """It may work a little later.

    Attributes:
        why: for operators, in words of our own.
        after_s: when the server wants to be asked again; None if it did not say.
        is_fault: whether something is wrong with the server, rather than that it has too much to do.
        may_cost: whether the server may have done the work, and charge for it.
    """

    why: str
    after_s: float | None = None
    is_fault: bool = True
    may_cost: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """It will not work, however often it is tried."""

    code: str
    reason: str


Came = Reply | Passing | Refused


def client(timeout_s: float) -> httpx.Client:
    """Connections to a provider; no step of a request may take longer."""
    return httpx.Client(
        timeout=timeout_s, headers={"Accept": "application/json"}, verify=_certificates()
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to believe; reading it takes longer than a request on this machine."""
    return httpx.create_ssl_context()


def put(
    prompt: Prompt,
    wire: Wire,
    url: str,
    to: httpx.Client,
    *,
    timeout_s: float,
    clock: Clock,
    passed_s: Callable[[], float] = monotonic,
) -> Came:
    """Ask once.

    Args:
        url: of the provider, as it is in the settings.
        timeout_s: how long it may take until the last byte is there.
    """
    until_s = passed_s() + timeout_s
    try:
        with to.stream(
            "POST", f"{url}{wire.path}", headers=wire.headers, json=wire.body(prompt)
        ) as response:
            raw = bytearray()
            for part in response.iter_bytes():
                raw += part
                if len(raw) > _MOST_BYTES:
                    return Passing("its answer is far too long", may_cost=True)
                if passed_s() > until_s:
                    return Passing("it took too long", may_cost=True)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        return Passing("it cannot be reached")
    except httpx.TimeoutException:
        return Passing("it took too long", may_cost=True)
    except httpx.HTTPError:
        return Passing("the connection broke", may_cost=True)
    return _read(response, bytes(raw), wire, clock)


def _read(response: httpx.Response, raw: bytes, wire: Wire, clock: Clock) -> Came:
    status = response.status_code
    try:
        body: Any = json.loads(raw)
    except ValueError:
        body = None
    if status == httpx.codes.OK:
        try:
            return wire.reply(body)
        except (LookupError, TypeError, AttributeError, ValueError):
            return Reply(None)
    if status in _ACCOUNT or (status == _TOO_MANY and _says(body, _NO_CREDIT)):
        return Refused(
            ACCOUNT_REFUSED, f"The model's provider does not accept the account (status {status})."
        )
    after_s = _after_s(response.headers.get("Retry-After"), clock)
    if status == _TOO_MANY:
        return Passing("it has too much to do", after_s, is_fault=False)
    if status in _PASSING or status >= _SERVERS_FAULT:
        return Passing(f"it answered with status {status}", after_s)
    return Refused(
        REQUEST_REFUSED, f"The model's provider does not take the request (status {status})."
    )


def _says(body: Any, code: str) -> bool:
    error = body.get("error") if isinstance(body, dict) else None
    return isinstance(error, dict) and code in (error.get("code"), error.get("type"))


def _after_s(header: str | None, clock: Clock) -> float | None:
    """Seconds of a Retry-After, which has seconds or a time; None without one that can be read."""
    if header is None:
        return None
    try:
        wait_s = float(header)
    except ValueError:
        try:
            until = parsedate_to_datetime(header)
        except ValueError:
            return None
        wait_s = (until.replace(tzinfo=until.tzinfo or UTC) - clock()).total_seconds()
    return min(max(0.0, wait_s), _LONGEST_WAIT_S) if wait_s == wait_s else None  # noqa: PLR0124 - NaN is a float
