"""The two protocols that models are spoken to in: what is sent, and what is read out of what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from app.clients.llm import answer
from app.clients.llm.prompt import Prompt
from app.llm_settings import ANTHROPIC, SCHEMA, LlmSettings

_ANTHROPIC_VERSION = "2023-06-01"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model sent back.

    Attributes:
        arguments: its answer, as JSON text or read already; None if there is none.
        has_declined: whether it will not answer this.
        is_cut: whether it had more to say than it might.
        input_tokens, output_tokens: as they are charged; None where the server does not say.
    """

    arguments: str | Mapping[str, Any] | None
    has_declined: bool = False
    is_cut: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None


class Wire(Protocol):
    """One protocol."""

    @property
    def path(self) -> str:
        """What follows the URL of the settings."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Beside those of every request; the key is among them."""
        ...

    def body(self, prompt: Prompt) -> Mapping[str, Any]:
        """What is sent, so that nothing but an answer can come back."""
        ...

    def reply(self, body: Mapping[str, Any]) -> Reply:
        """Read what came back.

        Raises:
            LookupError, TypeError, AttributeError: it is not of this protocol.
        """
        ...


def of(settings: LlmSettings) -> Wire:
    """The protocol of a provider."""
    return Anthropic(settings) if settings.provider == ANTHROPIC else OpenAi(settings)


class OpenAi:
    """Chat completions, as OpenAI and many servers beside it speak them."""

    path = "/chat/completions"

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings

    @property
    def headers(self) -> Mapping[str, str]:
        """See the protocol."""
        key = self._settings.api_key
        return {"Authorization": f"Bearer {key}"} if key else {}

    def body(self, prompt: Prompt) -> Mapping[str, Any]:
        """See the protocol."""
        settings = self._settings
        # OpenAI's newer models refuse the old name of this bound, and other servers may not know the new one.
        is_openai = (urlsplit(settings.url).hostname or "").endswith("api.openai.com")
        most = "max_completion_tokens" if is_openai else "max_tokens"
        return {
            "model": settings.model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.asked},
            ],
            most: settings.max_output_tokens,
            **_temperature(settings),
            **(_BY_SCHEMA if settings.answer == SCHEMA else _BY_TOOL),
        }

    def reply(self, body: Mapping[str, Any]) -> Reply:
        """See the protocol."""
        [choice, *_] = body["choices"]
        message, usage = choice["message"], body.get("usage") or {}
        calls = message.get("tool_calls")
        return Reply(
            calls[0]["function"]["arguments"] if calls else message.get("content"),
            bool(message.get("refusal")) or choice.get("finish_reason") == "content_filter",
            choice.get("finish_reason") == "length",
            _count(usage.get("prompt_tokens")),
            _count(usage.get("completion_tokens")),
        )


class Anthropic:
    """Messages, as Anthropic speaks them."""

    path = "/v1/messages"

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings

    @property
    def headers(self) -> Mapping[str, str]:
        """See the protocol."""
        key = self._settings.api_key
        return {"anthropic-version": _ANTHROPIC_VERSION, **({"x-api-key": key} if key else {})}

    def body(self, prompt: Prompt) -> Mapping[str, Any]:
        """See the protocol."""
        return {
            "model": self._settings.model,
            "max_tokens": self._settings.max_output_tokens,
            "system": prompt.system,
            "messages": [{"role": "user", "content": prompt.asked}],
            "tools": [
                {
                    "name": answer.NAME,
                    "description": answer.ABOUT,
                    "input_schema": answer.SCHEMA,
                }
            ],
            "tool_choice": {"type": "tool", "name": answer.NAME},
            **_temperature(self._settings),
        }

    def reply(self, body: Mapping[str, Any]) -> Reply:
        """See the protocol."""
        used = [block["input"] for block in body["content"] if block["type"] == "tool_use"]
        usage = body.get("usage") or {}
        return Reply(
            used[0] if used else None,
            body.get("stop_reason") == "refusal",
            body.get("stop_reason") == "max_tokens",
            _count(usage.get("input_tokens")),
            _count(usage.get("output_tokens")),
        )


_BY_SCHEMA: Mapping[str, Any] = {
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": answer.NAME, "strict": True, "schema": answer.SCHEMA},
    }
}
_BY_TOOL: Mapping[str, Any] = {
    "tools": [
        {
            "type": "function",
            "function": {
                "name": answer.NAME,
                "description": answer.ABOUT,
                "parameters": answer.SCHEMA,
            },
        }
    ],
    "tool_choice": {"type": "function", "function": {"name": answer.NAME}},
}


def _temperature(settings: LlmSettings) -> Mapping[str, float]:
    return {} if settings.temperature is None else {"temperature": settings.temperature}


def _count(tokens: Any) -> int | None:
    return tokens if isinstance(tokens, int) and tokens >= 0 else None
