"""What the web application says, by the ids of its catalogues, so that one test reads it in every language."""

import json
import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "frontend" / "src"
_ARGUMENT = re.compile(r"\{(\w+)(?:, number)?\}")
_BRACES = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|<[^>]+>")


class Words:
    """The application's words in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._messages: dict[str, str] = {}
        for path in SOURCE.rglob(f"messages/{language}.json"):
            self._messages |= json.loads(path.read_text(encoding="utf-8"))

    def __call__(self, key: str, **values: object) -> str:
        """One message, with simple arguments filled in."""
        return _ARGUMENT.sub(lambda found: str(values.get(found[1], found[0])), self._messages[key])

    def like(self, key: str) -> re.Pattern[str]:
        """What a message can look like whose arguments are not known."""
        parts = [re.escape(part.strip()) for part in _BRACES.split(self._messages[key])]
        return re.compile(r"[\s\S]*".join(parts))
