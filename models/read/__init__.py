"""Tables shaped for the screens; `app.projections` fills them from the source tables and can do so again."""
