"""Whether a model's provider may be asked now: so many requests a minute, none while it wants none or is broken.

All workers go through one gate. It holds nothing that matters: without it a provider says itself that it is too much.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from math import inf
from threading import Lock
from time import time
from typing import Protocol

from app.llm_settings import LlmSettings

MOST_FAULTS = 5
"""In a row, before nobody is let through."""
SHUT_S = 30.0
"""For how long; then one is let through to see."""
BURST_S = 10.0
"""What was not asked for in so many seconds may be asked for at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a gate is set to.

    Attributes:
        requests_per_s, tokens_per_s: infinite where there is no limit.
        trial_s: how long the one that is let through to see may take; then another is.
    """

    requests_per_s: float
    tokens_per_s: float
    trial_s: float

    @classmethod
    def of(cls, settings: LlmSettings) -> "Limits":
        """Those of the settings."""
        tokens = settings.tokens_per_minute
        return cls(
            settings.requests_per_minute / 60, tokens / 60 if tokens else inf, settings.timeout_s
        )

    @property
    def most_requests(self) -> float:
        """At once."""
        return max(1.0, self.requests_per_s * BURST_S)

    @property
    def most_tokens(self) -> float:
        """At once; a request that has more is let through when nothing else was for a while."""
        return max(1.0, self.tokens_per_s * BURST_S)


class Gate(Protocol):
    """The port."""

    def enter(self, tokens: int) -> float:
        """Go through with a request of so many tokens; or else the seconds after which to come back. Never raises."""
        ...

    def answered(self) -> None:
        """Tell that the provider works. Never raises."""
        ...

    def failed(self) -> None:
        """Tell that something is wrong with it. Never raises."""
        ...

    def pause(self, seconds: float) -> None:
        """Let nobody through for so long. Never raises."""
        ...


class MemoryGate:
    """A gate for one process."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = Lock()
        self._requests, self._tokens = limits.most_requests, limits.most_tokens
        self._filled_at = clock()
        self._paused_until = self._shut_until = -inf
        self._faults = 0

    def enter(self, tokens: int) -> float:
        """See the port."""
        with self._lock:
            now = self._clock()
            is_broken = self._faults >= MOST_FAULTS
            until = max(self._paused_until, self._shut_until if is_broken else -inf)
            if until > now:
                return until - now
            self._fill(now)
            wait_s = self._wait_s(tokens)
            if wait_s > 0:
                return wait_s
            self._requests -= 1
            self._tokens -= tokens
            if is_broken:
                self._shut_until = now + self._limits.trial_s
            return 0.0

    def answered(self) -> None:
        """See the port."""
        with self._lock:
            self._faults = 0

    def failed(self) -> None:
        """See the port."""
        with self._lock:
            self._faults += 1
            if self._faults >= MOST_FAULTS:
                self._shut_until = self._clock() + SHUT_S

    def pause(self, seconds: float) -> None:
        """See the port."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def _fill(self, now: float) -> None:
        passed_s, limits = max(0.0, now - self._filled_at), self._limits
        self._filled_at = now
        self._requests = min(
            limits.most_requests, self._requests + passed_s * limits.requests_per_s
        )
        if limits.tokens_per_s < inf:
            self._tokens = min(limits.most_tokens, self._tokens + passed_s * limits.tokens_per_s)

    def _wait_s(self, tokens: int) -> float:
        limits = self._limits
        requests_s = (1 - self._requests) / limits.requests_per_s
        if limits.tokens_per_s == inf:
            return max(0.0, requests_s)
        return max(
            0.0,
            requests_s,
            (min(tokens, limits.most_tokens) - self._tokens) / limits.tokens_per_s,
        )


def name_of(settings: LlmSettings) -> str:
    """What all workers that ask the same model call their gate; no key and no address can be read from it."""
    about = f"{settings.provider} {settings.url} {settings.model}"
    return sha256(about.encode()).hexdigest()[:16]
