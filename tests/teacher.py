"""A teacher who does not give up: requests are sent again, under the same key, until somebody answers."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx

from tests.factories import a_registration

PASSWORD = "correct horse"
PATIENCE_S = 120.0
PAUSE_S = 0.1
TERMINAL = ("completed_successfully", "completed_with_failures", "failed", "cancelled")
NOT_NOW = {
    httpx.codes.TOO_MANY_REQUESTS,
    httpx.codes.BAD_GATEWAY,
    httpx.codes.SERVICE_UNAVAILABLE,
    httpx.codes.GATEWAY_TIMEOUT,
}
HELD = "/problems/idempotency-in-progress"


class Refused(Exception):
    """The API answered with a problem; the message says which."""

    def __init__(self, response: httpx.Response) -> None:
        request = response.request
        super().__init__(f"{request.method} {request.url.path}: {response.text}")
        self.status = response.status_code
        self.type = str(response.json().get("type", "")) if response.content else ""


class NotThere(Refused):
    """There is no such thing, or no longer."""


class Teacher:
    """Somebody with an account, over HTTP.

    Args:
        url: of the API, without `/v1`.
        email: an account's, whose password is `PASSWORD`.
        when_held: told that a key is held by a request whose web process may have died.
    """

    def __init__(
        self, url: str, email: str, *, when_held: Callable[[], None] = lambda: None
    ) -> None:
        self.email = email
        self._when_held = when_held
        self._http = httpx.Client(base_url=url, timeout=20.0, trust_env=False)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    # -- signing in

    def signs_in(self) -> None:
        """Get a token and a cookie."""
        login = {"email": self.email, "password": PASSWORD}
        token = self._until_answered("POST", "/v1/auth/login", json=login)
        self._http.headers["Authorization"] = f"Bearer {token.json()['access_token']}"

    def stays_signed_in(self) -> None:
        """Exchange the cookie for another one."""
        headers = {"X-Requested-With": "huleedu"}
        self._until_answered("POST", "/v1/auth/refresh", headers=headers)

    def signs_out(self) -> None:
        """End the session."""
        self._until_answered("POST", "/v1/auth/logout", headers={"X-Requested-With": "huleedu"})

    # -- batches

    def registers(self, essays: int, **more: object) -> str:
        """Register a batch; its id."""
        answer = self.asks_once("/v1/batches/register", json=a_registration(essays, **more))
        return str(answer["batch_id"])

    def hands_in(self, batch: str, texts: Mapping[str, str | bytes]) -> list[dict[str, Any]]:
        """Hand in a file per text, file name → text; a row for each."""
        parts = [
            ("files", (name, text.encode() if isinstance(text, str) else text))
            for name, text in texts.items()
        ]
        return list(self.asks_once(f"/v1/batches/{batch}/files", files=parts)["items"])

    def starts(self, batch: str, pipeline: str = "all") -> str:
        """Start a pipeline; the run."""
        wanted = {"requested_pipeline": pipeline}
        return str(self.asks_once(f"/v1/batches/{batch}/pipelines", json=wanted)["run_id"])

    def retries(self, batch: str) -> str:
        """Run again what has no result; the run."""
        return str(self.asks_once(f"/v1/batches/{batch}/retry")["run_id"])

    def cancels(self, batch: str) -> None:
        """Stop the run; that it has ended by itself is as good."""
        try:
            self.asks_once(f"/v1/batches/{batch}/cancel")
        except Refused as exc:
            if exc.status != httpx.codes.CONFLICT:
                raise

    def status(self, batch: str) -> dict[str, Any]:
        """Where a batch stands."""
        return self.gets(f"/v1/batches/{batch}/status")

    def removes(self, file: str) -> None:
        """Remove a file; that it is gone already is as good."""
        self._is_gone(file)

    def erases(self, batch: str) -> None:
        """Erase a batch; that it is gone already is as good."""
        self._is_gone(f"/v1/batches/{batch}")

    def reads_notifications(self) -> list[dict[str, Any]]:
        """See every notification, and mark them read."""
        seen = self.gets("/v1/notifications")
        self.asks("POST", "/v1/notifications/read", json={"up_to": seen["last"]})
        return list(seen["items"])

    def batches(self) -> list[str]:
        """Every batch there is."""
        return [row["batch_id"] for row in self.gets("/v1/batches")["items"]]

    def waits_until(
        self, batch: str, *statuses: str, meanwhile: Callable[[], Any] = lambda: None
    ) -> dict[str, Any]:
        """Look at a batch until it has one of some states.

        Args:
            meanwhile: called between two looks.
        """
        until = monotonic() + PATIENCE_S
        while (status := self.status(batch))["status"] not in statuses:
            assert monotonic() < until, (
                f"{batch} is {status['status']}, not {' or '.join(statuses)}"
            )
            meanwhile()
            sleep(PAUSE_S)
        return status

    # -- whatever else

    def gets(self, path: str, **request: Any) -> dict[str, Any]:
        """The body of an answer."""
        return dict(self._good("GET", path, **request).json())

    def asks(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """Change something that may be changed twice; the body of the answer."""
        answer = self._good(method, path, **request)
        return dict(answer.json()) if answer.content else {}

    def asks_once(self, path: str, **request: Any) -> dict[str, Any]:
        """Do something that must not be done twice; the body of the answer."""
        headers = {"Idempotency-Key": uuid4().hex}
        return dict(self._good("POST", path, headers=headers, **request).json())

    def _is_gone(self, path: str) -> None:
        with suppress(NotThere):
            self.asks("DELETE", path)

    def _good(self, method: str, path: str, **request: Any) -> httpx.Response:
        answer = self._until_answered(method, path, **request)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self.signs_in()
            answer = self._until_answered(method, path, **request)
        if answer.is_error:
            raise (NotThere if answer.status_code == httpx.codes.NOT_FOUND else Refused)(answer)
        return answer

    def _until_answered(self, method: str, path: str, **request: Any) -> httpx.Response:
        until = monotonic() + PATIENCE_S
        while True:
            try:
                answer = self._http.request(method, path, **request)
            except httpx.TransportError as exc:
                assert monotonic() < until, f"{method} {path}: nobody answers"
                self._not_answered(type(exc).__name__)
            else:
                if answer.status_code not in NOT_NOW and not self._is_held(answer):
                    return answer
                assert monotonic() < until, f"{method} {path}: {answer.text}"
                self._not_answered(str(answer.status_code))
            sleep(PAUSE_S)

    def _not_answered(self, why: str) -> None:
        """Nobody knows whether the request was done; it is sent again."""

    def _is_held(self, answer: httpx.Response) -> bool:
        if answer.status_code != httpx.codes.CONFLICT or answer.json().get("type") != HELD:
            return False
        self._when_held()
        return True
