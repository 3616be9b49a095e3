"""What asking a model costs: in millionths of whatever currency prices are in, so that little is rounded away."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from pipelines.phases.cj_assessment import orders
from pipelines.phases.cj_assessment.stopping import LEAST_ROUNDS

MICRO = 1_000_000

_CHARACTERS_PER_TOKEN = 2.5
"""English has about 4 (OpenAI, "What are tokens and how to count them?"), Swedish fewer. What is reserved has to be
enough whatever the language and whoever counts, so it is counted with less."""
_FRAME_CHARACTERS = 4_000
"""What is said beside the essays: what to do, and an assignment."""
_FORM_TOKENS = 400
"""The form of the answer, which providers count as input."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Per million tokens, which is millionths per token.

    Attributes:
        most_output: tokens that an answer has at most.
    """

    input: Decimal
    output: Decimal
    most_output: int

    def most(self, characters: int) -> int:
        """What one request may cost, by the length of what is sent."""
        return self.counted(tokens(characters), self.most_output)

    def counted(self, input_tokens: int, output_tokens: int) -> int:
        """What a request has cost, by what its provider counted."""
        cost = self.input * input_tokens + self.output * output_tokens
        return int(cost.to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Costs:
    """Requests, and the money they take, in millionths."""

    requests: int
    money: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What comparing a class may come to.

    Attributes:
        least: if that is sure as soon as it can be, and the judge need not be asked both ways.
        most: if it never is, and the judge has to be.
    """

    least: Costs
    most: Costs


def estimate(prices: Prices, lengths: Sequence[int], most_rounds: int) -> Estimate:
    """Work out what comparing a class may cost before it is begun; both ends are counted with long tokens.

    Args:
        lengths: of the essays, in characters.
        most_rounds: after which it ends all the same.
    """
    a_round, every_pair = len(lengths) // 2, len(lengths) * (len(lengths) - 1) // 2
    mean = sum(lengths) / len(lengths) if lengths else 0.0
    each = prices.most(round(_FRAME_CHARACTERS + 2 * mean))
    trial = min(orders.TRIAL_ROUNDS, most_rounds) * orders.sampled(a_round)
    shortest = min(min(LEAST_ROUNDS, most_rounds) * a_round, every_pair)
    longest = min(most_rounds * a_round, every_pair)
    least, most = shortest + min(trial, shortest), 2 * longest
    return Estimate(Costs(least, least * each), Costs(most, most * each))


def tokens(characters: int) -> int:
    """How many tokens a request has at most, whatever its language."""
    return int(characters / _CHARACTERS_PER_TOKEN) + _FORM_TOKENS


def micros(amount: Decimal) -> int:
    """An amount in millionths."""
    return int(amount * MICRO)
