"""The words of the field, one meaning each; `docs/glossary.md` explains them."""

from enum import StrEnum


class Language(StrEnum):
    """Language an essay is written in, as ISO 639-1."""

    ENGLISH = "en"
    SWEDISH = "sv"


class Scope(StrEnum):
    """What one unit of a phase works on."""

    ESSAY = "essay"
    BATCH = "batch"


class JudgeKind(StrEnum):
    """What sort of judge compares essays."""

    BUILTIN = "builtin"
    LLM = "llm"
    PERSON = "person"

    @property
    def is_machine(self) -> bool:
        """Whether nobody read the essays."""
        return self is not JudgeKind.PERSON


class Profile(StrEnum):
    """What the built-in judge looks at first."""

    BALANCED = "balanced"
    CONTENT = "content"
    LANGUAGE = "language"


class BatchStatus(StrEnum):
    """Where a batch stands; the same words on REST and on the socket."""

    REGISTERED = "registered"
    READY = "ready"
    PROCESSING = "processing"
    COMPLETED_SUCCESSFULLY = "completed_successfully"
    COMPLETED_WITH_FAILURES = "completed_with_failures"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more happens until somebody asks for a new run."""
        return self in {
            BatchStatus.COMPLETED_SUCCESSFULLY,
            BatchStatus.COMPLETED_WITH_FAILURES,
            BatchStatus.FAILED,
            BatchStatus.CANCELLED,
        }


class Action(StrEnum):
    """What a teacher has to do next with a batch."""

    HAND_IN_FILES = "hand_in_files"
    FIX_FILES = "fix_files"
    START_PIPELINE = "start_pipeline"
    RETRY_FAILED = "retry_failed"


class EssayStatus(StrEnum):
    """Where one essay stands."""

    AWAITING_CONTENT = "awaiting_content"
    CONTENT_FAILED = "content_failed"
    READY_FOR_PROCESSING = "ready_for_processing"
    IN_PROCESSING = "in_processing"
    PROCESSED = "processed"
    PARTLY_PROCESSED = "partly_processed"
    FAILED = "failed"


class FileStatus(StrEnum):
    """Where the reading of one handed-in file stands."""

    RECEIVED = "received"
    READING = "reading"
    READ = "read"
    FAILED = "failed"


class RunStatus(StrEnum):
    """Where one execution of a pipeline stands."""

    ACTIVE = "active"
    CANCELLING = "cancelling"
    COMPLETED_SUCCESSFULLY = "completed_successfully"
    COMPLETED_WITH_FAILURES = "completed_with_failures"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """Whether the run has ended."""
        return self not in {RunStatus.ACTIVE, RunStatus.CANCELLING}


class PhaseStatus(StrEnum):
    """Where one phase of a run stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    COMPLETED_WITH_FAILURES = "completed_with_failures"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """Whether the phase has ended in this run."""
        return self not in {PhaseStatus.PENDING, PhaseStatus.IN_PROGRESS}


class Priority(StrEnum):
    """Whose units are sent first when runs compete for a queue; in this order."""

    STANDARD = "standard"
    LOW = "low"


class UnitStatus(StrEnum):
    """Where one phase on one item stands; `waiting` is for the phase before, which its item is still in."""

    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """Whether the unit has its outcome."""
        return self not in {UnitStatus.WAITING, UnitStatus.QUEUED, UnitStatus.RUNNING}


class RescueKind(StrEnum):
    """What the reconciler finds and sets going again."""

    LAPSED_LEASE = "lapsed_lease"
    LOST_DISPATCH = "lost_dispatch"
    MISSED_WAVE_END = "missed_wave_end"
    STALLED_RUN = "stalled_run"
    DEADLINE = "deadline"
    PHASE_DEADLINE = "phase_deadline"
    HALF_CANCELLED = "half_cancelled"
    READINESS = "readiness"
    AUTO_START = "auto_start"
    UNREAD_FILE = "unread_file"
    LATE_PROJECTION = "late_projection"


class DeadLetterStatus(StrEnum):
    """What an operator has done about a dead letter."""

    OPEN = "open"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


class DeadLetterReason(StrEnum):
    """Why nobody could handle it."""

    ATTEMPTS_EXHAUSTED = "attempts_exhausted"
    PLANNING_FAILED = "planning_failed"
    UNSENDABLE = "unsendable"


class AttemptOutcome(StrEnum):
    """How one attempt at a unit ended."""

    DONE = "done"
    GAVE_UP = "gave_up"
    LATER = "later"
    RAISED = "raised"
    LOST = "lost"
