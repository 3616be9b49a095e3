"""Phases that need something from outside, as the catalogue names them."""

from typing import Any

from app import bootstrap
from pipelines.phases.cj_assessment import CjAssessment


def cj_assessment(**judging: Any) -> CjAssessment:
    """Comparative judgement with the language model that is set up, if one is.

    Args:
        judging: as for `CjAssessment`.
    """
    return CjAssessment(bootstrap.llm_judge, **judging)
