"""Spelling: which words are misspelt, what was meant, and the text with the sure ones put right."""

from pipelines.phases.spellcheck.corrections import undo
from pipelines.phases.spellcheck.findings import Kind
from pipelines.phases.spellcheck.phase import Spellcheck

__all__ = ["Kind", "Spellcheck", "undo"]
