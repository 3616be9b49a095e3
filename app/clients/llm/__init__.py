"""A model as a judge, over HTTP: two protocols, one judge, and what keeps it polite, bounded and affordable."""
