"""Where a model's judge gets its account and its gate from."""

from redis import Redis

from app.clients.llm import gate
from app.clients.llm.account import MemoryAccount
from app.clients.llm.gate import Limits, MemoryGate
from app.clients.llm.judge import LlmJudge
from app.clients.llm.postgres_account import PostgresAccount
from app.clients.llm.redis_gate import RedisGate
from app.llm_settings import LlmSettings
from app.unit_of_work import UnitsOfWork


def shared(settings: LlmSettings, uow: UnitsOfWork, redis: Redis) -> LlmJudge:
    """One of many workers: what is asked is accounted for in Postgres, and all go through one gate in Redis."""
    return LlmJudge(
        settings,
        PostgresAccount(uow, settings.budget_micros),
        RedisGate(redis, gate.name_of(settings), Limits.of(settings)),
    )


def alone(settings: LlmSettings) -> LlmJudge:
    """For a process that is by itself, such as a command; it forgets everything when it ends."""
    return LlmJudge(
        settings,
        MemoryAccount(settings.budget_micros),
        MemoryGate(Limits.of(settings)),
    )
