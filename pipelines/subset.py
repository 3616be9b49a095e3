"""Some of a batch's essays, or all but some: what is said of thousands without naming them."""

from collections.abc import Iterable
from typing import NamedTuple


class Subset(NamedTuple):
    """Essays of a batch, by their ids.

    Attributes:
        named: those it has, or those it has not.
        is_all_but: whether it has every essay but those that are named.
    """

    named: frozenset[str] = frozenset()
    is_all_but: bool = False

    @classmethod
    def of(cls, essays: Iterable[str]) -> "Subset":
        """These essays and no others."""
        return cls(frozenset(essays))

    def has(self, essay: str) -> bool:
        """Whether an essay is among them."""
        return (essay in self.named) is not self.is_all_but

    def others(self) -> "Subset":
        """The batch's other essays."""
        return Subset(self.named, not self.is_all_but)

    def together(self, other: "Subset") -> "Subset":
        """The essays that are among these or those."""
        if self.is_all_but and other.is_all_but:
            return Subset(self.named & other.named, True)
        if self.is_all_but:
            return Subset(self.named - other.named, True)
        if other.is_all_but:
            return Subset(other.named - self.named, True)
        return Subset(self.named | other.named)


EVERYBODY = Subset(is_all_but=True)
NOBODY = Subset()
