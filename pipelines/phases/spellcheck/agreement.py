"""What was meant by a slip that a text repeats is decided once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

Scores = Mapping[str, float]
"""Candidate → how much speaks for it in one place, in nats."""

# Nats. Over learners' slips that several sentences have, three more became right by this and two fewer; with twice as
# much, four more and five fewer.
_STRONGLY = 1.0


def agreed(forms: Sequence[str], scores: Sequence[Scores]) -> Iterator[Scores]:
    """What speaks for each candidate in places of one form is evened out between them.

    A place that speaks strongly for another candidate than they do together stays as it is.

    Args:
        forms: of the slip in each place; equal ones have the same candidates.
        scores: in each place.
    """
    if len(set(forms)) == len(forms):  # as in most sentences
        yield from scores
        return
    places = defaultdict(list)
    for form, here in zip(forms, scores, strict=True):
        places[form].append(here)
    together = {form: _mean(of_form) for form, of_form in places.items()}
    for form, here in zip(forms, scores, strict=True):
        yield here if _speaks_against(here, together[form]) else together[form]


def _mean(scores: Sequence[Scores]) -> Scores:
    if len(scores) == 1:
        return scores[0]
    return {text: sum(each[text] for each in scores) / len(scores) for text in scores[0]}


def _speaks_against(here: Scores, together: Scores) -> bool:
    if not here:
        return False
    meant = min(together, key=lambda text: (-together[text], text))
    return max(here.values()) - here[meant] >= _STRONGLY
