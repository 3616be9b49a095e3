"""What asking costs: in millionths of whatever currency the prices are in, so that nothing is ever rounded away."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from app.clients.llm.prompt import Prompt
from app.clients.llm.protocols import Reply
from app.llm_settings import LlmSettings

MICRO = 1_000_000

_CHARACTERS_PER_TOKEN = 2.5
"""English has about 4 (OpenAI, "What are tokens and how to count them?"), Swedish fewer. What is reserved has to be
enough whatever the language and whoever counts, so it is counted with less."""
_FRAME_CHARACTERS = 4_000
"""The prompt without essays and assignment, and the form of the answer."""
_OVERHEAD_TOKENS = 400
"""The form of the answer, which providers count as input."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an assessment may cost, before it is begun.

    Attributes:
        requests: at most, if every pair is asked in one order, and as many more as trying the judge takes.
        requests_both: at most, if the judge decides as the sides fall and has to be asked both ways.
        cost, cost_both: the same in money, in millionths.
        budget: of the batch, in millionths.
        currency: of all three.
    """

    requests: int
    requests_both: int
    cost: int
    cost_both: int
    budget: int
    currency: str

    @property
    def is_within_budget(self) -> bool:
        """Whether the budget is enough even if everything is asked both ways."""
        return self.cost_both <= self.budget


@dataclass(frozen=True, slots=True)
class Prices:
    """Per million tokens, which is millionths per token."""

    input: Decimal
    output: Decimal
    most_output: int

    @classmethod
    def of(cls, settings: LlmSettings) -> "Prices":
        """Those of the settings."""
        return cls(settings.price_input, settings.price_output, settings.max_output_tokens)

    def most(self, prompt: Prompt) -> int:
        """What one request may cost."""
        return self._cost(tokens(prompt.characters), self.most_output)

    def real(self, reply: Reply, most: int) -> int:
        """What a request has cost by what the server counted; what it may have cost where it counted nothing."""
        if reply.input_tokens is None or reply.output_tokens is None:
            return most
        return self._cost(reply.input_tokens, reply.output_tokens)

    def estimate(
        self, lengths: Sequence[int], pairs: int, trial: int, budget: int, currency: str
    ) -> Estimate:
        """What comparing a class may cost.

        Args:
            lengths: characters of each essay.
            pairs: how many there will be at most.
            trial: how many of them are asked in both orders in any case.
            budget: in millionths.
        """
        mean = sum(lengths) / len(lengths) if lengths else 0.0
        each = self._cost(tokens(round(_FRAME_CHARACTERS + 2 * mean)), self.most_output)
        requests, both = pairs + min(trial, pairs), 2 * pairs
        return Estimate(requests, both, requests * each, both * each, budget, currency)

    def _cost(self, input_tokens: int, output_tokens: int) -> int:
        cost = self.input * input_tokens + self.output * output_tokens
        return int(cost.to_integral_value(ROUND_CEILING))


def tokens(characters: int) -> int:
    """How many tokens a prompt has at most, whatever its language."""
    return int(characters / _CHARACTERS_PER_TOKEN) + _OVERHEAD_TOKENS


def micros(amount: Decimal) -> int:
    """An amount in millionths."""
    return int(amount * MICRO)
