"""What the environment says of the model that judges essays, if any does."""

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from environs import Env, EnvError
from marshmallow import ValidationError, validate

from pipelines.phases.cj_assessment import costs
from pipelines.phases.cj_assessment.costs import Prices

OPENAI, ANTHROPIC = "openai", "anthropic"
URLS = {OPENAI: "https://api.openai.com/v1", ANTHROPIC: "https://api.anthropic.com"}
SCHEMA, TOOL = "schema", "tool"


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """Which model to ask, how, and what it may cost.

    Attributes:
        provider: the protocol it speaks, `openai` or `anthropic`.
        url: where; what follows it is the protocol's.
        model: as its provider calls it.
        price_input, price_output: per million tokens, in any one currency.
        budget: what the judging of one batch may cost, in that currency.
        currency: its name, for people.
        api_key: empty for a server that wants none.
        answer: how an OpenAI-compatible server is made to answer in JSON, by `schema` or by `tool`.
        temperature: None leaves it to the model.
        max_output_tokens: of one answer, whatever the model thinks before it included.
        requests_per_minute, tokens_per_minute: of all workers together; 0 tokens is no limit.
        concurrency: requests at a time of one slice.
        timeout_s: how long one request may take.
        give_up_s: how long a pair is tried while the model does not answer.
    """

    provider: str
    url: str
    model: str
    price_input: Decimal
    price_output: Decimal
    budget: Decimal = Decimal(5)
    currency: str = "USD"
    api_key: str = field(default="", repr=False)
    answer: str = SCHEMA
    temperature: float | None = 0.0
    max_output_tokens: int = 400
    requests_per_minute: int = 60
    tokens_per_minute: int = 0
    concurrency: int = 4
    timeout_s: float = 60.0
    give_up_s: float = 1800.0

    @property
    def prices(self) -> Prices:
        """What requests cost."""
        return Prices(self.price_input, self.price_output, self.max_output_tokens)

    @property
    def budget_micros(self) -> int:
        """What the judging of one batch may cost, in millionths."""
        return costs.micros(self.budget)


def load(env: Env | None = None) -> LlmSettings | None:
    """Read them; None where no model is to judge.

    Raises:
        environs.EnvValidationError, environs.EnvError: a value is missing or not what it must be; names the variable.
    """
    env = env or Env()
    positive = validate.Range(min=0, min_inclusive=False)
    at_least_0 = validate.Range(min=0)
    with env.prefixed("HULEEDU_"):
        provider = env.str("LLM_PROVIDER", "", validate=validate.OneOf(["", *URLS]))
        if not provider:
            return None
        return LlmSettings(
            provider=provider,
            url=(env.str("LLM_URL", "", validate=_url) or URLS[provider]).rstrip("/"),
            model=env.str("LLM_MODEL", validate=validate.Length(min=1, max=100)),
            price_input=env.decimal("LLM_PRICE_INPUT", validate=at_least_0),
            price_output=env.decimal("LLM_PRICE_OUTPUT", validate=at_least_0),
            budget=env.decimal("LLM_BUDGET", Decimal(5), validate=at_least_0),
            currency=env.str("LLM_CURRENCY", "USD"),
            api_key=_key(env.str("LLM_API_KEY", ""), env.path("LLM_API_KEY_FILE", None)),
            answer=env.str("LLM_ANSWER", SCHEMA, validate=validate.OneOf([SCHEMA, TOOL])),
            temperature=_temperature(env.str("LLM_TEMPERATURE", "0", validate=_temperature)),
            max_output_tokens=env.int("LLM_MAX_OUTPUT_TOKENS", 400, validate=positive),
            requests_per_minute=env.int("LLM_REQUESTS_PER_MINUTE", 60, validate=positive),
            tokens_per_minute=env.int("LLM_TOKENS_PER_MINUTE", 0, validate=at_least_0),
            concurrency=env.int("LLM_CONCURRENCY", 4, validate=validate.Range(1, 64)),
            timeout_s=env.float("LLM_TIMEOUT_S", 60.0, validate=positive),
            give_up_s=env.float("LLM_GIVE_UP_S", 1800.0, validate=at_least_0),
        )


def _url(value: str) -> None:
    if value and not value.startswith(("http://", "https://")):
        raise ValidationError("must begin with https:// or http://")


def _key(key: str, file: Path | None) -> str:
    try:
        key = key or (file.read_text("utf-8").strip() if file else "")
    except OSError as exc:
        raise EnvError(f"HULEEDU_LLM_API_KEY_FILE cannot be read: {exc.strerror}") from exc
    if not key.isprintable() or not key.isascii() or " " in key:
        raise EnvError(
            "HULEEDU_LLM_API_KEY is no key: it has spaces, or letters that no header can carry"
        )
    return key


def _temperature(value: str) -> float | None:
    if value == "none":
        return None
    try:
        return float(value)
    except ValueError as exc:
        raise ValidationError(
            "must be a number, or none for a model that takes no temperature"
        ) from exc
