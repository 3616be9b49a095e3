"""Whatever is sent somewhere is read by somebody."""

from pipelines import catalogue
from pipelines.catalogue import Demands
from tasks import queues


def test_the_shipped_catalogue_holds_what_it_can_be_held_to():
    catalogue.load(demands=Demands(queues=frozenset(queues.ALL), engines=True))


def test_no_queue_is_named_twice():
    assert len(set(queues.ALL)) == len(queues.ALL)


def test_every_named_queue_is_listed():
    named = {value for name, value in vars(queues).items() if name.isupper() and name != "ALL"}

    assert named == set(queues.ALL)
