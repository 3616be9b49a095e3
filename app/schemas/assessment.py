"""What came of comparing a batch's essays."""

from marshmallow import fields

from app.schemas.base import Moment, StrictSchema, word
from pipelines.phases.cj_assessment.decisions import JudgeKind
from pipelines.phases.cj_assessment.stopping import Unmet


class ReliabilitySchema(StrictSchema):
    """How reliable the ranking is, by three measures from 0 to 1; null where one says nothing."""

    honest = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "squared correlation of scores and truth, spread unknown: 45 % of what is believed is below"
        },
    )
    honest_low = fields.Float(
        required=True, allow_none=True, metadata={"description": "5 % of what is believed is below"}
    )
    honest_high = fields.Float(
        required=True, allow_none=True, metadata={"description": "5 % of what is believed is above"}
    )
    ssr = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "scale separation reliability, which adaptive pairing inflates"},
    )
    split_half = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "of two halves of the judges, stepped up by Spearman-Brown"},
    )
    is_internal = fields.Boolean(
        required=True,
        metadata={
            "description": "one machine decided everything: these are its consistency with itself,"
            " and no reliability"
        },
    )
    warning = fields.String(
        required=True, allow_none=True, metadata={"description": "what to mind about them"}
    )


class CurvePointSchema(StrictSchema):
    """How reliable the ranking was after a round."""

    round_no = fields.Integer(required=True)
    comparisons_per_essay = fields.Float(
        required=True, metadata={"description": "2 × decisions / essays, up to then"}
    )
    honest = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "what is now believed of the reliability then"},
    )
    honest_low = fields.Float(
        required=True,
        allow_none=True,
        dump_default=None,
        metadata={"description": "5 % of what is believed is below; null if it was not kept"},
    )
    honest_high = fields.Float(
        required=True, allow_none=True, dump_default=None, metadata={"description": "5 % is above"}
    )
    ssr = fields.Float(required=True, allow_none=True)


class EssayNameSchema(StrictSchema):
    """Which essay it is."""

    essay_id = fields.String(required=True)
    position = fields.Integer(required=True)
    student_name = fields.String(required=True, allow_none=True)
    file_name = fields.String(required=True, allow_none=True)


class LeftOutSchema(EssayNameSchema):
    """An essay of the batch that was not compared."""

    failure_code = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "why, where that was tried; null if the essay had no part in it"},
    )


class KnownGradeSchema(StrictSchema):
    """The grade of an essay that others are graded by."""

    grade = fields.String(required=True)
    marked_at = Moment(required=True)
    has_other_text = fields.Boolean(
        required=True,
        metadata={"description": "its text has been replaced since, so it counts no more"},
    )


class SuggestedGradeSchema(StrictSchema):
    """What grade an essay may have."""

    grade = fields.String(required=True, metadata={"description": "the middle of what is likely"})
    chances = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        required=True,
        metadata={"description": "grade → how likely, for all grades that anchors have"},
    )
    between = fields.List(
        fields.String(),
        required=True,
        allow_none=True,
        metadata={
            "description": "it and the likelier of its neighbours, to choose from, where no grade is as"
            " likely as 70 %"
        },
    )
    is_beyond = fields.Boolean(
        required=True,
        metadata={
            "description": "stronger or weaker than every anchor, and the scale goes on there"
        },
    )


class DecidedGradeSchema(StrictSchema):
    """The grade that the teacher has decided on; it stays, whatever is suggested later."""

    grade = fields.String(required=True)
    suggested = fields.String(
        required=True, allow_none=True, metadata={"description": "what was suggested then"}
    )
    is_override = fields.Boolean(
        required=True, metadata={"description": "it is not what was suggested then"}
    )
    decided_at = Moment(required=True)
    has_other_text = fields.Boolean(
        required=True, metadata={"description": "the essay's text has been replaced since"}
    )


class GradingSchema(StrictSchema):
    """On which scale essays are graded, and why they are not."""

    scale = fields.String(required=True, allow_none=True)
    grades = fields.List(
        fields.String(), required=True, metadata={"description": "the lowest first"}
    )
    why_not = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "why there is only a ranking: `no_scale`, `no_anchors`, `one_grade`: all"
            " anchors have the same, `too_few_at_an_end`: fewer than two have the lowest or the"
            " highest; null where grades are suggested"
        },
    )
    without_anchors = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "grades that no anchor has, and that nobody can therefore get"},
    )


class RankedEssaySchema(EssayNameSchema):
    """An essay and its place."""

    has_other_text = fields.Boolean(
        required=True, metadata={"description": "its text is no longer the one that was compared"}
    )
    rank = fields.Integer(
        required=True, metadata={"description": "1 is the best; essays of the same score share one"}
    )
    rank_low = fields.Integer(
        required=True, metadata={"description": "the best rank that is still likely, at 90 %"}
    )
    rank_high = fields.Integer(required=True, metadata={"description": "the worst one"})
    tie_group = fields.Integer(
        required=True,
        metadata={"description": "from 1; those of a group cannot be told from its first at 90 %"},
    )
    score = fields.Float(
        required=True, metadata={"description": "strength in logits; 0 is the middle of the class"}
    )
    se = fields.Float(required=True, metadata={"description": "the score's standard error"})
    low = fields.Float(
        required=True, metadata={"description": "lower end of the score's 90 % interval"}
    )
    high = fields.Float(required=True, metadata={"description": "its upper end"})
    p_top = fields.Float(
        required=True, metadata={"description": "how likely it is among the best `top`"}
    )
    infit = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "how well decisions about it fit, 1 as expected, close pairs counting more"
        },
    )
    outfit = fields.Float(
        required=True, allow_none=True, metadata={"description": "the same, every pair alike"}
    )
    is_misfit = fields.Boolean(
        required=True,
        metadata={"description": "judges disagree about it far more than about others"},
    )
    n = fields.Integer(required=True, metadata={"description": "decisions about it that count"})
    component = fields.Integer(
        required=True, metadata={"description": "index into `components`, from 0"}
    )
    is_anchor = fields.Boolean(required=True)
    is_drifting = fields.Boolean(
        required=True, metadata={"description": "an anchor whose decisions contradict its strength"}
    )
    rank_without_prior = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "its rank by decisions alone; null where nothing else counted"},
    )
    flags = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "codes of what the built-in judge found odd in it; a person should look"
        },
    )
    anchor = fields.Nested(KnownGradeSchema, required=True, allow_none=True)
    grade = fields.Nested(SuggestedGradeSchema, required=True, allow_none=True)
    decided_grade = fields.Nested(DecidedGradeSchema, required=True, allow_none=True)


class JudgeReportSchema(StrictSchema):
    """How one judge decided."""

    judge = fields.String(required=True, metadata={"description": "as in the decisions"})
    kind = word(JudgeKind)
    name = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "of a person with an account here"},
    )
    n = fields.Integer(required=True, metadata={"description": "decisions that count"})
    invalid = fields.Integer(required=True, metadata={"description": "pairs it could not judge"})
    agreement = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "share of its choices, ties aside, that fall as the scores do"},
    )
    left_rate = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "share of its choices, ties aside, for the left"},
    )
    position = fields.Float(
        required=True, metadata={"description": "how much it leans to the left, in logits"}
    )
    swap_consistency = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "of the pairs it saw in both orders, how many it decided alike"},
    )
    infit = fields.Float(
        required=True, allow_none=True, metadata={"description": "null below 20 decisions"}
    )
    outfit = fields.Float(required=True, allow_none=True)
    is_misfit = fields.Boolean(required=True)
    median_ms = fields.Float(
        required=True, allow_none=True, metadata={"description": "time for a decision"}
    )


class DisagreementSchema(StrictSchema):
    """A pair that persons and machines decided differently."""

    persons_prefer = fields.String(required=True, metadata={"description": "an `essay_id`"})
    machines_prefer = fields.String(required=True, metadata={"description": "the other"})
    persons = fields.Integer(required=True, metadata={"description": "decisions of persons"})
    machines = fields.Integer(required=True, metadata={"description": "decisions of machines"})
    gap = fields.Float(
        required=True,
        metadata={
            "description": "difference of the two scores, positive where they side with the persons"
        },
    )


_STOP_REASON = {
    "description": "`reliable`, `budget`, `every_pair`, `nothing_to_compare`, `out_of_time`,"
    " `no_decisions` where the model had nothing to say, or"
    " `awaiting_decisions` where it is the persons' turn"
}


class AssessmentSchema(StrictSchema):
    """A ranking with all that is known of it."""

    batch_id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    assessment_job_id = fields.UUID(required=True)
    revision = fields.Integer(
        required=True, metadata={"description": "how often it has been worked out"}
    )
    is_current = fields.Boolean(
        required=True,
        metadata={
            "description": "false where decisions were made since that could not be worked in"
        },
    )
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
    decision_count = fields.Integer(required=True, metadata={"description": "that it is made of"})
    rounds = fields.Integer(required=True)
    stop_reason = fields.String(required=True, metadata=_STOP_REASON)
    unmet = fields.List(
        word(Unmet),
        required=True,
        metadata={"description": "what the ranking lacks before it counts as reliable"},
    )
    top = fields.Integer(required=True, metadata={"description": "how many are meant by the best"})
    reliability = fields.Nested(ReliabilitySchema, required=True)
    curve = fields.List(fields.Nested(CurvePointSchema), required=True)
    more_comparisons = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(allow_none=True),
        required=True,
        metadata={
            "description": "reliability, such as `.85` → how many decisions more it takes; null if"
            " that cannot be said"
        },
    )
    spread = fields.Float(
        required=True,
        metadata={"description": "standard deviation of the essays' strengths, in logits"},
    )
    prior_slope = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "how much the built-in judge's score counted beforehand, per standard"
            " deviation of it; null where it did not"
        },
    )
    grading = fields.Nested(GradingSchema, required=True)
    essays = fields.List(
        fields.Nested(RankedEssaySchema), required=True, metadata={"description": "by rank"}
    )
    left_out = fields.List(fields.Nested(LeftOutSchema), required=True)
    judges = fields.List(fields.Nested(JudgeReportSchema), required=True)
    disagreements = fields.List(
        fields.Nested(DisagreementSchema),
        required=True,
        metadata={"description": "the farthest apart first"},
    )
    components = fields.List(
        fields.List(fields.String()),
        required=True,
        metadata={
            "description": "ids of essays that decisions link, the largest group first; essays of"
            " different groups cannot be compared"
        },
    )


class RankingSchema(StrictSchema):
    """One essay's place."""

    essay_id = fields.String(required=True)
    rank = fields.Integer(required=True)
    score = fields.Float(required=True)
    se = fields.Float(required=True)


class AssessmentSummarySchema(StrictSchema):
    """A ranking in short."""

    batch_id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    assessment_job_id = fields.UUID(required=True)
    revision = fields.Integer(required=True)
    updated_at = Moment(required=True)
    decision_count = fields.Integer(required=True)
    stop_reason = fields.String(required=True, metadata=_STOP_REASON)
    reliability = fields.Nested(ReliabilitySchema, required=True)
    rankings = fields.List(fields.Nested(RankingSchema), required=True)
