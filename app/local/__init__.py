"""The embedded default: real servers out of wheels, under a supervisor of our own."""
