"""The queues, named once. Each has a worker service of its own when the system is scaled out.

A worker that reads several takes from the first that has something, where the broker is Redis. So what is nearest its
end comes first, and whoever hands in a class does not wait behind those whose essays are being worked on.
"""

from collections.abc import Iterable

CONTROL = "control"
INGEST = "ingest"
PROJECTIONS = "projections"
# One queue per phase, under the phase's name: see `queue` in pipelines/catalogue.yaml.
SPELLCHECK = "spellcheck"
NLP = "nlp"
CJ_ASSESSMENT = "cj_assessment"

ALL = (CONTROL, PROJECTIONS, INGEST, CJ_ASSESSMENT, NLP, SPELLCHECK)


def with_phases(queues: Iterable[str]) -> list[str]:
    """Every queue, with those of a catalogue's phases, in the order in which a worker of all takes from them."""
    return [*ALL, *sorted(set(queues).difference(ALL))]
