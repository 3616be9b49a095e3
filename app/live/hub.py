"""One hub in each process: it hears every ring, reads Postgres once for it, and leaves frames for the user's sockets.

Rings are hints. What is sent starts where the last reading ended, not where a ring says; and with or without rings
the hub looks by itself every few seconds. So a ring that is lost, doubled or late changes when something is told and
never what.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Condition, Lock, Thread
from time import monotonic
from typing import Any
from uuid import UUID

import structlog

from app import metrics
from app.live import frames
from app.live.listener import RESTARTING, TOO_MANY, Listener
from app.services import live
from app.services.deps import Deps
from app.services.live import Standing

log = structlog.get_logger(__name__)

BREATH_S = 0.05
"""Between two readings for one user: what happens meanwhile is read and sent together."""
LOOK_EVERY_S = 15.0
LOOK_EVERY_S_IF_DEAF = 2.0
AFTER_TROUBLE_S = 1.0
MOST_SOCKETS_OF_A_USER = 100


@dataclass
class _Pending:
    """What somebody has to be told about."""

    notifications: bool = False
    batches: set[UUID] = field(default_factory=set)
    marked: list[tuple[int | None, int | None]] = field(default_factory=list)

    def add(self, other: "_Pending") -> None:
        self.notifications |= other.notifications
        self.batches |= other.batches
        self.marked += other.marked


@dataclass
class _Audience:
    """One user's sockets, and how far they have been told.

    `lock` is held while news are read and left with the listeners, so that joining falls between two such rounds;
    `pending` and `is_due_at` belong to the hub's own lock.
    """

    user_id: UUID
    lock: Lock = field(default_factory=Lock)
    listeners: list[Listener] = field(default_factory=list)
    standing: Standing | None = None
    last_seq: int = 0
    unread: int = 0
    batches: dict[UUID, int] = field(default_factory=dict)
    pending: _Pending = field(default_factory=_Pending)
    told_at: float = 0.0


class Hub:
    """The sockets of this process. Its threads start with the first of them."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._changed = Condition()
        self._audiences: dict[UUID, _Audience] = {}
        self._due: dict[UUID, float] = {}
        self._look_at = 0.0
        self._hears = False
        self._is_closed = False
        self._reserved = 0
        self._stop_listening: Callable[[], None] | None = None

    def reserve(self) -> bool:
        """Keep room for one more socket, before its handshake; False if there is none."""
        with self._changed:
            if self._is_closed or self._reserved >= self._deps.settings.max_sockets:
                return False
            self._reserved += 1
            metrics.SOCKETS.set(self._reserved)
            return True

    def release(self) -> None:
        """Give back what `reserve` kept."""
        with self._changed:
            self._reserved -= 1
            metrics.SOCKETS.set(self._reserved)

    def join(self, user_id: UUID, listener: Listener, after: int | None) -> str:
        """Let a socket hear what is new from now on; the frame to greet it with.

        The listener catches up by itself, with `catch_up`.

        Args:
            after: the number of the last notification the other side has; None if it wants no older ones.
        """
        with self._changed:
            self._start()
            audience = self._audiences.setdefault(user_id, _Audience(user_id))
            audience.listeners.append(listener)
            if self._is_closed:
                listener.close(RESTARTING)
            elif len(audience.listeners) > MOST_SOCKETS_OF_A_USER:
                listener.close(TOO_MANY)
        with audience.lock:
            self._open(audience)
            standing = live.standing(user_id, self._deps, with_batches=False)
        # A number that was never given comes from another database, or from nowhere.
        listener.sent = standing.last_seq if after is None else min(after, standing.last_seq)
        return frames.hello(standing.last_seq, standing.unread)

    def catch_up(self, user_id: UUID, listener: Listener, send: Callable[[str], None]) -> None:
        """Send a listener what it has missed, at its own pace; from then on the hub leaves it what is new.

        It is ready only when it has, under the audience's lock, all that was left with the others.
        """
        audience = self._audiences[user_id]
        while True:
            told = audience.last_seq
            page = live.after(user_id, listener.sent, self._deps)
            for body in page:
                send(frames.notification(body))
                listener.sent = body["seq"]
            if len(page) == live.PAGE:
                continue
            # Numbers up to `told` that were not read have gone with an erased batch.
            listener.sent = max(listener.sent, told)
            with audience.lock:
                if listener.sent >= audience.last_seq:
                    listener.is_ready = True
                    return

    def leave(self, user_id: UUID, listener: Listener) -> None:
        """Forget a socket."""
        with self._changed:
            audience = self._audiences[user_id]
            audience.listeners.remove(listener)
            if not audience.listeners:
                del self._audiences[user_id]
                self._due.pop(user_id, None)

    def close(self) -> None:
        """Have every socket closed, and take no more."""
        with self._changed:
            self._is_closed = True
            listeners = [each for a in self._audiences.values() for each in a.listeners]
            self._changed.notify_all()
        for listener in listeners:
            listener.close(RESTARTING)
        if self._stop_listening:
            self._stop_listening()

    def heard(self, user_id: UUID, message: Mapping[str, Any]) -> None:
        """Take a ring. Never waits for Postgres."""
        pending = _Pending()
        try:
            if "batch_id" in message:
                pending.batches.add(UUID(message["batch_id"]))
                pending.notifications = message.get("last_seq") is not None
            if "read" in message:
                pending.marked.append((message["read"]["seq"], message["read"]["up_to"]))
        except (KeyError, TypeError, ValueError):
            log.warning("ring_not_understood")
            return
        with self._changed:
            self._tell_soon(user_id, pending)

    def _listening(self, hears: bool) -> None:
        with self._changed:
            self._hears = hears
            self._look_at = 0.0  # what was rung while nobody heard is found by looking
            self._changed.notify_all()

    def _start(self) -> None:
        if self._stop_listening is None:
            self._look_at = monotonic() + LOOK_EVERY_S_IF_DEAF
            self._stop_listening = self._deps.doorbell.listen(self.heard, self._listening)
            Thread(target=self._run, name="hub", daemon=True).start()

    def _tell_soon(self, user_id: UUID, pending: _Pending) -> None:
        audience = self._audiences.get(user_id)
        if audience is None:
            return
        audience.pending.add(pending)
        self._due.setdefault(user_id, audience.told_at + BREATH_S)
        self._changed.notify_all()

    def _run(self) -> None:
        while (todo := self._next()) is not None:
            for work in todo:
                try:
                    work()
                except Exception:
                    # Postgres is away, or a row cannot be told: everybody is looked at again a moment later.
                    log.exception("hub_failed")
                    with self._changed:
                        self._look_at = min(self._look_at, monotonic() + AFTER_TROUBLE_S)

    def _next(self) -> Iterable[Callable[[], None]] | None:
        with self._changed:
            while not self._is_closed:
                now = monotonic()
                due = [user for user, at in self._due.items() if at <= now]
                if due:
                    found = [self._audiences[self._forget_due(user)] for user in due]
                    return [partial(self._tell, each) for each in found]
                if self._look_at <= now:
                    every_s = LOOK_EVERY_S if self._hears else LOOK_EVERY_S_IF_DEAF
                    self._look_at = now + every_s
                    return [self._look]
                self._changed.wait(min([self._look_at, *self._due.values()]) - now)
        return None

    def _forget_due(self, user_id: UUID) -> UUID:
        del self._due[user_id]
        return user_id

    def _look(self) -> None:
        """Compare with Postgres what everybody has been told, rings or no rings."""
        with self._changed:
            audiences = list(self._audiences.values())
        for listener in [each for audience in audiences for each in list(audience.listeners)]:
            listener.cut_if_stuck()
        found = live.standings([audience.user_id for audience in audiences], self._deps)
        for audience in audiences:
            standing = found[audience.user_id]
            with audience.lock:
                if audience.standing is None:
                    continue
                pending = _Pending(standing.last_seq > audience.last_seq)
                pending.batches = {
                    batch_id
                    for batch_id, event_no in standing.batches.items()
                    if event_no > audience.batches.get(batch_id, 0)
                }
                if standing.unread != audience.unread and not pending.notifications:
                    pending.marked = [(None, None)]
            if pending.notifications or pending.batches or pending.marked:
                with self._changed:
                    self._tell_soon(audience.user_id, pending)

    def _open(self, audience: _Audience) -> None:
        """Read where news start, once, before anybody is told any. The audience's lock is held."""
        if audience.standing is None:
            audience.standing = live.standing(audience.user_id, self._deps)
            audience.last_seq = audience.standing.last_seq
            audience.unread = audience.standing.unread
            audience.batches = dict(audience.standing.batches)

    def _tell(self, audience: _Audience) -> None:
        with audience.lock:
            self._open(audience)
            with self._changed:
                pending, audience.pending = audience.pending, _Pending()
                listeners = list(audience.listeners)
                audience.told_at = monotonic()
            since = {batch_id: audience.batches.get(batch_id, 0) for batch_id in pending.batches}
            news = live.news(
                audience.user_id,
                after_seq=audience.last_seq if pending.notifications else None,
                since=since,
                unread=bool(pending.marked),
                deps=self._deps,
            )
            self._tell_notifications(audience, listeners, news.notifications)
            for batch in news.batches:
                if batch.event_no == since[batch.batch_id] and not batch.cells:
                    continue  # rung for twice
                for frame in frames.batch(
                    batch.batch_id,
                    since=since[batch.batch_id],
                    event_no=batch.event_no,
                    status=batch.status,
                    cells=batch.cells,
                ):
                    _offer(listeners, frame)
                audience.batches[batch.batch_id] = batch.event_no
            if news.unread is not None:
                audience.unread = news.unread
                for seq, up_to in pending.marked:
                    _offer(listeners, frames.unread(news.unread, seq=seq, up_to=up_to))
        if len(news.notifications) == live.PAGE:
            with self._changed:
                self._tell_soon(audience.user_id, _Pending(notifications=True))

    def _tell_notifications(
        self,
        audience: _Audience,
        listeners: list[Listener],
        bodies: Iterable[Mapping[str, Any]],
    ) -> None:
        for body in bodies:
            frame = frames.notification(body)
            for listener in listeners:
                if listener.is_ready and listener.sent < body["seq"]:
                    listener.sent = body["seq"]
                    listener.offer(frame)
            audience.last_seq = body["seq"]
            audience.unread += 1


def _offer(listeners: Iterable[Listener], frame: str) -> None:
    for listener in listeners:
        listener.offer(frame)
