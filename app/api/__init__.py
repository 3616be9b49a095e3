"""The ways in over HTTP: translate, delegate, answer."""
