"""Processes start when what they need is there, and show that they live while they do."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from app import bootstrap
from app.cli import alive, migrate
from app.local.postgres import Postgres
from app.services import health
from tasks.presence import SignOfLife


@contextmanager
def waiting(what: str, database_url: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", "wait-for", what, "--", "echo", "it", "-n", "began"],
        env={"DATABASE_URL": database_url, "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_complaint(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    return process.stderr.readline()


class TestWaiting:
    def test_becomes_its_command_at_once_when_the_schema_is_there(self, database_url):
        with waiting("schema", database_url) as process:
            said, complaints = process.communicate(timeout=60)

        assert (process.returncode, said, complaints) == (0, "it -n began\n", "")

    def test_goes_on_once_the_schema_has_come(self, postgres: Postgres):
        postgres.create_database("not_yet")
        try:
            with waiting("schema", postgres.url("not_yet")) as process:
                complaint = first_complaint(process)
                migrate.run(postgres.url("not_yet"))
                said, _ = process.communicate(timeout=60)
        finally:
            postgres.drop_database("not_yet")

        assert complaint == f"Waiting for the schema: it is at nothing, not at {migrate.newest()}\n"
        assert said == "it -n began\n"

    def test_is_content_with_a_newer_schema(self, database_url, engine):
        with engine.begin() as connection:
            connection.execute(text("update alembic_version set version_num = '9999'"))

        with waiting("schema", database_url) as process:
            said, _ = process.communicate(timeout=60)

        assert said == "it -n began\n"

    def test_can_be_ended(self, tmp_path):
        with waiting("database", f"postgresql://nobody@/nothing?host={tmp_path}") as process:
            complaint = first_complaint(process)
            process.terminate()
            process.communicate(timeout=60)

        assert complaint.startswith("Waiting for the database: ")
        assert process.returncode == 143


def test_ready_is_also_who_works_beside_the_next_releases_schema(deps, engine):
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))

    assert health.readiness(deps)["schema"] is None


class TestBeingAlive:
    @pytest.fixture(autouse=True)
    def here(self, monkeypatch, deps, database_url):
        monkeypatch.setattr(bootstrap, "current", lambda: deps)
        monkeypatch.setenv("DATABASE_URL", database_url)

    def test_is_shown_by_a_process_that_is_no_worker(self, deps):
        assert alive.run("relay") == 1

        sign = SignOfLife("relay")
        sign.give()

        assert alive.run("relay") == 0
        with deps.uow("look") as uow:
            assert uow.workers.slots_by_queue(30.0) == {}
        sign.withdraw()
        assert alive.run("relay") == 1

    def test_is_over_after_half_a_minute_of_silence(self, engine, capsys):
        SignOfLife("beat").give()
        silent(engine, timedelta(seconds=40))

        assert alive.run("beat") == 1
        assert "was last seen 40 s ago" in capsys.readouterr().err

    def test_who_was_killed_long_ago_is_forgotten(self, engine, deps):
        SignOfLife("beat").give()
        silent(engine, timedelta(hours=25))

        with deps.uow("forget") as uow:
            uow.workers.forget(24 * 3600.0)
            uow.commit()

        with engine.connect() as connection:
            assert connection.scalar(text("select count(*) from worker_heartbeats")) == 0

    def test_nobody_knows_without_a_database(self, monkeypatch, tmp_path):
        monkeypatch.setenv("DATABASE_URL", f"postgresql://nobody@/nothing?host={tmp_path}")

        assert alive.run("relay") == 1

    def test_an_address_that_does_not_answer_is_not(self):
        assert alive.run("http://127.0.0.1:1/healthz") == 1


def silent(engine, for_: timedelta) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("update worker_heartbeats set seen_at = now() - :ago"), {"ago": for_}
        )
