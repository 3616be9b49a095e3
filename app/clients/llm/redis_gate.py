"""The gate in Redis, where all workers find the same one. With Redis down everybody is let through."""

from collections.abc import Callable
from math import inf
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError

from app.clients.llm.gate import MOST_FAULTS, SHUT_S, Limits

log = structlog.get_logger(__name__)

KEPT_S = 3600

# Redis before 7 lets nobody write who has asked for the time, unless it is told to replicate what was written.
_BEGIN = """
if redis.replicate_commands then redis.replicate_commands() end
local t = redis.call('TIME')
local now = tonumber(ARGV[1]) or (t[1] * 1000 + math.floor(t[2] / 1000))
local function number(name, otherwise) return tonumber(redis.call('HGET', KEYS[1], name)) or otherwise end
local function keep(...)
    redis.call('HSET', KEYS[1], ...)
    redis.call('EXPIRE', KEYS[1], tonumber(ARGV[2]))
end
local function text(x) return string.format('%.6f', x) end
"""

# Times are in milliseconds. A gate that nobody used for an hour is as good as new.
_ENTER = (
    _BEGIN
    + """
local tokens, faults_most, trial_ms = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local request_rate, request_most = tonumber(ARGV[6]), tonumber(ARGV[7])
local token_rate, token_most = tonumber(ARGV[8]), tonumber(ARGV[9])
local is_broken = number('faults', 0) >= faults_most
local till = number('paused_until', 0)
if is_broken then till = math.max(till, number('shut_until', 0)) end
if till > now then return text(till - now) end
local passed = math.max(0, now - number('filled_at', now))
local requests = math.min(request_most, number('requests', request_most) + passed * request_rate)
local wait = math.max(0, (1 - requests) / request_rate)
local left = number('tokens', token_most)
if token_rate > 0 then
    left = math.min(token_most, left + passed * token_rate)
    wait = math.max(wait, (math.min(tokens, token_most) - left) / token_rate)
end
if wait > 0 then
    keep('filled_at', now, 'requests', text(requests), 'tokens', text(left))
    return text(wait)
end
keep('filled_at', now, 'requests', text(requests - 1), 'tokens', text(left - tokens))
if is_broken then keep('shut_until', now + trial_ms) end
return '0'
"""
)

_FAILED = (
    _BEGIN
    + """
local faults = redis.call('HINCRBY', KEYS[1], 'faults', 1)
if faults >= tonumber(ARGV[3]) then keep('shut_until', now + tonumber(ARGV[4])) end
redis.call('EXPIRE', KEYS[1], tonumber(ARGV[2]))
"""
)

_PAUSE = (
    _BEGIN
    + """
local till = math.max(number('paused_until', 0), now + tonumber(ARGV[3]))
keep('paused_until', till)
redis.call('EXPIRE', KEYS[1], math.max(tonumber(ARGV[2]), math.ceil((till - now) / 1000)))
"""
)


class RedisGate:
    """The real `Gate`.

    Args:
        name: of the gate; whoever knows it goes through the same one.
        clock: seconds; None is the clock of Redis, which all workers share.
    """

    def __init__(
        self, client: Redis, name: str, limits: Limits, clock: Callable[[], float] | None = None
    ) -> None:
        self._key = f"llm-gate:{name}"
        self._client = client
        self._limits = limits
        self._clock = clock
        self._enter = client.register_script(_ENTER)
        self._failed = client.register_script(_FAILED)
        self._pause = client.register_script(_PAUSE)

    def enter(self, tokens: int) -> float:
        """See the port."""
        limits = self._limits
        has_token_limit = limits.tokens_per_s < inf
        wait_ms = self._run(
            self._enter,
            tokens,
            MOST_FAULTS,
            round(limits.trial_s * 1000),
            limits.requests_per_s / 1000,
            limits.most_requests,
            limits.tokens_per_s / 1000 if has_token_limit else 0,
            limits.most_tokens if has_token_limit else 0,
        )
        return float(wait_ms or 0) / 1000

    def answered(self) -> None:
        """See the port."""
        try:
            self._client.hdel(self._key, "faults")
        except RedisError:
            log.warning("llm_gate_unreachable")

    def failed(self) -> None:
        """See the port."""
        self._run(self._failed, MOST_FAULTS, round(SHUT_S * 1000))

    def pause(self, seconds: float) -> None:
        """See the port."""
        self._run(self._pause, round(seconds * 1000))

    def _run(self, script: Any, *args: float) -> Any:
        now = "" if self._clock is None else round(self._clock() * 1000)
        try:
            return script(keys=[self._key], args=[now, KEPT_S, *args])
        except RedisError:
            log.warning("llm_gate_unreachable")
            return None
