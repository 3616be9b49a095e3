"""The environment, read once, typed and checked. Nothing else in the project reads it."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from environs import Env
from limits import parse_many
from marshmallow import ValidationError, validate

from app import llm_settings
from app.llm_settings import LlmSettings
from pipelines.slices import TARGET_S

MIN_SECRET_BYTES = 32
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides.

    Attributes:
        database_url: SQLAlchemy URL of Postgres (`postgresql+psycopg2://…`).
        broker_url: kombu URL of the broker, Redis or RabbitMQ.
        redis_url: redis-py URL of the doorbell and the API cache.
        result_url: Celery URL of the chord backend, always Redis.
        secret_key: signs tokens; at least 32 bytes.
        service_key: what internal callers present.
        home: where the embedded default keeps its data.
        worker_slots: slices that can be worked on at the same time, where no worker has said how many.
        runs_at_once: how many runs of one user may have work in a queue at once.
        slice_s: how long a slice should take.
        lease_s: how long a claimed unit is held without a sign of life; renewed every third of it.
        redispatch_after_s: how long a dispatched unit may lie unclaimed, with its queue empty, before
            it is sent again.
        redispatch_backlog_s: the same while the queue is not empty; doubled with each dispatch.
        settle_closes_wave: whether the last settle ends the wave at once. Off, the chord body does.
        reconcile_every_s: how often the relay runs the reconciler; 0 switches it off.
        readiness_s: how long a batch may wait for its essays before it goes on without them.
        run_deadline_s: how long a run may take in all.
        access_token_s: how long an access token is good for.
        ws_url: where browsers open their socket; None says at the host that was asked.
        max_sockets: sockets at a time in one process; a gthread web process needs a thread for each.
        comparison_lease_s: how long a person is lent a pair of essays to judge.
        refresh_token_s: how long somebody stays signed in without coming back.
        rate_limits: whether requests are limited at all.
        rate_limit: how often one person, or one address, may ask; `;` between several.
        login_limit: how often one address may try to sign in as one person.
        upload_limit: how often one person may hand in files.
        origins: whose pages may call the API, and open sockets, beside its own.
        trusted_proxies: how many proxies in front are believed about addresses and https.
        max_archive_bytes: how much the files of one archive may have together, unpacked.
        read_within_s: how long reading one file may take.
        llm: the model that judges essays; None where none does.
    """

    database_url: str
    broker_url: str
    redis_url: str
    result_url: str
    secret_key: str = field(repr=False)
    service_key: str = field(repr=False)
    home: Path
    worker_slots: int = 2
    runs_at_once: int = 4
    slice_s: float = TARGET_S
    lease_s: float = 10.0
    redispatch_after_s: float = 5.0
    redispatch_backlog_s: float = 120.0
    settle_closes_wave: bool = True
    reconcile_every_s: float = 1.0
    readiness_s: float = 24 * 3600.0
    run_deadline_s: float = 4 * 3600.0
    access_token_s: int = 900
    refresh_token_s: int = 14 * 24 * 3600
    comparison_lease_s: float = 900.0
    rate_limits: bool = True
    rate_limit: str = "600/minute;60/second"
    login_limit: str = "10/minute"
    upload_limit: str = "120/minute"
    origins: tuple[str, ...] = ()
    trusted_proxies: int = 0
    max_upload_bytes: int = 40 * 1024 * 1024
    max_file_bytes: int = 10 * 1024 * 1024
    max_archive_bytes: int = 100 * 1024 * 1024
    read_within_s: float = 20.0
    ws_url: str | None = None
    max_sockets: int = 240
    catalogue_path: Path | None = None
    log_format: str = "json"
    log_level: str = "INFO"
    llm: LlmSettings | None = None


def celery_redis_url(redis_url: str) -> str:
    """The same Redis as Celery and kombu spell it: a socket's database is its `virtual_host`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    db = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={db}"


def _limits(value: str) -> None:
    try:
        parse_many(value)
    except ValueError as exc:
        raise ValidationError("must be limits such as 600/minute;60/second") from exc


def _origin(value: str) -> str:
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
        raise ValidationError("must be origins such as https://school.example, without a path")
    return f"{parts.scheme}://{parts.netloc}".lower()


def load(env: Env | None = None) -> Settings:
    """Read the settings from the environment.

    Raises:
        environs.EnvValidationError: a value is missing or not what it must be; names the variable.
    """
    env = env or Env()
    redis_url = env.str("REDIS_URL", "redis://127.0.0.1:6379/2")
    key = validate.Length(min=MIN_SECRET_BYTES, error="must be at least 32 characters long")
    positive = validate.Range(min=0, min_inclusive=False)
    database_url = env.str("DATABASE_URL")
    # Plain postgresql:// selects another driver since SQLAlchemy 2.1.
    database_url = database_url.replace("postgresql://", "postgresql+psycopg2://", 1)
    with env.prefixed("HULEEDU_"):
        return Settings(
            database_url=database_url,
            broker_url=Env().str("BROKER_URL", celery_redis_url(redis_url)),
            redis_url=redis_url,
            result_url=env.str("RESULT_URL", celery_redis_url(redis_url)),
            secret_key=env.str("SECRET_KEY", validate=key),
            service_key=env.str("SERVICE_KEY", validate=key),
            home=env.path("HOME", Path.cwd() / ".huleedu"),
            worker_slots=env.int("WORKER_SLOTS", 2, validate=positive),
            runs_at_once=env.int("RUNS_AT_ONCE", 4, validate=positive),
            slice_s=env.float("SLICE_S", TARGET_S, validate=positive),
            lease_s=env.float("LEASE_S", 10.0, validate=positive),
            redispatch_after_s=env.float("REDISPATCH_AFTER_S", 5.0, validate=positive),
            redispatch_backlog_s=env.float("REDISPATCH_BACKLOG_S", 120.0, validate=positive),
            settle_closes_wave=env.bool("SETTLE_CLOSES_WAVE", True),
            reconcile_every_s=env.float("RECONCILE_EVERY_S", 1.0),
            readiness_s=env.float("READINESS_S", 24 * 3600.0, validate=positive),
            run_deadline_s=env.float("RUN_DEADLINE_S", 4 * 3600.0, validate=positive),
            access_token_s=env.int("ACCESS_TOKEN_S", 900, validate=positive),
            refresh_token_s=env.int("REFRESH_TOKEN_S", 14 * 24 * 3600, validate=positive),
            comparison_lease_s=env.float("COMPARISON_LEASE_S", 900.0, validate=positive),
            rate_limits=env.bool("RATE_LIMITS", True),
            rate_limit=env.str("RATE_LIMIT", "600/minute;60/second", validate=_limits),
            login_limit=env.str("LOGIN_LIMIT", "10/minute", validate=_limits),
            upload_limit=env.str("UPLOAD_LIMIT", "120/minute", validate=_limits),
            origins=tuple(env.list("ORIGINS", [], subcast=_origin)),
            trusted_proxies=env.int("TRUSTED_PROXIES", 0, validate=validate.Range(min=0)),
            max_upload_bytes=env.int("MAX_UPLOAD_BYTES", 40 * 1024 * 1024, validate=positive),
            max_file_bytes=env.int("MAX_FILE_BYTES", 10 * 1024 * 1024, validate=positive),
            max_archive_bytes=env.int("MAX_ARCHIVE_BYTES", 100 * 1024 * 1024, validate=positive),
            # A file is held for as long, and a little longer: it is not read again before its reader has given up.
            read_within_s=env.float("READ_WITHIN_S", 20.0, validate=validate.Range(0.1, 45)),
            ws_url=env.str("WS_URL", None),
            max_sockets=env.int("MAX_SOCKETS", 240, validate=positive),
            catalogue_path=env.path("CATALOGUE", None),
            log_format=env.str("LOG_FORMAT", "json", validate=validate.OneOf(["json", "console"])),
            log_level=env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(LOG_LEVELS)),
            llm=llm_settings.load(),
        )
