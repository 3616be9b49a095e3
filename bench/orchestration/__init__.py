"""How fast runs are orchestrated, beside what one would use instead: `make bench-orchestration`.

The shape is the same for all: a root, N items that do nothing or wait, a join, N items again, a join.
"""
