"""What the database says of an error, without the values it quotes: they may be what a pupil wrote."""

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

OURS = "HE"  # the class of what our own triggers raise, whose words are names of states
_NAMES = ("table_name", "column_name", "constraint_name")


def silence(engine: Engine) -> None:
    """Let errors of an engine name SQLSTATE, table, column and constraint, and repeat no value.

    This is done where they arise, for everybody: a traceback, a task's failure and a dead letter show them too.
    """
    event.listen(engine, "handle_error", _without_values)


def _without_values(context: ExceptionContext) -> None:
    error = context.original_exception
    sqlstate = getattr(error, "pgcode", None)
    if sqlstate is None or sqlstate.startswith(OURS):
        return  # a connection's trouble, which quotes nothing; or words of ours
    diagnosis = getattr(error, "diag", None)
    named = [
        f"{name.removesuffix('_name')} {value}"
        for name in _NAMES
        if (value := getattr(diagnosis, name, None))
    ]
    said = ", ".join([f"SQLSTATE {sqlstate}", *named])
    error.args = (said,)
    outer = context.sqlalchemy_exception
    if outer is not None:
        outer.args = (f"({type(error).__module__}.{type(error).__name__}) {said}",)
