"""`huleedu openapi`: the API's description, as `/openapi.json` answers it, without any server."""

import contextlib
import json
import sys
from pathlib import Path
from tempfile import gettempdir

from app import bootstrap, unit_of_work
from app.settings import Settings


def text() -> str:
    """The description as JSON, with keys in the order they are documented in."""
    from app.factory import create_app

    nowhere = Path(gettempdir()) / "huleedu-nowhere"
    settings = Settings(
        database_url="postgresql+psycopg2://nobody@/nothing",
        broker_url=f"redis+socket://{nowhere}.sock",
        redis_url=f"unix://{nowhere}.sock",
        result_url=f"redis+socket://{nowhere}.sock",
        secret_key="0" * 40,
        service_key="0" * 40,
        home=nowhere,
    )
    app = create_app(bootstrap.assemble(settings, unit_of_work.engine(settings.database_url)))
    body = app.test_client().get("/openapi.json").get_json()
    return json.dumps(body, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def run() -> int:
    """Print it, and nothing else: what is logged goes where errors go."""
    with contextlib.redirect_stdout(sys.stderr):
        description = text()
    sys.stdout.write(description)
    return 0
