"""Which processes a test has started, among those that were there before."""

import psutil


class Bystanders:
    """The processes that run already when a test begins; other tests' servers are among them."""

    def __init__(self) -> None:
        self._here = set(psutil.Process().children(recursive=True))

    def newcomers(self) -> list[psutil.Process]:
        """Processes started since then, by this one and not by a bystander."""
        return [
            process
            for process in psutil.Process().children(recursive=True)
            if process not in self._here and not self._here.intersection(process.parents())
        ]
