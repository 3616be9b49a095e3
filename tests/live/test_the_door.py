"""Who may open a socket is decided before the handshake."""

from contextlib import suppress

import httpx
import pytest
import websocket

from app.live.listener import EXPIRED
from tests.live.conftest import PROTOCOL, SCHOOL, Browser, Teacher


@pytest.fixture
def teacher(deps, klass, shared) -> Teacher:
    return Teacher(deps, klass.owner, shared("web").url)


def refusal(teacher: Teacher, **options: object) -> tuple[int, str]:
    """Status and problem that a socket is refused with."""
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        teacher.connects(**options)
    body = refused.value.resp_body or b""
    assert b"/problems/" in body, body
    return refused.value.status_code, body.decode().split("/problems/")[1].split('"')[0]


def test_a_ticket_from_the_api_opens_one_socket_and_only_the_protocol_is_echoed(teacher):
    answer = teacher.asks("POST", "/v1/ws-tickets")

    assert answer.status_code == 201
    given = answer.json()
    assert given["expires_in"] == 30
    assert given["url"] == teacher.url.replace("http", "ws") + "/ws"
    first = teacher.connects(ticket=given["ticket"])
    assert first.next()["type"] == "hello"
    assert first.socket.getsubprotocol() == PROTOCOL
    assert refusal(teacher, ticket=given["ticket"]) == (401, "ticket-not-valid")


def test_nobody_comes_in_without_a_good_ticket(teacher):
    for subprotocols in ([PROTOCOL], [f"ticket.{teacher.ticket()}"], [PROTOCOL, "ticket.made-up"]):
        assert refusal(teacher, subprotocols=subprotocols) == (401, "ticket-not-valid")
    assert refusal(teacher, ticket=teacher.ticket(lasts_s=-1)) == (401, "ticket-not-valid")


def test_a_page_from_elsewhere_is_kept_out_and_does_not_use_the_ticket_up(teacher):
    ticket = teacher.ticket()

    assert refusal(teacher, ticket=ticket, origin="https://evil.example") == (
        403,
        "origin-not-allowed",
    )

    assert teacher.connects(ticket=ticket).next()["type"] == "hello"


def test_a_page_that_is_named_and_a_client_without_a_page_come_in(teacher):
    named = teacher.connects(origin=SCHOOL)
    no_page = teacher.connects(suppress_origin=True)

    assert named.next()["type"] == no_page.next()["type"] == "hello"


@pytest.mark.parametrize("after", ["-1", "x", str(2**63)])
def test_after_has_to_be_a_number(teacher, after):
    assert refusal(teacher, after=after) == (400, "bad-request")


def test_what_is_no_websocket_is_refused(teacher):
    answer = teacher.asks("GET", "/ws")
    half = httpx.get(
        f"{teacher.url}/ws",
        headers={"Upgrade": "websocket", "Connection": "Upgrade"},
        trust_env=False,
    )

    assert (answer.status_code, half.status_code) == (400, 400)


def test_when_there_is_no_room_the_next_is_asked_to_wait(deps, klass, a_server):
    teacher = Teacher(deps, klass.owner, a_server(HULEEDU_MAX_SOCKETS="2").url)
    first, second = teacher.connects(), teacher.connects()
    assert first.next()["type"] == second.next()["type"] == "hello"

    assert refusal(teacher) == (503, "live-unavailable")

    first.socket.close()
    assert eventually_connects(teacher).next()["type"] == "hello"


def eventually_connects(teacher: Teacher) -> Browser:
    while True:
        with suppress(websocket.WebSocketBadStatusException):
            return teacher.connects()


def test_without_redis_there_are_no_tickets_for_now(deps, klass, a_server, tmp_path):
    server = a_server(REDIS_URL=f"unix://{tmp_path}/nobody.sock?db=0")
    teacher = Teacher(deps, klass.owner, server.url)

    answer = teacher.asks("POST", "/v1/ws-tickets")

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/live-unavailable"
    assert int(answer.headers["Retry-After"]) > 0
    assert teacher.asks("GET", "/v1/notifications").json()["last"] == 2


def test_a_socket_ends_with_the_access_it_was_opened_with(teacher):
    browser = teacher.connects(ticket=teacher.ticket(lasts_s=2))
    assert browser.next()["type"] == "hello"

    assert browser.closed_with() == EXPIRED
