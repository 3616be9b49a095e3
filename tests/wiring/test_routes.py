"""Every route says who may use it, and keeps everybody else out."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule, UUIDConverter

from app.api.blueprint import Access, GuardedBlueprint

# Flask's own blueprints, which say themselves that they are open; and the documentation of the API.
OPEN_WITHOUT_A_GUARD = {"description", "health", "live", "web", "api-docs", "swagger_ui"}
# Posts that say all in their address.
BODILESS = ("{file_id}/retry", "/cancel", "/auth/refresh", "/auth/logout", "}/read", "/ws-tickets")
REFUSALS = {Access.USER: 401, Access.SERVICE: 403}
EXAMPLES = {UUIDConverter: UUID(int=0), IntegerConverter: 1}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def blueprint_of(app: Flask, rule: Rule) -> Blueprint | None:
    name, _, _ = rule.endpoint.rpartition(".")
    return app.blueprints.get(name)


def calls(app: Flask, access: Access) -> Iterator[tuple[str, str]]:
    """Method and address of everything that a kind of caller may do."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            blueprint = blueprint_of(app, rule)
            if isinstance(blueprint, GuardedBlueprint) and blueprint.access is access:
                given = dict.fromkeys(rule.arguments, "x")
                given |= {
                    name: EXAMPLES[type(converter)]
                    for name, converter in rule._converters.items()
                    if type(converter) in EXAMPLES
                }
                url = rule.build(given, append_unknown=False)
                assert url is not None, rule
                yield from ((method, url[1]) for method in sorted(rule.methods & METHODS))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_every_route_says_who_may_use_it(app):
    for rule in app.url_map.iter_rules():
        blueprint = blueprint_of(app, rule)
        is_documentation = rule.endpoint.partition(".")[0] in OPEN_WITHOUT_A_GUARD

        assert is_documentation or isinstance(blueprint, GuardedBlueprint), rule
        if isinstance(blueprint, GuardedBlueprint):
            assert blueprint.access in Access


def test_only_signing_in_and_out_is_open_among_the_guarded(app):
    assert set(calls(app, Access.OPEN)) == {
        ("POST", "/v1/auth/login"),
        ("POST", "/v1/auth/refresh"),
        ("POST", "/v1/auth/logout"),
    }


def test_the_public_api_is_for_users_and_the_internal_one_for_services(app):
    assert all(url.startswith("/v1/") for _, url in calls(app, Access.USER))
    assert all(url.startswith("/internal/v1/") for _, url in calls(app, Access.SERVICE))


@pytest.mark.parametrize("access", REFUSALS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic dGVhY2hlcjp0ZWFjaGVy"},
        {"X-Service-Key": "wrong"},
    ],
    ids=["nothing", "a bad token", "a password", "a bad key"],
)
def test_nobody_comes_in_without_credentials(app, client, access, headers):
    wanted = list(calls(app, access))
    assert wanted

    for method, url in wanted:
        answer = client.open(url, method=method, headers=headers, json={})

        assert answer.status_code == REFUSALS[access], (method, url)
        assert answer.content_type == "application/problem+json"


def test_a_service_key_does_not_open_the_public_api_nor_a_token_the_internal_one(app, client):
    for method, url in calls(app, Access.USER):
        answer = client.open(url, method=method, headers={"X-Service-Key": "k" * 40}, json={})

        assert answer.status_code == 401, (method, url)


def test_every_post_with_a_body_has_a_schema(app):
    spec = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    posts = [
        (path, operation)
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
        if method in {"post", "put", "patch"}
    ]

    for path, operation in posts:
        content = operation.get("requestBody", {}).get("content", {})
        assert bool(content) != path.endswith(BODILESS), path
        assert all(each["schema"] for each in content.values()), path


def test_an_address_that_does_not_exist_is_a_problem_too(client):
    answer = client.get("/v1/nothing")

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
