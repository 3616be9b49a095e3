"""What the environment says of the model that judges."""

from decimal import Decimal

import pytest
from environs import EnvError

from app import llm_settings

GIVEN = {
    "HULEEDU_LLM_PROVIDER": "openai",
    "HULEEDU_LLM_MODEL": "judge-1",
    "HULEEDU_LLM_PRICE_INPUT": "2.5",
    "HULEEDU_LLM_PRICE_OUTPUT": "10",
}


@pytest.fixture
def given(monkeypatch):
    def give(**more: str) -> None:
        for name, value in (
            GIVEN | {f"HULEEDU_LLM_{key}": each for key, each in more.items()}
        ).items():
            monkeypatch.setenv(name, value)

    return give


def test_nobody_is_asked_unless_a_provider_is_named():
    assert llm_settings.load() is None


def test_the_provider_says_where_and_the_rest_has_defaults(given):
    given()
    settings = llm_settings.load()

    assert settings.url == "https://api.openai.com/v1"
    assert settings.price_input == Decimal("2.5")
    assert settings.budget == 5
    assert settings.temperature == 0


def test_what_is_set_to_nothing_is_not_set_as_compose_has_it(given):
    given(URL="", API_KEY="")
    settings = llm_settings.load()

    assert settings.url == "https://api.openai.com/v1"
    assert settings.api_key == ""


def test_a_server_of_ones_own_is_named_by_its_url(given):
    given(URL="http://127.0.0.1:11434/v1/", PRICE_INPUT="0", PRICE_OUTPUT="0", TEMPERATURE="none")
    settings = llm_settings.load()

    assert settings.url == "http://127.0.0.1:11434/v1"
    assert settings.temperature is None


def test_the_key_may_be_in_a_file_and_is_never_shown(given, tmp_path):
    (tmp_path / "key").write_text("sk-secret\n")
    given(API_KEY_FILE=str(tmp_path / "key"))
    settings = llm_settings.load()

    assert settings.api_key == "sk-secret"
    assert "sk-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROVIDER", "litellm"),
        ("URL", "ftp://example.org"),
        ("MODEL", ""),
        ("PRICE_INPUT", "-1"),
        ("PRICE_OUTPUT", "cheap"),
        ("BUDGET", "-0.01"),
        ("ANSWER", "prose"),
        ("TEMPERATURE", "hot"),
        ("CONCURRENCY", "0"),
        ("TIMEOUT_S", "0"),
        ("API_KEY_FILE", "/nowhere/at/all"),
    ],
)
def test_what_cannot_be_is_refused_by_name(given, name, value):
    given(**{name: value})

    with pytest.raises(EnvError, match=f"LLM_{name}"):
        llm_settings.load()


@pytest.mark.parametrize("key", ["two words", "new\nline", "nøkkel"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_told(given, key):
    given(API_KEY=key)

    with pytest.raises(EnvError, match="HULEEDU_LLM_API_KEY") as refused:
        llm_settings.load()
    assert key not in str(refused.value)


@pytest.mark.parametrize("name", ["MODEL", "PRICE_INPUT", "PRICE_OUTPUT"])
def test_a_provider_without_a_model_and_its_prices_is_refused(given, monkeypatch, name):
    given()
    monkeypatch.delenv(f"HULEEDU_LLM_{name}")

    with pytest.raises(EnvError, match=f"LLM_{name}"):
        llm_settings.load()
