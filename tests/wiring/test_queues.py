"""Whatever is sent somewhere is read by somebody."""

from pipelines import catalogue
from tasks import queues


def test_every_phases_queue_is_one_that_workers_read():
    assert catalogue.load().queues() <= set(queues.ALL)


def test_no_queue_is_named_twice():
    assert len(set(queues.ALL)) == len(queues.ALL)


def test_every_named_queue_is_listed():
    named = {value for name, value in vars(queues).items() if name.isupper() and name != "ALL"}

    assert named == set(queues.ALL)
