"""The curvature of a log posterior, and systems of equations in it.

Class sizes are solved by Cholesky factors; larger ones by conjugate gradients, in which only the pairs that were judged
take memory and time.
"""

from typing import Protocol

import numpy as np
from scipy.linalg import lapack
from scipy.sparse import csr_array

from pipelines.phases.cj_assessment.comparisons import Floats
from pipelines.phases.cj_assessment.model import Model

DENSE_BELOW = 200
"""From here on conjugate gradients are faster, measured with ten comparisons an essay."""

_MOST_STEPS = 500


class Curvature(Protocol):
    """Minus the matrix of second derivatives, N x N, positive definite."""

    def solve(self, right: Floats, *, accuracy: float = 1e-10) -> Floats:
        """Its inverse times (N,) or (N, r); `accuracy` is relative, where the way there is iterative."""
        ...


def of(model: Model, information: Floats) -> Curvature:
    """The curvature where each decision brings so much information: weight x p x (1 - p), of shape (m,)."""
    if len(model.precision) < DENSE_BELOW:
        return Dense(model, information)
    return Sparse(model, information)


class Dense:
    """As a matrix."""

    def __init__(self, model: Model, information: Floats) -> None:
        self._factor, failed = lapack.dpotrf(matrix(model, information), lower=1, overwrite_a=1)
        if failed:  # pragma: no cover - every precision is above zero
            raise ArithmeticError("the curvature is not positive definite")

    def solve(self, right: Floats, *, accuracy: float = 1e-10) -> Floats:  # noqa: ARG002 - exact
        """See `Curvature`."""
        solution, _ = lapack.dpotrs(self._factor, right, lower=1)
        return np.asarray(solution.reshape(right.shape))

    def half_solve(self, right: Floats) -> Floats:
        """The transposed factor's inverse times (N,): of white noise it makes noise with the inverse as covariance."""
        solution, _ = lapack.dtrtrs(self._factor, right, lower=1, trans=1)
        return np.asarray(solution.reshape(right.shape))

    def variances(self) -> Floats:
        """(N,) the diagonal of the inverse."""
        half, _ = lapack.dtrtri(self._factor, lower=1)
        return np.asarray(np.einsum("ij,ij->j", half, half))

    def inverse(self) -> Floats:
        """(N, N)."""
        lower, _ = lapack.dpotri(self._factor, lower=1)
        lower = np.tril(lower)
        return np.asarray(lower + np.tril(lower, -1).T)


def matrix(model: Model, information: Floats) -> Floats:
    """(N, N) the curvature itself, in the order of columns that LAPACK takes without copying."""
    n, size = model.n, len(model.precision)
    curvature = np.zeros((size, size), order="F")
    between = np.bincount(model.left * n + model.right, information, n * n).reshape(n, n)
    own = curvature[:n, :n]
    np.subtract(own, between, out=own)
    np.subtract(own, between.T, out=own)
    if size > n:
        weighted = information[:, None] * model.columns
        curvature[n:, n:] = model.columns.T @ weighted
        mixed = _mixed(model, information)
        curvature[:n, n:] = mixed
        curvature[n:, :n] = mixed.T
    degree = np.bincount(model.left, information, n) + np.bincount(model.right, information, n)
    curvature.ravel(order="K")[:: size + 1][:n] += degree
    curvature.ravel(order="K")[:: size + 1] += model.precision
    return curvature


class Sparse:
    """As what it does to a vector."""

    def __init__(self, model: Model, information: Floats) -> None:
        n, columns = model.n, model.columns
        degree = np.bincount(model.left, information, n) + np.bincount(model.right, information, n)
        self._n = n
        self._diagonal = model.precision.copy()
        self._diagonal[:n] += degree
        self._own_diagonal = self._diagonal[:n].copy()
        self._between = _between(model, information)
        self._mixed: Floats | None = None
        if columns.shape[1]:
            weighted = information[:, None] * columns
            self._mixed = _mixed(model, information)
            self._shared = columns.T @ weighted + np.diag(model.precision[n:])
            self._diagonal[n:] = np.diagonal(self._shared)

    def times(self, vectors: Floats) -> Floats:
        """The curvature times (N, r)."""
        own = vectors[: self._n]
        out = self._own_diagonal[:, None] * own - self._between @ own
        if self._mixed is None:
            return np.asarray(out)
        shared = vectors[self._n :]
        out += self._mixed @ shared
        return np.concatenate([out, self._mixed.T @ own + self._shared @ shared])

    def solve(self, right: Floats, *, accuracy: float = 1e-10) -> Floats:
        """See `Curvature`; conjugate gradients, every column by itself but all at once."""
        rest = right.reshape(len(right), -1).copy()
        solution = np.zeros_like(rest)
        scale = 1 / self._diagonal[:, None]
        enough = accuracy**2 * np.einsum("ij,ij->j", rest, rest)
        ahead = scale * rest
        along = ahead.copy()
        square = np.einsum("ij,ij->j", rest, ahead)
        for _ in range(_MOST_STEPS):
            if np.all(np.einsum("ij,ij->j", rest, rest) <= enough):
                break
            product = self.times(along)
            length = _ratio(square, np.einsum("ij,ij->j", along, product))
            solution += length * along
            rest -= length * product
            np.multiply(scale, rest, out=ahead)
            square, before = np.einsum("ij,ij->j", rest, ahead), square
            along *= _ratio(square, before)
            along += ahead
        return np.asarray(solution.reshape(right.shape))


def _mixed(model: Model, information: Floats) -> Floats:
    """(n, k) how essays and shared unknowns bend together: sums over the decisions that both have part in."""
    n, shared = model.n, model.columns.shape[1]
    which, column, part = model.parts
    values = information[which] * part
    left = np.bincount(model.left[which] * shared + column, values, n * shared)
    right = np.bincount(model.right[which] * shared + column, values, n * shared)
    return np.asarray((left - right).reshape(n, shared))


def _ratio(above: Floats, below: Floats) -> Floats:
    """Quotients, 0 for a column that has nothing left to solve."""
    return np.asarray(np.divide(above, below, out=np.zeros_like(above), where=below > 0))


def _between(model: Model, information: Floats) -> csr_array:
    order, columns, ends = model.neighbours
    return csr_array(
        (np.concatenate([information, information])[order], columns, ends), (model.n, model.n)
    )
