"""`huleedu`: everything there is to run, look at and mend from a terminal.

Commands load what they need when they are called, so that the small ones start at once.
"""

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import rich_click as click

from pipelines.vocabulary import DeadLetterReason, DeadLetterStatus, Language, Profile

PROJECT = Path(__file__).resolve().parents[2]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="huleedu")
def main() -> None:
    """HuleEdu: a class's essays in, results out."""


@main.command()
@click.option("--workers", default=1, show_default=True, help="Worker processes to start.")
@click.option("--concurrency", default=2, show_default=True, help="Children of each worker.")
def up(workers: int, concurrency: int) -> None:
    """Run everything here until Ctrl-C, on real servers of its own."""
    from app.cli import up as command

    sys.exit(command.run(PROJECT, workers=workers, concurrency=concurrency))


@main.command()
@click.option("--exit", "ends", is_flag=True, help="End when the results are there.")
@click.option("--concurrency", default=2, show_default=True, help="Children of the worker.")
@click.option("--url", help="Of an installation that runs already; nothing is started then.")
@click.option("--email", help="An account there.")
@click.option("--password", envvar="HULEEDU_PASSWORD", help="Its password; asked for if not given.")
def demo(
    ends: bool, concurrency: int, url: str | None, email: str | None, password: str | None
) -> None:
    """Hand in two classes' essays and watch them through to their results."""
    from app.cli import demo as command

    if url is not None:
        email = email or click.prompt("Email")
        password = password or click.prompt("Password", hide_input=True)
        sys.exit(command.against(url.rstrip("/"), str(email), str(password)))
    sys.exit(command.run(PROJECT, ends=ends, concurrency=concurrency))


@main.command()
def doctor() -> None:
    """Check the ledger's invariants I1–I10; says what is wrong, and ends 1 if anything is."""
    from app.cli import doctor as command

    sys.exit(command.run(PROJECT))


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("revision", default="head")
def migrate(revision: str) -> None:
    """Bring the database to the newest schema, or to REVISION."""
    from app.cli import migrate as command

    if command.from_environment(revision):
        return
    from app.cli import where

    with where.system(PROJECT) as system:
        command.run(system.deps.settings.database_url, revision)


@main.command()
@click.option("--new", "is_new", is_flag=True, help="Of a new installation in containers.")
def env(is_new: bool) -> None:
    """Print the environment of the system that runs here: eval "$(huleedu env)" lets a shell join it."""
    if is_new:
        from app.cli import new_env

        click.echo(new_env.text(), nl=False)
        return
    from app.cli import env as command

    sys.exit(command.run(PROJECT))


@main.command()
def rebuild() -> None:
    """Make the read model again from the source tables."""
    from app.cli import rebuild as command

    sys.exit(command.run(PROJECT))


@main.command()
def openapi() -> None:
    """Print the API's description, as /openapi.json answers it."""
    from app.cli import openapi as command

    sys.exit(command.run())


@main.command()
def relay() -> None:
    """Send what the outbox holds, and reconcile, until stopped. One of the processes of `up`."""
    from tasks import relay as process

    process.run()


@main.command("wait-for")
@click.argument("what", type=click.Choice(["database", "schema"]))
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def wait_for(what: str, command: tuple[str, ...]) -> None:
    """Wait until the database answers, or has this release's schema; then become COMMAND."""
    from app.cli import wait_for as process

    process.run(what, command)


@main.command()
@click.argument("what")
def alive(what: str) -> None:
    """Say by the exit code whether a process of this host does its work.

    WHAT is an address that has to answer, or a process: spellcheck (a worker's name before the @), relay, beat.
    """
    from app.cli import alive as command

    sys.exit(command.run(what))


@main.group()
def pipelines() -> None:
    """The catalogue of phases and pipelines; needs no running system."""


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_file_option = click.option(
    "--file", type=_FILE, envvar="HULEEDU_CATALOGUE", help="Another catalogue than the one in use."
)


@pipelines.command("check")
@click.argument("file", type=_FILE, envvar="HULEEDU_CATALOGUE", required=False)
@click.option(
    "--queue", "queues", multiple=True, help="A queue that a worker of yours reads; once for each."
)
def check_pipelines(file: Path | None, queues: tuple[str, ...]) -> None:
    """Check FILE, or the catalogue in use: says all that is wrong with line and column, and ends 1 if anything is."""
    from app.cli import pipelines as command

    sys.exit(command.check(file or command.SHIPPED, queues))


@pipelines.command("list")
@_file_option
def list_pipelines(file: Path | None) -> None:
    """List the pipelines and what each runs."""
    from app.cli import pipelines as command

    sys.exit(command.show_all(file or command.SHIPPED))


@pipelines.command("show")
@click.argument("name")
@_file_option
def show_pipeline(name: str, file: Path | None) -> None:
    """Draw the pipeline NAME, or the phase NAME with what it depends on."""
    from app.cli import pipelines as command

    sys.exit(command.show(name, file or command.SHIPPED))


@main.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--language", type=click.Choice([*map(str, Language)]), required=True)
@click.option("--names", type=_FILE, help="Names that are right as they are, one a line.")
@click.option("--json", "as_json", is_flag=True, help="Print all that is known as one document.")
@click.option("--jsonl", "as_lines", is_flag=True, help="Answer JSON lines with JSON lines.")
@click.option(
    "--batch-context/--no-batch-context",
    default=True,
    show_default=True,
    help="Whether all texts are one class's, and each says something about the others' words.",
)
@click.option("--strict", is_flag=True, help="End 1 if anything is found.")
def spellcheck(
    files: tuple[str, ...],
    language: str,
    names: Path | None,
    as_json: bool,
    as_lines: bool,
    batch_context: bool,
    strict: bool,
) -> None:
    """Check the spelling of FILES, or of standard input; needs no running system.

    With --jsonl each line is an object with id, text and perhaps names, and is answered by one with id, corrected_text
    and errors.
    """
    from app.cli import spellcheck as command

    if as_json and as_lines:
        raise click.UsageError("--json and --jsonl exclude each other.")
    wanted = command.Wanted(
        Language(language), files or (command.STDIN,), names, batch_context, strict
    )
    sys.exit(command.run_lines(wanted) if as_lines else command.run(wanted, as_json=as_json))


@main.command()
@click.argument("file", type=_FILE)
@click.option(
    "--judge",
    type=click.Choice(["builtin", "llm", "decisions"]),
    default="builtin",
    show_default=True,
)
@click.option("--decisions", type=_FILE, help="What others decided, for --judge decisions.")
@click.option(
    "--language",
    type=click.Choice([*map(str, Language)]),
    default=str(Language.ENGLISH),
    show_default=True,
    help="Of the essays.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON instead of a table.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Where to draw it.")
@click.option(
    "--profile",
    type=click.Choice([*map(str, Profile)]),
    default=str(Profile.BALANCED),
    show_default=True,
    help="What counts more to the built-in judge.",
)
@click.option(
    "--target",
    type=float,
    help="The reliability that is enough: 0.8, or 0.95 of the built-in judge, who is asked for free.",
)
@click.option("--most-rounds", type=int, default=20, show_default=True, help="The budget.")
@click.option("--assignment", type=_FILE, help="What the essays answer, for a model.")
@click.option("--names", type=_FILE, help="Pupils' names that a model is not told, one a line.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
def rank(
    file: Path,
    judge: str,
    decisions: Path | None,
    language: str,
    as_json: bool,
    plot: Path | None,
    profile: str,
    target: float | None,
    most_rounds: int,
    assignment: Path | None,
    names: Path | None,
    seed: int,
) -> None:
    """Rank the essays of FILE by comparing them two by two; needs no running system.

    FILE is a CSV file with the columns id and text. The judge is the built-in one, an estimate without a network; llm,
    the model that HULEEDU_LLM_… names; or decisions, a CSV file with judge, candidate_chosen and candidate_not_chosen.
    """
    from app.cli import rank as command
    from pipelines.judging import BadJudging, Judging

    if (judge == "decisions") != (decisions is not None):
        raise click.UsageError("--judge decisions and --decisions go together.")
    enough = 0.95 if judge == "builtin" else 0.8
    chosen = {
        "profile": profile,
        "target": enough if target is None else target,
        "most_rounds": most_rounds,
    }
    try:
        judging = Judging().but(chosen if decisions else {**chosen, "judge": judge})
    except BadJudging as exc:
        option = exc.field.replace("_", "-")
        raise click.UsageError(f"--{option}: {exc.reason}") from exc
    wanted = command.Wanted(
        file, decisions, Language(language), judging, assignment, names, plot, seed
    )
    sys.exit(command.run(wanted, as_json=as_json))


@main.group()
def cj() -> None:
    """Comparative judgement; needs no running system."""


@cj.command("simulate")
@click.option("--essays", type=click.IntRange(3, 1000), default=30, show_default=True)
@click.option(
    "--spread",
    type=click.FloatRange(0, 10),
    default=1.5,
    show_default=True,
    help="Standard deviation of the essays' strengths, in logits; 0 makes judges flip coins.",
)
@click.option("--judges", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--rounds", type=click.IntRange(1, 100), default=12, show_default=True)
@click.option(
    "--prior",
    type=click.FloatRange(-1, 1),
    help="A prior that goes so well with the truth, as a correlation.",
)
@click.option("--pairing", type=click.Choice(["own", "random"]), default="own", show_default=True)
@click.option(
    "--target",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.8,
    show_default=True,
    help="Honest reliability at which to stop.",
)
@click.option("--classes", type=click.IntRange(1, 1000), default=5, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one object as the last line, too.")
def simulate_judging(as_json: bool, prior: float | None, **wanted: Any) -> None:
    """Say how many comparisons a class takes, by judges that are simulated with the faults of people."""
    from app.cli import simulate as command

    sys.exit(command.run(command.Wanted(prior_r=prior, **wanted), as_json=as_json))


@main.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", "display_name", prompt="Name", help="Shown to others.")
@click.option("--role", type=click.Choice(["teacher", "admin"]), default="teacher")
@click.password_option(help="Asked for if not given.")
def add_user(email: str, display_name: str, role: str, password: str) -> None:
    """Make an account for EMAIL."""
    from app.cli import user as command

    sys.exit(command.add(PROJECT, email, display_name, role, password))


@main.group("dead-letters")
def dead_letters() -> None:
    """What nobody could handle: look at it, play it again, or put it away."""


@dead_letters.command("list")
@click.option(
    "--status",
    type=click.Choice([*map(str, DeadLetterStatus), "all"]),
    default=str(DeadLetterStatus.OPEN),
    show_default=True,
)
@click.option("--reason", type=click.Choice([*map(str, DeadLetterReason)]))
@click.option("--batch", type=click.UUID, help="Only those about this batch.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
def list_dead_letters(status: str, reason: str | None, batch: UUID | None, limit: int) -> None:
    """List dead letters, the newest first."""
    from app.cli import dead_letters as command

    sys.exit(command.list_all(PROJECT, status, reason, batch, limit))


@dead_letters.command("show")
@click.argument("dead_letter")
def show_dead_letter(dead_letter: str) -> None:
    """Show DEAD_LETTER with its message. The beginning of its id is enough."""
    from app.cli import dead_letters as command

    sys.exit(command.show(PROJECT, dead_letter))


@dead_letters.command("replay")
@click.argument("dead_letters", nargs=-1, required=True)
@click.option("--note", help="Why; kept with it.")
def replay_dead_letters(dead_letters: tuple[str, ...], note: str | None) -> None:
    """Have what DEAD_LETTERS are about done again. A batch takes one at a time: its run has to end first."""
    from app.cli import dead_letters as command

    sys.exit(command.replay(PROJECT, dead_letters, note))


@dead_letters.command("discard")
@click.argument("dead_letters", nargs=-1, required=True)
@click.option("--note", help="Why; kept with it.")
def discard_dead_letters(dead_letters: tuple[str, ...], note: str | None) -> None:
    """Put DEAD_LETTERS away. Nothing is done about them, and nothing is deleted."""
    from app.cli import dead_letters as command

    sys.exit(command.discard(PROJECT, dead_letters, note))


if __name__ == "__main__":
    main()
