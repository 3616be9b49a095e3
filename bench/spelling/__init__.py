"""How well and how fast spelling is checked, beside what one would use instead: `make bench-spellcheck`.

What decides a figure is in pure modules: which words there are (`words`), what counts as found (`detection`), what as
put right (`correction`). Whoever is measured gives nothing but flags.
"""
