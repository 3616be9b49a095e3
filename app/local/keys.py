"""The secrets of a local installation: made once, kept where only their owner can read them."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from app.local.errors import Unusable

BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """Random words of 256 bits.

    Attributes:
        secret_key: signs tokens.
        service_key: what internal callers present.
        flower_password: for Flower's user `huleedu`.
    """

    secret_key: str = field(repr=False)
    service_key: str = field(repr=False)
    flower_password: str = field(repr=False)


def load(path: Path) -> Keys:
    """Read the keys, after making them if there are none.

    Raises:
        Unusable: the file is not one that was written here.
    """
    if not path.exists():
        _write(path, Keys(*(secrets.token_urlsafe(BYTES) for _ in range(3))))
    try:
        return Keys(**json.loads(path.read_text()))
    except (ValueError, TypeError) as exc:
        raise Unusable(f"{path} cannot be read. Delete it: the next start makes another.") from exc


def _write(path: Path, keys: Keys) -> None:
    # Written aside and renamed, so that a crash leaves either no keys or whole ones.
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(keys), file)
    unfinished.replace(path)
