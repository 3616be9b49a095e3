"""Which essays decisions link: of those they do not, nothing can be said together."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipelines.phases.cj_assessment.comparisons import Comparisons, Ints


def components(comparisons: Comparisons, fixed: Ints | None = None) -> Ints:
    """(n,) the number of each essay's group, the largest group 0, among equals that with the first essay.

    Args:
        fixed: indices of essays whose strengths are known beforehand, so that they link what was never compared.
    """
    n = len(comparisons.essays)
    if not n:
        return np.empty(0, np.int64)
    left, right = comparisons.left, comparisons.right
    if fixed is not None and len(fixed):
        left = np.concatenate([left, fixed[:-1]])
        right = np.concatenate([right, fixed[1:]])
    links = coo_array((np.ones(len(left)), (left, right)), (n, n))
    count, labels = connected_components(links, directed=False)
    sizes = np.bincount(labels, minlength=count)
    _, first = np.unique(labels, return_index=True)
    by_size = np.lexsort((first, -sizes))
    numbers = np.empty(count, np.int64)
    numbers[by_size] = np.arange(count)
    return np.asarray(numbers[labels])
