"""Numbers for Prometheus: requests as this process counts them, and the ledger as Postgres has it.

The ledger's are read when asked for, so they are right however many processes there are and whichever died.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from sqlalchemy.exc import DBAPIError

from app.errors import AppError
from app.services import health
from app.services.deps import Deps

CONTENT_TYPE = CONTENT_TYPE_LATEST

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "huleedu_requests", "Requests by endpoint and status", ["endpoint", "status"], registry=REGISTRY
)
DURATIONS = Histogram(
    "huleedu_request_duration_seconds", "Time to answer", ["endpoint"], registry=REGISTRY
)
RESOLUTIONS = Counter(
    "bcs_pipeline_resolutions", "Pipelines resolved for a batch", ["status"], registry=REGISTRY
)
BATCH_OPERATIONS = Counter(
    "huleedu_batch_operations",
    "What was asked of batches, by outcome",
    ["operation", "outcome"],
    registry=REGISTRY,
)
RATE_LIMITED = Counter(
    "huleedu_rate_limit_hits", "Requests over a limit, by endpoint", ["endpoint"], registry=REGISTRY
)
LIMITS_UNCHECKED = Counter(
    "huleedu_rate_limits_unchecked",
    "Limits that were not checked because Redis did not answer; raise an alarm when it grows",
    registry=REGISTRY,
)
AUDIT_LOST = Counter(
    "huleedu_audit_lost",
    "Requests that could not be written to the audit log; raise an alarm when it grows",
    registry=REGISTRY,
)
SOCKETS = Gauge("huleedu_sockets", "Sockets open in this process", registry=REGISTRY)
SOCKETS_CLOSED = Counter(
    "huleedu_sockets_closed", "Sockets closed from here, by code", ["code"], registry=REGISTRY
)

_MEANING = {
    "units": "Units of runs that have not ended, by state",
    "runs": "Runs, by state",
    "batches": "Batches, by state",
    "dead_letters": "Dead letters, by state",
    "dead_letters_open": "Dead letters nobody has dealt with, by reason",
    "rescues": "What the reconciler found lost and set going again, by kind",
    "queue_age_s": "Age of the oldest dispatched unit nobody has claimed, by queue",
    "outbox_lag_s": "Age of the oldest message not sent yet",
    "outbox_unpublished": "Messages not sent yet",
    "projection_lag": "Events the read model does not show yet",
    "projection_lag_s": "Age of the oldest event the read model does not show yet",
    "lost_attempts": "Attempts that ended without an outcome, by how",
}

_COUNTED = frozenset({"rescues"})
"""What is only ever added to; the rest is as it stands."""


@contextmanager
def resolution() -> Iterator[None]:
    """Count a request for a pipeline by how it ends."""
    try:
        yield
    except AppError as exc:
        RESOLUTIONS.labels(type(exc).__name__).inc()
        raise
    RESOLUTIONS.labels("success").inc()


@contextmanager
def operation(name: str) -> Iterator[None]:
    """Count what is asked of a batch by how it ends."""
    try:
        yield
    except AppError as exc:
        BATCH_OPERATIONS.labels(name, type(exc).__name__).inc()
        raise
    BATCH_OPERATIONS.labels(name, "success").inc()


class _Ledger(Collector):
    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        try:
            numbers = health.ledger_numbers(self._deps)
        except DBAPIError:
            return  # the requests' numbers are still worth having
        for name, values in numbers.items():
            kind = CounterMetricFamily if name in _COUNTED else GaugeMetricFamily
            family = kind(f"huleedu_{name}", _MEANING[name], labels=["what"])
            for label, value in values.items():
                family.add_metric([label], value)
            yield family


def render(deps: Deps) -> bytes:
    """Everything there is, in Prometheus' text format."""
    ledger = CollectorRegistry()
    ledger.register(_Ledger(deps))
    return generate_latest(REGISTRY) + generate_latest(ledger)
