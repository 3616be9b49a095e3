from uuid import UUID

import pytest

from app.services.news_pace import NewsPace, rest_s

ONE, OTHER = UUID(int=1), UUID(int=2)


class Watch:
    """A clock that goes on when it is told to."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.mark.parametrize(
    ("essays", "seconds"), [(0, 0.1), (30, 0.1), (1000, 0.5), (4000, 2.0), (20_000, 2.0)]
)
def test_the_more_essays_the_longer_their_news_is_gathered(essays, seconds):
    assert rest_s(essays) == seconds


def test_nobody_rests_who_was_not_told_of(watch):
    assert not NewsPace(watch).resting()


def test_each_batch_rests_for_as_long_as_its_essays_ask_for(watch):
    pace = NewsPace(watch)
    pace.told({ONE: 30, OTHER: 1000})

    seen = []
    for watch.at in (0.0, 0.09, 0.1, 0.49, 0.5):
        seen.append(set(pace.resting()))

    assert seen == [{ONE, OTHER}, {ONE, OTHER}, {OTHER}, {OTHER}, set()]


def test_a_batch_that_was_told_of_again_rests_anew(watch):
    pace = NewsPace(watch)
    pace.told({ONE: 1000})
    watch.at = 0.4

    pace.told({ONE: 1000})

    watch.at = 0.8
    assert set(pace.resting()) == {ONE}
