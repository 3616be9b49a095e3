"""Persons as judges: the pairs they are shown, what they decide, and the decisions of everybody."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from app.schemas.assessment import EssayNameSchema
from app.schemas.base import Moment, StrictSchema, Text, Whole, word
from app.schemas.batch import ESSAY_ID
from app.schemas.page import CountedPageSchema, PageQuerySchema, sorted_by, words_of
from app.services.decision_lists import ORDERS
from pipelines.phases.cj_assessment.decisions import Choice
from pipelines.phases.cj_assessment.persons import Reason
from pipelines.vocabulary import JudgeKind, Language

MOST_MS = 24 * 3600 * 1000


class ShownTextSchema(StrictSchema):
    """What a pupil wrote."""

    text = fields.String(
        required=True, metadata={"description": "the names of the class are left out of it"}
    )
    language = word(Language)


class ComparisonSchema(StrictSchema):
    """Two texts without names, lent to a person to say which is better."""

    comparison_id = fields.UUID(required=True)
    round_no = fields.Integer(required=True)
    lease_until = Moment(
        required=True, metadata={"description": "until then nobody else is shown this pair"}
    )
    instructions = fields.String(
        required=True, metadata={"description": "what the pupils were asked to write"}
    )
    left = fields.Nested(ShownTextSchema, required=True)
    right = fields.Nested(ShownTextSchema, required=True)
    decided = fields.Integer(
        required=True, metadata={"description": "how many decisions of this person count by now"}
    )
    in_round = fields.Integer(
        required=True,
        metadata={"description": "pairs of this round that are left, this one among them"},
    )


def _reasons(*, against_judging: bool) -> dict[str, Any]:
    allowed = [str(each) for each in Reason if each.is_against_judging is against_judging]
    return {"properties": {"reasons": {"items": {"enum": allowed}}}}


class DecideSchema(StrictSchema):
    """Which essay of a pair is better."""

    choice = word(
        Choice, metadata={"description": "`invalid`: it cannot be judged, and counts for nothing"}
    )
    reasons = fields.List(
        word(Reason, is_required=False),
        load_default=list,
        validate=validate.Length(0, len(Reason)),
        metadata={
            "description": "why: what speaks for the better one, or why the pair cannot be judged",
            "uniqueItems": True,
        },
    )
    duration_ms = Whole(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, MOST_MS),
        metadata={"description": "how long the person looked at the pair"},
    )

    @validates_schema(skip_on_field_errors=True)
    def _check_reasons(self, data: dict[str, Any], **_: Any) -> None:
        reasons = [Reason(each) for each in data["reasons"]]
        if len(set(reasons)) < len(reasons):
            raise ValidationError("Every reason may stand here once.", "reasons")
        cannot = data["choice"] == Choice.INVALID
        wrong = [str(each) for each in reasons if each.is_against_judging != cannot]
        if wrong:
            why = "why a pair cannot be judged" if cannot else "what speaks for an essay"
            raise ValidationError(f"{', '.join(wrong)} does not say {why}.", "reasons")


REASONS_GO_WITH_CHOICES = {
    "if": {"properties": {"choice": {"const": str(Choice.INVALID)}}},
    "then": _reasons(against_judging=True),
    "else": _reasons(against_judging=False),
}
"""What `DecideSchema` says of its reasons, for the description."""


class DecidedSchema(StrictSchema):
    """A decision that was made."""

    decision_id = fields.UUID(required=True)
    comparison_id = fields.UUID(required=True)
    choice = word(Choice)
    reasons = fields.List(word(Reason), required=True)
    duration_ms = fields.Integer(required=True, allow_none=True)
    decided_at = Moment(required=True)
    is_new = fields.Boolean(
        required=True, metadata={"description": "false where the same was decided before"}
    )


class UndoneSchema(StrictSchema):
    """A decision that was taken back."""

    decision_id = fields.UUID(required=True)
    withdrawn_at = Moment(required=True)
    comparison = fields.Nested(
        ComparisonSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "its pair, lent again; null where it was brought in, is decided anew, or"
            " has other texts by now"
        },
    )


class FactorSchema(StrictSchema):
    """Something that spoke for one of two essays."""

    code = fields.String(required=True)
    left = fields.Float(required=True, metadata={"description": "how much of it the left one has"})
    right = fields.Float(required=True)
    gain = fields.Float(
        required=True, metadata={"description": "logits for the left one; negative for the other"}
    )


class DecisionSchema(StrictSchema):
    """A decision about a pair, whoever made it."""

    decision_id = fields.UUID(required=True)
    round_no = fields.Integer(required=True)
    left = fields.Nested(EssayNameSchema, required=True)
    right = fields.Nested(EssayNameSchema, required=True)
    choice = word(Choice)
    judge = fields.String(required=True)
    kind = word(JudgeKind)
    name = fields.String(
        required=True, allow_none=True, metadata={"description": "of a person with an account here"}
    )
    reasons = fields.List(word(Reason), required=True)
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "why, in a machine's words"}
    )
    confidence = fields.Float(required=True, allow_none=True)
    factors = fields.List(
        fields.Nested(FactorSchema),
        required=True,
        metadata={"description": "what decided for the built-in judge, the weightiest first"},
    )
    duration_ms = fields.Integer(required=True, allow_none=True)
    decided_at = Moment(required=True)
    import_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "of the file that brought it in"}
    )


class DecisionQuerySchema(PageQuerySchema):
    """Which of the decisions."""

    orders = ORDERS

    kind = words_of(JudgeKind, metadata={"example": "person"})
    essay_id = Text(
        load_default=None, validate=ESSAY_ID, metadata={"description": "one of the two essays"}
    )
    mine = fields.Boolean(load_default=False, metadata={"description": "one's own only"})
    sort = sorted_by(ORDERS, "-decided_at")


class DecisionListSchema(CountedPageSchema):
    """A page of decisions."""

    items = fields.List(fields.Nested(DecisionSchema), required=True)


class DisagreedSchema(StrictSchema):
    """A pair that persons and machines decided differently, and who said what."""

    persons_prefer = fields.Nested(EssayNameSchema, required=True)
    machines_prefer = fields.Nested(EssayNameSchema, required=True)
    persons = fields.Integer(required=True, metadata={"description": "decisions of persons"})
    machines = fields.Integer(required=True, metadata={"description": "decisions of machines"})
    gap = fields.Float(
        required=True,
        metadata={
            "description": "difference of the two scores, positive where they side with the persons"
        },
    )
    decisions = fields.List(fields.Nested(DecisionSchema), required=True)


class DisagreementListSchema(StrictSchema):
    """Every such pair, the plainest first."""

    items = fields.List(fields.Nested(DisagreedSchema), required=True)


class ImportedSchema(StrictSchema):
    """What came of a file of decisions."""

    import_id = fields.UUID(required=True)
    imported = fields.Integer(required=True, metadata={"description": "decisions that are new"})
    known = fields.Integer(required=True, metadata={"description": "that were there already"})


class TakenBackSchema(StrictSchema):
    """What was taken back of a file."""

    withdrawn = fields.Integer(required=True)
