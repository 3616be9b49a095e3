"""HuleEdu's API as any client would use it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

import httpx

PATIENCE_S = 60.0


class Refused(Exception):
    """The API answered with a problem; the message says which."""


class ApiClient:
    """A signed-in client of the HTTP API.

    Args:
        url: of the API, without `/v1`.
        email, password: an account's.

    Raises:
        Refused: the account is not let in.
    """

    def __init__(self, url: str, email: str, password: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30.0, trust_env=False)
        token = self._ask("POST", "/v1/auth/login", json={"email": email, "password": password})
        self._http.headers["Authorization"] = f"Bearer {token['access_token']}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    @property
    def headers(self) -> dict[str, str]:
        """What shows who is signed in."""
        return {"Authorization": self._http.headers["Authorization"]}

    def register(self, registration: dict[str, Any]) -> str:
        """Register a batch; its id."""
        answer = self._ask("POST", "/v1/batches/register", json=registration)
        return str(answer["batch_id"])

    def hand_in(self, batch_id: str, files: Iterable[Path]) -> list[dict[str, Any]]:
        """Hand in files; a row for each."""
        parts = [("files", (path.name, path.read_bytes())) for path in files]
        answer = self._ask("POST", f"/v1/batches/{batch_id}/files", files=parts)
        return list(answer["items"])

    def start(self, batch_id: str, pipeline: str, **judging: Any) -> dict[str, Any]:
        """Start a pipeline, essays judged as the catalogue says but for what is given."""
        wanted = {"requested_pipeline": pipeline} | ({"judging": judging} if judging else {})
        return self._ask("POST", f"/v1/batches/{batch_id}/pipelines", json=wanted)

    def status(self, batch_id: str) -> dict[str, Any]:
        """Where a batch stands."""
        return self._ask("GET", f"/v1/batches/{batch_id}/status")

    def results(self, batch_id: str) -> dict[str, Any]:
        """A batch's results."""
        return self._ask("GET", f"/v1/batches/{batch_id}/results")

    def assessment(self, batch_id: str) -> dict[str, Any]:
        """How a batch's essays rank."""
        return self._ask("GET", f"/v1/batches/{batch_id}/assessment")

    def essay(self, batch_id: str, essay_id: str) -> dict[str, Any]:
        """One essay, whole."""
        return self._ask("GET", f"/v1/batches/{batch_id}/essays/{essay_id}")

    def events(self, batch_id: str) -> Iterator[dict[str, Any]]:
        """Every event of a batch, in order."""
        after = 0
        while True:
            page = self._ask("GET", f"/v1/batches/{batch_id}/events", params={"after": after})
            if not page["items"]:
                return
            yield from page["items"]
            after = page["last"]

    def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        until = monotonic() + PATIENCE_S
        response = self._http.request(method, path, **request)
        while _is_passing(method, response) and monotonic() < until:
            sleep(max(1.0, float(response.headers.get("Retry-After", 1))))
            response = self._http.request(method, path, **request)
        if response.is_error:
            raise Refused(f"{method} {path}: {response.status_code} {response.text}")
        return dict(response.json())


def _is_passing(method: str, response: httpx.Response) -> bool:
    """Whether the same request may be answered a moment later, and may be sent twice."""
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return True
    return method == "GET" and response.status_code == httpx.codes.SERVICE_UNAVAILABLE
