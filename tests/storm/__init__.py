"""The whole system under load while whatever can die does: a nemesis, a history, and what is checked of it.

`python -m tests.storm storm` lets everything happen at once for some minutes; `python -m tests.storm kills` kills one
process after the other, each in the middle of something, and measures how long it takes until that is made good.
"""
