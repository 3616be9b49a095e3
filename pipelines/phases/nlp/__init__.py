"""Measures of an essay's language: length, readability, diversity, and how common its words are."""

from pipelines.phases.nlp.metrics import METRICS, Metric
from pipelines.phases.nlp.phase import Nlp

__all__ = ["METRICS", "Metric", "Nlp"]
