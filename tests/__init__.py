"""Tests, and what they share. A package by name, since a dependency installs another `tests`."""
