"""How a process looks for garbage in cycles: not in what it has loaded, and not for every few hundred objects."""

import gc

NEW_OBJECTS = 20_000
"""So many more than were let go of make it look. By itself Python looks at 700, some 250 times while a run of 5,000
essays is orchestrated, for garbage of which there is none: a twentieth of the time that takes."""


def look_seldom() -> None:
    """Call it when everything is loaded; in a child, after it was forked.

    What is there stays there: looking through it takes a twentieth of a second, and costs a child a copy of its own of
    the pages it looks at.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
