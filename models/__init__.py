"""Tables, outbox and read models; importing this package knows them all."""

from collections.abc import Mapping

from models.account import User
from models.allowed_word import AllowedWord
from models.audit import AuditEntry
from models.base import Base
from models.batch import Batch, Course
from models.comparison import Comparison
from models.definition import PipelineDefinition
from models.essay import Content, Essay, File
from models.grading import GradeAnchor, GradeDecision, GradeScale
from models.idempotency import IdempotentRequest
from models.judgement import (
    BATCH_RESULTS,
    JUDGEMENT_RESULTS,
    AssessmentResult,
    EssayDescription,
    JudgeDecision,
)
from models.llm_call import LlmCall
from models.notification import Notification, NotificationCounter
from models.outbox import DeadLetter, EventOutbox, Rescue
from models.read.batch_overview import BatchOverview, ProjectionCursor
from models.read.essay_report import EssayReport
from models.result import ESSAY_RESULTS, NlpResult, Result, SpellcheckResult
from models.run import Attempt, PhaseRun, Run, Unit
from models.session import RefreshToken
from models.transition import StateEdge, Transition
from models.worker import WorkerHeartbeat

UnitResult = type[SpellcheckResult] | type[NlpResult] | type[EssayDescription] | type[JudgeDecision]

UNIT_RESULTS: Mapping[str, tuple[UnitResult, ...]] = {
    **{phase: (table,) for phase, table in ESSAY_RESULTS.items()},
    **JUDGEMENT_RESULTS,
}
"""The tables of each phase whose units find more than the ledger's own row has."""

__all__ = [
    "BATCH_RESULTS",
    "ESSAY_RESULTS",
    "JUDGEMENT_RESULTS",
    "UNIT_RESULTS",
    "AllowedWord",
    "AssessmentResult",
    "Attempt",
    "AuditEntry",
    "Base",
    "Batch",
    "BatchOverview",
    "Comparison",
    "Content",
    "Course",
    "DeadLetter",
    "Essay",
    "EssayDescription",
    "EssayReport",
    "EventOutbox",
    "File",
    "GradeAnchor",
    "GradeDecision",
    "GradeScale",
    "IdempotentRequest",
    "JudgeDecision",
    "LlmCall",
    "NlpResult",
    "Notification",
    "NotificationCounter",
    "PhaseRun",
    "PipelineDefinition",
    "ProjectionCursor",
    "RefreshToken",
    "Rescue",
    "Result",
    "Run",
    "SpellcheckResult",
    "StateEdge",
    "Transition",
    "Unit",
    "User",
    "WorkerHeartbeat",
]
