from hypothesis import given
from hypothesis import strategies as st

from pipelines.subset import EVERYBODY, NOBODY, Subset

ESSAYS = "abcde"
SUBSETS = st.builds(Subset, st.frozensets(st.sampled_from(ESSAYS)), st.booleans())


def essays_of(subset: Subset) -> set[str]:
    return {essay for essay in ESSAYS if subset.has(essay)}


def test_a_subset_has_the_essays_it_names():
    assert essays_of(Subset.of(["a", "c"])) == {"a", "c"}


def test_everybody_and_nobody_name_no_essay():
    assert essays_of(EVERYBODY) == set(ESSAYS)
    assert essays_of(NOBODY) == set()


@given(SUBSETS)
def test_the_others_are_those_it_has_not(subset):
    assert essays_of(subset.others()) == set(ESSAYS) - essays_of(subset)


@given(SUBSETS, SUBSETS)
def test_two_together_have_what_either_has(one, other):
    assert essays_of(one.together(other)) == essays_of(one) | essays_of(other)


@given(SUBSETS, SUBSETS, st.just("z"))
def test_an_essay_that_neither_names_is_as_any_other_in_both_together(one, other, unnamed):
    assert one.together(other).has(unnamed) == (one.has(unnamed) or other.has(unnamed))
