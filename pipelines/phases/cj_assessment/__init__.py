"""Comparative judgement: pairs of essays are judged, and what the decisions say about each essay is worked out."""

from pipelines.phases.cj_assessment.phase import CjAssessment

__all__ = ["CjAssessment"]
