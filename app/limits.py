"""How often one may ask: per person, or per address for who has not signed in; counted in Redis for all processes.

With Redis down nobody is held up, and `huleedu_rate_limits_unchecked_total` grows: that is what to raise an alarm on.
"""

from collections.abc import Callable
from time import monotonic, time
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, g, request
from flask_limiter import Limiter, RequestLimit
from limits import RateLimitItem
from limits.strategies import STRATEGIES, SlidingWindowCounterRateLimiter
from limits.util import WindowStats

from app import auth, metrics
from app.errors import NotSignedIn
from app.settings import Settings

log = structlog.get_logger(__name__)

LOGIN_ENDPOINT = "auth.login"
UPLOAD_ENDPOINT = "essays.hand_in"
LEFT_ALONE_S = 5.0
_SOON_OR_NOT_AT_ALL: dict[str, Any] = {"socket_timeout": 1.0, "socket_connect_timeout": 0.5}
_WAIT = {429, 503}

T = TypeVar("T")


class FailOpen(SlidingWindowCounterRateLimiter):
    """Counts while its storage answers, and lets everybody through while it does not."""

    def __init__(self, storage: Any) -> None:
        super().__init__(storage)
        self._down_until = 0.0

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Whether there was room for one more."""
        return self._tried(lambda: super(FailOpen, self).hit(item, *identifiers, cost=cost), True)

    def test(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Whether there is room for one more."""
        return self._tried(lambda: super(FailOpen, self).test(item, *identifiers, cost=cost), True)

    def get_window_stats(self, item: RateLimitItem, *identifiers: str) -> WindowStats:
        """When there is more room, and how much there is now."""
        nothing_counted = WindowStats(time() + item.get_expiry(), item.amount)
        return self._tried(
            lambda: super(FailOpen, self).get_window_stats(item, *identifiers), nothing_counted
        )

    def _tried(self, ask: Callable[[], T], otherwise: T) -> T:
        if monotonic() < self._down_until:
            metrics.LIMITS_UNCHECKED.inc()
            return otherwise
        try:
            return ask()
        except self.storage.base_exceptions:
            # Not asked again for a while: a Redis that hangs would otherwise cost every request a second.
            self._down_until = monotonic() + LEFT_ALONE_S
            metrics.LIMITS_UNCHECKED.inc()
            log.error("rate_limits_unchecked")
            return otherwise


STRATEGIES["fail-open"] = FailOpen


def limit_requests(app: Flask, settings: Settings) -> None:
    """Hold an application to the limits of its settings. To be called when all routes are there."""
    _keep_retry_after_for_refusals(app)
    limiter = Limiter(
        _who,
        app=app,
        enabled=settings.rate_limits,
        application_limits=[settings.rate_limit],
        strategy="fail-open",
        storage_uri=settings.redis_url.replace("unix://", "redis+unix://", 1),
        storage_options=_SOON_OR_NOT_AT_ALL,
        key_prefix="limits",
        headers_enabled=True,
        on_breach=_count,
    )
    # What it decorates refers to it only weakly.
    app.extensions["huleedu.limiter"] = limiter
    limiter.request_filter(_is_not_limited)
    for endpoint, limit, key in (
        (LOGIN_ENDPOINT, settings.login_limit, _address_and_email),
        (UPLOAD_ENDPOINT, settings.upload_limit, _who),
    ):
        view: Any = app.view_functions[endpoint]
        app.view_functions[endpoint] = limiter.limit(limit, key_func=key)(view)


def _is_not_limited() -> bool:
    return not request.path.startswith("/v1/") or request.method == "OPTIONS"


def _who() -> str:
    """The person a token speaks of, if it is one of ours; a token that is none does not get a count of its own."""
    try:
        return f"user:{auth.user_of_request()}"
    except NotSignedIn:
        return f"address:{request.remote_addr}"


def _address_and_email() -> str:
    body = request.get_json(silent=True)
    email = body.get("email") if isinstance(body, dict) else None
    return f"sign-in:{request.remote_addr}:{str(email).strip().lower()[:254]}"


def _count(limit: RequestLimit) -> None:
    metrics.RATE_LIMITED.labels(request.endpoint or "none").inc()
    log.info("rate_limited", limit=str(limit.limit), user_id=str(g.get("user_id", "")))


def _keep_retry_after_for_refusals(app: Flask) -> None:
    @app.after_request
    def tidy(response: Response) -> Response:
        # The extension says it in every answer, where it means nothing.
        if response.status_code not in _WAIT:
            response.headers.pop("Retry-After", None)
        return response
