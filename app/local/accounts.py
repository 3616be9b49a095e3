"""Who the servers run as."""

import os
import pwd
from dataclasses import dataclass

from app.local.errors import LocalError

UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system.

    Attributes:
        uid: numeric user.
        gid: numeric group.
        switched: whether a process must give up root to become this user.
    """

    uid: int
    gid: int
    switched: bool = False

    @classmethod
    def ours(cls) -> "Account":
        """The user this program runs as."""
        return cls(os.geteuid(), os.getegid())

    @classmethod
    def for_servers(cls) -> "Account":
        """The user the servers run as: ours, unless that is root, which PostgreSQL refuses.

        Raises:
            LocalError: we are root and the machine knows no unprivileged user.
        """
        if os.geteuid() != 0:
            return cls.ours()
        try:
            entry = pwd.getpwnam(UNPRIVILEGED)
        except KeyError as exc:
            raise LocalError(
                f"PostgreSQL does not run as root, and there is no user {UNPRIVILEGED!r} to run it "
                "as. Start HuleEdu as an ordinary user, or set DATABASE_URL and REDIS_URL."
            ) from exc
        return cls(entry.pw_uid, entry.pw_gid, switched=True)
