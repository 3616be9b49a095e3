"""The Celery application: `celery -A tasks.celery_app worker -Q spellcheck -c 4` adds workers to a phase."""

from math import ceil

from celery import Celery, signals
from kombu import Exchange, Queue

from app import bootstrap, garbage
from app import logging as app_logging
from tasks import queues, schedule
from tasks.base import LedgerTask

SHORTEST_VISIBILITY_S = 60
RABBIT_HEARTBEAT_S = 10
# Kept on disk, and by most of a cluster's nodes. A classic queue loses what it holds when its node is killed.
QUORUM = {"x-queue-type": "quorum"}


def make(broker_url: str, result_url: str) -> Celery:
    """A Celery application with the settings that measured best; they cut latency, not correctness."""
    celery = Celery("huleedu", task_cls=LedgerTask)
    is_redis = broker_url.startswith(("redis", "unix"))
    celery.conf.update(
        broker_url=broker_url,
        # The class takes the place of the scheme's first part, as in redis+socket://.
        result_backend=f"tasks.backend:ChordBackend+{result_url.removeprefix('redis+')}",
        include=[
            "tasks.presence",
            "tasks.phases",
            "tasks.ingest",
            "tasks.projections",
            "tasks.reconciler",
        ],
        beat_schedule=schedule.SCHEDULE,
        beat_scheduler="tasks.schedule:Ticking",
        task_serializer="json",
        result_serializer="json",
        accept_content=["json"],
        enable_utc=True,
        timezone="UTC",
        task_queues=[
            Queue(
                name, Exchange(name), routing_key=name, queue_arguments=None if is_redis else QUORUM
            )
            for name in _every_queue()
        ],
        task_default_queue=queues.CONTROL,
        task_create_missing_queues=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        # The relay tries again by itself, and its rows wait in Postgres meanwhile.
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=2000,
        worker_send_task_events=True,
        task_send_sent_event=True,
        worker_soft_shutdown_timeout=20.0,
        # An idle worker ends at once.
        worker_enable_soft_shutdown_on_idle=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_redis_options() if is_redis else {"confirm_publish": True},
        result_backend_always_retry=True,
        result_backend_max_retries=30,
        result_backend_max_sleep_between_retries_ms=1000,
        result_backend_transport_options={"retry_policy": {"timeout": 5.0}},
        result_chord_join_timeout=3.0,
        result_chord_expires=7 * 86400,
        result_expires=3600,
    )
    if not is_redis:
        # For queues that are not listed above, which only somebody's own worker could ask for.
        celery.conf.task_default_queue_type = "quorum"
        celery.conf.broker_heartbeat = RABBIT_HEARTBEAT_S
        # Declared 28 times for tasks that are to be done later. There are none, so they may as well cost nothing.
        celery.conf.broker_native_delayed_delivery_queue_type = "classic"
    return celery


def _redis_options() -> dict[str, object]:
    return {
        "visibility_timeout": _visibility_timeout_s(),
        # As they are listed in tasks/queues.py, or as a worker's -Q lists them.
        "queue_order_strategy": "priority",
        # Whose turn it is has been decided when a message is sent; nothing is sent with another priority.
        "priority_steps": [0],
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "unacked_mutex_expire": 10,
        "health_check_interval": 10,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "retry_on_timeout": True,
    }


def _visibility_timeout_s() -> int:
    """Twice the longest time limit of a slice, or Redis would hand out work that is being done."""
    limits = (phase.time_limit_s for phase in bootstrap.current().catalogue.phases.values())
    return max(SHORTEST_VISIBILITY_S, ceil(2 * max(limits, default=0)))


def _every_queue() -> list[str]:
    return queues.with_phases(bootstrap.current().catalogue.queues())


celery_app = make(bootstrap.settings().broker_url, bootstrap.settings().result_url)


@signals.setup_logging.connect
def _set_up_logging(**_: object) -> None:
    app_logging.set_up(bootstrap.settings())


@signals.worker_process_init.connect
def _after_fork(**_: object) -> None:
    bootstrap.after_fork()
    garbage.look_seldom()


@signals.worker_ready.connect
def _when_ready(**_: object) -> None:
    garbage.look_seldom()  # the process that has the children, or works by itself
