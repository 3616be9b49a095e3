"""What is on the screen is what happened, also when the connection or the server was away in the middle."""

import json
import re
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Page, Response, WebSocketRoute, expect

from app.local.stack import Stack
from app.services import results
from app.services.deps import Deps
from tests.acceptance.conftest import Teacher, eventually
from tests.e2e.conftest import WITHIN_MS, OpenWindow
from tests.e2e.hands import Mouse
from tests.e2e.test_the_way_of_a_teacher import SENTENCES, sign_in
from tests.e2e.words import Words

say = Words("en")
ESSAYS = 60
LOOK_MS = 50
TERMINAL = ("completed_successfully", "completed_with_failures", "failed", "cancelled")
AWAY = ("Failed to load resource", "WebSocket connection", "ERR_CONNECTION")

# When the connection is back, and when the screen says that the run has ended; in ms, by the page's own clock.
_WATCH = """([live, done]) => {
    window.when = {};
    const look = () => {
        const said = document.body.innerText;
        if (!window.when.live && said.includes(live)) window.when.live = performance.now();
        if (!window.when.right && said.includes(done)) window.when.right = performance.now();
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def hears(page: Page) -> set[int]:
    """The numbers of the notifications that come to a page: over its sockets, and asked for while it has none."""
    heard: set[int] = set()

    def take(payload: str | bytes) -> None:
        frame: dict[str, Any] = json.loads(payload)
        if frame["type"] == "notification":
            heard.add(frame["notification"]["seq"])

    def answer(response: Response) -> None:
        if response.ok and "/v1/notifications?after=" in response.url:
            heard.update(each["seq"] for each in response.json()["items"])

    page.on("websocket", lambda socket: socket.on("framereceived", take))
    page.on("response", answer)
    return heard


def is_live(page: Page) -> None:
    expect(page.get_by_text(say("connection.live"), exact=True)).to_be_visible()


def shows_all_done(page: Page) -> None:
    graph = page.get_by_role("region", name=say("batch.graph")).first
    # The texts, their spelling, their measures.
    all_of_them = graph.get_by_text(say("batch.graph.count", done=ESSAYS, total=ESSAYS))
    expect(all_of_them).to_have_count(3)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Let the page go on, as only asking it does, until something holds."""
    for _ in range(WITHIN_MS // LOOK_MS):
        if holds():
            return
        page.wait_for_timeout(LOOK_MS)
    assert holds()


@pytest.fixture
def batch(teacher: Teacher) -> str:
    """A class that has been handed in and waits to be started."""
    texts: dict[str, str | bytes] = {
        f"pupil-{n:02}.txt": SENTENCES["en"] * 12 for n in range(1, ESSAYS + 1)
    }
    batch_id = teacher.hands_in(texts)
    teacher.waits_until(batch_id, "ready")
    return batch_id


def test_nothing_is_lost_or_doubled_while_the_server_is_away(
    batch: str, teacher: Teacher, open_window: OpenWindow, stack: Stack, system: Deps
) -> None:
    first = open_window(tolerates=AWAY)
    sign_in_first(first, teacher)
    second = first.context.new_page()
    heard = hears(first), hears(second)
    for page in (first, second):
        page.goto(f"/batches/{batch}")
        is_live(page)
    before = teacher.http.get("/v1/notifications").json()["last"]

    teacher.api.start(batch, "comprehensive")
    eventually(lambda: status_of(batch, system)["progress"], "a first result")
    stack.supervisor.kill("web")
    stack.supervisor.hold("web")
    expect(first.get_by_text(say("connection.live"), exact=True)).to_be_hidden()
    eventually(lambda: status_of(batch, system)["status"] in TERMINAL, "the run has ended")
    for page in (first, second):
        page.evaluate(_WATCH, [say("connection.live"), say("status.completed_successfully")])
    stack.supervisor.release("web")

    for page in (first, second):
        is_live(page)
        shows_all_done(page)
    last = answered(teacher)["last"]
    for page, seqs in zip((first, second), heard, strict=True):
        until(page, lambda seqs=seqs: last in seqs)
        assert seqs == set(range(before + 1, last + 1))
        counts_each_once(page, teacher)
        when = page.evaluate("window.when")
        # Seen with -s; how long is a figure to be read, not a promise of every machine.
        sys.stdout.write(
            f"right {when['right'] - when['live']:.0f} ms after the connection was back\n"
        )
    assert bell(first) == bell(second)


def test_a_socket_that_breaks_is_opened_again_where_it_ended(
    batch: str, teacher: Teacher, open_window: OpenWindow
) -> None:
    page = open_window(tolerates=AWAY)
    sign_in_first(page, teacher)
    heard = hears(page)
    sockets: list[tuple[WebSocketRoute, WebSocketRoute]] = []

    def pass_on(socket: WebSocketRoute) -> None:
        sockets.append((socket, socket.connect_to_server()))

    page.route_web_socket(re.compile(r"/ws(\?|$)"), pass_on)
    page.goto(f"/batches/{batch}")
    is_live(page)
    before = teacher.http.get("/v1/notifications").json()["last"]

    teacher.api.start(batch, "comprehensive")
    eventually(lambda: teacher.api.status(batch)["progress"], "a first result")
    for end in sockets[-1]:
        end.close()

    shows_all_done(page)
    teacher.waits_until(batch, *TERMINAL)
    last = answered(teacher)["last"]
    until(page, lambda: last in heard)
    assert heard == set(range(before + 1, last + 1))
    counts_each_once(page, teacher)
    assert len(sockets) > 1


def test_what_is_read_in_one_tab_is_read_in_the_other(
    batch: str, teacher: Teacher, open_window: OpenWindow
) -> None:
    first = open_window()
    sign_in_first(first, teacher)
    second = first.context.new_page()
    second.goto("/batches")
    is_live(second)
    assert "none" not in bell(second)

    first.goto("/notifications")
    first.get_by_role("button", name=say("notifications.markAll")).click()

    for page in (first, second):
        expect(page.get_by_role("button", name="Notifications, none unread")).to_be_visible()


def sign_in_first(page: Page, teacher: Teacher) -> None:
    sign_in(page, say, Mouse(page), teacher)


def status_of(batch: str, system: Deps) -> dict[str, Any]:
    """Where a batch stands, asked past the web server."""
    return results.internal_status(UUID(batch), deps=system)


def answered(teacher: Teacher) -> dict[str, Any]:
    """What the API says of notifications, once it answers again."""

    def ask() -> dict[str, Any] | None:
        try:
            return dict(teacher.http.get("/v1/notifications").json())
        except httpx.TransportError:
            return None

    found: dict[str, Any] = eventually(ask, "the server answers")
    return found


def counts_each_once(page: Page, teacher: Teacher) -> None:
    """The bell counts what there is, and the list under it has each of it once."""
    unread = answered(teacher)["unread"]
    expect(page.get_by_role("button", name=f"Notifications, {unread} unread")).to_be_visible()
    page.get_by_role("button", name=f"Notifications, {unread} unread").click()
    newest = page.get_by_role("dialog").get_by_role("listitem")
    expect(newest.first).to_be_visible()
    said = newest.all_inner_texts()
    assert len(said) == len(set(said))
    page.keyboard.press("Escape")


def bell(page: Page) -> str:
    """What the bell says."""
    return (
        page.locator("header button[aria-haspopup=dialog]").first.get_attribute("aria-label") or ""
    )
