"""The queues, named once. Each has a worker service of its own when the system is scaled out."""

CONTROL = "control"
INGEST = "ingest"
PROJECTIONS = "projections"
# One queue per phase, under the phase's name: see `queue` in pipelines/catalogue.yaml.
SPELLCHECK = "spellcheck"
NLP = "nlp"

ALL = (CONTROL, INGEST, PROJECTIONS, SPELLCHECK, NLP)
