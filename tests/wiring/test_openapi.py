"""The API's description is valid and leaves nothing out."""

import re
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.api.blueprint import Access, GuardedBlueprint

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    Access.OPEN: [],
    Access.USER: [{"bearer": []}],
    Access.SERVICE: [{"serviceKey": []}],
}


@pytest.fixture(scope="module")
def spec(app: Flask) -> dict[str, Any]:
    return app.test_client().get("/openapi.json").get_json()


def described(app: Flask) -> dict[tuple[str, str], Access]:
    """Every method of every guarded route, as the description would write it."""
    return {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower()): blueprint.access
        for rule in app.url_map.iter_rules()
        for method in rule.methods & METHODS
        if isinstance(
            blueprint := app.blueprints.get(rule.endpoint.rpartition(".")[0]), GuardedBlueprint
        )
    }


def test_it_is_valid(spec):
    assert spec["openapi"].startswith("3.1")
    assert [str(error) for error in OpenAPIV31SpecValidator(spec).iter_errors()] == []


def test_it_has_every_route_and_no_other(app, spec):
    written = {
        (path, method)
        for path, methods in spec["paths"].items()
        for method in methods
        if method.upper() in METHODS
    }

    assert written == set(described(app))


def test_it_says_who_may_use_each(app, spec):
    for (path, method), access in described(app).items():
        assert spec["paths"][path][method].get("security") == SECURITY[access], path


def test_every_operation_has_a_sentence_and_an_answer_with_a_schema(spec):
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if method.upper() not in METHODS:
                continue
            good = [code for code in operation["responses"] if code.startswith("2")]
            assert operation["summary"], path
            assert good, path
            if good != ["204"]:
                (content,) = operation["responses"][good[0]]["content"].values()
                assert content["schema"], path


def test_every_refusal_is_described_as_a_problem(spec):
    for methods in spec["paths"].values():
        for method, operation in methods.items():
            if method.upper() in METHODS:
                assert "default" in operation["responses"]

    problem = spec["components"]["responses"]["DEFAULT_ERROR"]
    assert set(problem["content"]) == {"application/problem+json"}


def test_the_documentation_is_served_from_here(app):
    page = app.test_client().get("/docs/")

    assert page.status_code == 200
    assert "https://" not in re.sub(r"<!--.*?-->", "", page.get_data(as_text=True), flags=re.S)


def test_a_header_stands_beside_what_else_is_taken_and_not_in_its_place(spec):
    parameters = spec["paths"]["/v1/batches"]["get"]["parameters"]

    names = {each["name"] for each in parameters}

    assert {"If-None-Match", "status", "search", "sort", "limit", "cursor"} <= names
