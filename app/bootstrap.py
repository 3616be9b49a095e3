"""The only place where real adapters meet the ports."""

from collections.abc import Callable
from functools import cache

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app import clock as clocks
from app import settings as environment
from app import unit_of_work
from app.clients.api_cache import RedisApiCache
from app.clients.event_stream import RedisDoorbell
from app.clients.llm import making
from app.clients.llm.judge import LlmJudge
from app.clients.redis_client import connect
from app.clients.text_reader import ChildTextReader
from app.clients.tickets import RedisTickets
from app.clock import Clock
from app.services.deps import Deps
from app.settings import Settings
from app.unit_of_work import UnitOfWork
from pipelines import catalogue


@cache
def settings() -> Settings:
    """This process's settings."""
    return environment.load()


@cache
def engine() -> Engine:
    """This process's connections to Postgres."""
    return unit_of_work.engine(settings().database_url)


@cache
def current() -> Deps:
    """This process's dependencies, made when first asked for."""
    return assemble(settings(), engine())


@cache
def llm_judge() -> LlmJudge | None:
    """The model that judges essays, as the settings name it; None where none does."""
    llm = settings().llm
    if llm is None:
        return None
    return making.shared(llm, current().uow, connect(settings().redis_url))


def after_fork() -> None:
    """Let a child process open connections of its own and leave its parent's alone."""
    engine().dispose(close=False)


def assemble(settings: Settings, engine: Engine, clock: Clock = clocks.now) -> Deps:
    """Use cases' dependencies over given servers."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    redis = connect(settings.redis_url)
    return Deps(
        uow=_opener(sessions, clock),
        settings=settings,
        clock=clock,
        catalogue=catalogue.load(settings.catalogue_path or catalogue.DEFAULT_PATH),
        doorbell=RedisDoorbell(redis, settings.redis_url),
        cache=RedisApiCache(redis),
        reader=ChildTextReader(settings.read_within_s),
        tickets=RedisTickets(redis),
    )


def _opener(sessions: sessionmaker[Session], clock: Clock) -> Callable[[str], UnitOfWork]:
    return lambda name: UnitOfWork(sessions, name, clock)
