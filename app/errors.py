"""What a request can be refused for. The docstring is the title; `app.problems` alone knows status codes."""

from collections.abc import Sequence
from typing import Any


class AppError(Exception):
    """Something went wrong.

    Attributes:
        detail: one sentence about this case.
        extra: further members of the problem, JSON-ready.
        faults: what is wrong with the request, each with the JSON pointer or parameter as `field`, and a `reason`.
    """

    def __init__(
        self,
        detail: str = "",
        *,
        field: str | None = None,
        faults: Sequence[dict[str, Any]] = (),
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra
        self.faults = list(faults) or ([{"field": field, "reason": detail}] if field else [])

    @property
    def title(self) -> str:
        """The first line of the class's docstring."""
        return (type(self).__doc__ or "").split("\n", 1)[0]


class BatchNotFound(AppError):
    """There is no such batch."""


class EssayNotFound(AppError):
    """There is no such essay in the batch."""


class FileNotFound(AppError):
    """There is no such file in the batch."""


class AssessmentNotFound(AppError):
    """There is no assessment."""


class ComparisonNotFound(AppError):
    """There is no such pair."""


class ComparisonDecided(AppError):
    """The pair has been decided otherwise."""


class ComparisonTaken(AppError):
    """The pair is not yours to decide any more."""


class DecisionNotFound(AppError):
    """There is no such decision."""


class BadDecisionFile(AppError):
    """The file of decisions is not valid."""


class NoGradeScale(AppError):
    """The batch has no grade scale."""


class UnknownGrade(AppError):
    """There is no such grade on the scale."""


class GradesInUse(AppError):
    """Grades are in use that are not on the new scale."""


class CannotJudgeSo(AppError):
    """The essays cannot be judged like this."""


class UnknownCourse(AppError):
    """There is no such course."""


class UnknownPipeline(AppError):
    """There is no such pipeline or phase."""


class BadDefinition(AppError):
    """The definition of pipelines is not valid."""


class DefinitionNotFound(AppError):
    """No such pipeline was defined."""


class MissingPrerequisite(AppError):
    """The batch lacks something the pipeline needs."""


class BatchNotReady(AppError):
    """The batch is not ready to run."""


class TooManyAllowedWords(AppError):
    """The batch allows as many words as it may."""


class RunActive(AppError):
    """A run of this batch is active."""


class NoActiveRun(AppError):
    """No run of this batch is active."""


class NothingToRetry(AppError):
    """There is nothing to retry."""


class DeadLetterNotFound(AppError):
    """There is no such dead letter."""


class DeadLetterResolved(AppError):
    """The dead letter has been dealt with."""


class NoFiles(AppError):
    """The request has no files."""


class NothingToRead(AppError):
    """The file needs no reading."""


class WrongCredentials(AppError):
    """The e-mail address or the password is wrong."""


class NotSignedIn(AppError):
    """The request needs a valid access token."""


class SessionEnded(AppError):
    """The session has ended."""


class NotAService(AppError):
    """The request needs a valid service key."""


class BadIdempotencyKey(AppError):
    """The idempotency key is not valid."""


class IdempotencyKeyReused(AppError):
    """The idempotency key was used for another request."""


class IdempotencyInProgress(AppError):
    """The same request is being worked on."""


class NotificationNotFound(AppError):
    """There is no such notification."""


class TicketNotValid(AppError):
    """The socket needs a valid ticket."""


class OriginNotAllowed(AppError):
    """Pages from this address may not open sockets here."""


class LiveUnavailable(AppError):
    """Live news are not available right now."""


class EmailTaken(AppError):
    """There is an account with this e-mail address already."""
