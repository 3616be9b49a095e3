"""Every screen in every state it can be in, so that one table serves the checks and the pictures."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, Route

from app.schemas.judging_costs import JudgingCostsSchema
from tests.e2e import rankings

PROBLEM = {
    "type": "/problems/internal-server-error",
    "title": "Something went wrong here.",
    "status": 500,
    "detail": "It has been logged.",
    "instance": "/v1",
    "correlation_id": "0b51c2a4-0000-4000-8000-000000000000",
}


@dataclass(frozen=True)
class Batches:
    """The batches of the teacher who looks, by what they show."""

    done: str
    failing: str
    ready: str
    empty: str
    essay: str


Prepare = Callable[[Page], None]


def as_it_is(page: Page) -> None:
    """Whatever the server has."""


def unassigned(page: Page) -> None:
    """Nobody has said what the pupils were to write."""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "essay_instructions": ""})

    page.route(re.compile(r"/v1/batches/[^/?]+$"), answer)


def never(pattern: str) -> Prepare:
    """Answers to some address never come, as on a very slow line."""

    def prepare(page: Page) -> None:
        page.route(pattern, lambda route: None)

    return prepare


def broken(pattern: str) -> Prepare:
    """Whatever is asked there goes wrong."""

    def answer(route: Route) -> None:
        route.fulfill(status=500, content_type="application/problem+json", body=json.dumps(PROBLEM))

    return lambda page: page.route(pattern, answer)


@dataclass(frozen=True)
class Screen:
    """One screen in one state.

    Attributes:
        address: with the names of `Batches` in braces.
        signed_in: who looks: the teacher with batches, `new` one who has none, or nobody.
        until: a CSS selector of what shows that the screen is there.
    """

    name: str
    address: str
    signed_in: str | None = "teacher"
    prepare: Prepare = as_it_is
    until: str = "h1"
    act: Prepare = field(default=as_it_is)


def _open_bell(page: Page) -> None:
    page.keyboard.press("b")
    page.locator("header [role=dialog] li").first.wait_for()


def with_a_model(page: Page) -> None:
    """A language model may judge, and what that costs is known."""

    def catalogue(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "model": "judge-1"})

    costs = {
        "model": "judge-1",
        "currency": "USD",
        "essay_count": 30,
        "most_rounds": 20,
        "least": {"requests": 165, "money": 0.41},
        "most": {"requests": 621, "money": 1.57},
        "budget": 1.0,
        "spent": 0.2,
        "is_within_budget": False,
    }
    assert set(costs) == set(JudgingCostsSchema().fields), "the API sends something else"
    page.route("**/v1/pipelines", catalogue)
    page.route("**/v1/batches/*/judging-costs*", lambda route: route.fulfill(json=costs))


def graded_with_a_model(page: Page) -> None:
    """A ranking with grades that a model had a part in."""
    with_a_model(page)
    rankings.answered(rankings.graded())(page)


def _choose_the_model(page: Page) -> None:
    page.locator("fieldset ~ details summary").click()
    page.locator("details input[value=llm]").check()
    page.locator("details input[type=checkbox]").check()
    page.get_by_text("621").wait_for()


def comparing(page: Page) -> None:
    """The class is being compared."""

    def answer(route: Route) -> None:
        response = route.fetch()
        going = {
            "status": "processing",
            "run_status": "active",
            "progress": 0.62,
            "eta_s": 40.0,
            "round": {"round_no": 5, "most_rounds": 16, "reliability": 0.61, "target": 0.8},
        }
        route.fulfill(response=response, json={**response.json(), **going})

    page.route("**/v1/batches/*/status", answer)


def _open_help(page: Page) -> None:
    page.keyboard.press("?")


def _submit_nothing(page: Page) -> None:
    page.locator("button[type=submit]").last.click()


def _next_error(page: Page) -> None:
    page.locator("mark, [data-error]").first.wait_for()
    page.keyboard.press("j")


def _choose_at_once(page: Page) -> None:
    page.wait_for_timeout(700)
    page.keyboard.press("ArrowLeft")
    page.locator("[role=alert]").wait_for()


def _cannot_judge(page: Page) -> None:
    page.keyboard.press("x")
    page.locator("dialog[open]").wait_for()


SCREENS = (
    Screen("sign-in", "/sign-in", None),
    Screen("sign-in-error", "/sign-in", None, act=_submit_nothing),
    Screen("batches-full", "/batches", until="main li"),
    Screen("batches-empty", "/batches", "new"),
    Screen("batches-nothing-found", "/batches?search=zzz"),
    Screen("batches-loading", "/batches", prepare=never("**/v1/batches?*")),
    Screen("batches-error", "/batches", prepare=broken("**/v1/batches?*"), until="[role=alert]"),
    Screen("new-batch", "/batches/new"),
    Screen("new-batch-error", "/batches/new", act=_submit_nothing),
    Screen("files-full", "/batches/{failing}/files", until="main li"),
    Screen("files-empty", "/batches/{empty}/files"),
    Screen("files-loading", "/batches/{done}/files", prepare=never("**/v1/batches/*/files*")),
    Screen(
        "files-error",
        "/batches/{done}/files",
        prepare=broken("**/v1/batches/*/files*"),
        until="[role=alert]",
    ),
    Screen("batch-full", "/batches/{done}", until="[role=grid]"),
    Screen("batch-failing", "/batches/{failing}", until="[role=grid]"),
    Screen("batch-ready", "/batches/{ready}", until="[role=grid]"),
    Screen(
        "batch-unassigned",
        "/batches/{ready}",
        prepare=unassigned,
        until="section form textarea",
    ),
    Screen(
        "batch-judging-options",
        "/batches/{ready}",
        prepare=with_a_model,
        until="fieldset ~ details summary",
        act=_choose_the_model,
    ),
    Screen("batch-comparing", "/batches/{done}", prepare=comparing, until="[role=grid]"),
    Screen("batch-empty", "/batches/{empty}"),
    Screen("batch-loading", "/batches/{done}", prepare=never("**/v1/batches/*/status")),
    Screen(
        "batch-error",
        "/batches/{done}",
        prepare=broken("**/v1/batches/*/status"),
        until="[role=alert]",
    ),
    Screen("batch-missing", "/batches/00000000-0000-4000-8000-000000000000"),
    Screen("results-full", "/batches/{done}/results", until="table:visible"),
    Screen("results-failing", "/batches/{failing}/results", until="table:visible"),
    Screen("results-empty", "/batches/{empty}/results"),
    Screen("results-loading", "/batches/{done}/results", prepare=never("**/v1/batches/*/essays*")),
    Screen(
        "results-error",
        "/batches/{done}/results",
        prepare=broken("**/v1/batches/*/essays*"),
        until="[role=alert]",
    ),
    Screen("ranking-full", "/batches/{done}/ranking", until="figure svg"),
    Screen(
        "ranking-people",
        "/batches/{done}/ranking",
        prepare=rankings.answered(rankings.by_people_and_machines()),
        until="figure svg",
    ),
    Screen(
        "ranking-machine",
        "/batches/{done}/ranking",
        prepare=rankings.answered(rankings.by_a_machine()),
        until="figure svg",
    ),
    Screen(
        "ranking-pieces",
        "/batches/{done}/ranking",
        prepare=rankings.answered(rankings.in_pieces()),
        until="figure svg",
    ),
    Screen(
        "ranking-graded",
        "/batches/{done}/ranking",
        prepare=graded_with_a_model,
        until="figure svg",
    ),
    Screen(
        "ranking-anchors-missing",
        "/batches/{done}/ranking",
        prepare=rankings.answered(rankings.with_too_few_anchors()),
        until="figure svg",
    ),
    Screen("ranking-none", "/batches/{ready}/ranking", until="main h2"),
    Screen(
        "ranking-loading", "/batches/{done}/ranking", prepare=never("**/v1/batches/*/assessment")
    ),
    Screen(
        "ranking-error",
        "/batches/{done}/ranking",
        prepare=broken("**/v1/batches/*/assessment"),
        until="[role=alert]",
    ),
    Screen(
        "judging-full",
        "/batches/{done}/judging",
        prepare=rankings.lent(),
        until="[data-pane]:visible",
    ),
    Screen(
        "judging-quick",
        "/batches/{done}/judging",
        prepare=rankings.lent(),
        until="[data-pane]:visible",
        act=_choose_at_once,
    ),
    Screen(
        "judging-late",
        "/batches/{done}/judging",
        prepare=rankings.lent(for_s=-1),
        until="[role=alert]",
    ),
    Screen(
        "judging-cannot",
        "/batches/{done}/judging",
        prepare=rankings.lent(),
        until="[data-pane]:visible",
        act=_cannot_judge,
    ),
    Screen(
        "judging-done", "/batches/{done}/judging", prepare=rankings.none_to_lend, until="main h2"
    ),
    Screen("judging-unprepared", "/batches/{ready}/judging", until="main h2"),
    Screen(
        "judging-loading",
        "/batches/{done}/judging",
        prepare=never("**/v1/batches/*/comparisons/next"),
    ),
    Screen(
        "judging-error",
        "/batches/{done}/judging",
        prepare=broken("**/v1/batches/*/comparisons/next"),
        until="[role=alert]",
    ),
    Screen("essay-full", "/batches/{done}/essays/{essay}", until="[data-error]", act=_next_error),
    Screen("essay-failed", "/batches/{failing}/essays/essay-3"),
    Screen("essay-empty", "/batches/{empty}/essays/essay-1"),
    Screen(
        "essay-loading",
        "/batches/{done}/essays/{essay}",
        prepare=never("**/v1/batches/*/essays/essay-*"),
    ),
    Screen(
        "essay-error",
        "/batches/{done}/essays/{essay}",
        prepare=broken("**/v1/batches/*/essays/essay-*"),
        until="[role=alert]",
    ),
    Screen("notifications-full", "/notifications", until="main li"),
    Screen("notifications-empty", "/notifications", "new"),
    Screen("notifications-loading", "/notifications", prepare=never("**/v1/notifications*")),
    Screen(
        "notifications-error",
        "/notifications",
        prepare=broken("**/v1/notifications*"),
        until="[role=alert]",
    ),
    Screen("bell-open", "/batches", until="main li", act=_open_bell),
    Screen("shortcuts-open", "/batches", until="main li", act=_open_help),
    Screen("settings", "/settings"),
    Screen("not-found", "/nowhere"),
)
