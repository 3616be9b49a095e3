"""The two classes that the demo hands in. Every pupil is invented."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).with_name("demo_class")
BAD_FILES = {"Edvin Rask": "encrypted_pdf", "Nour Saleh": "too_short", "Tage Sundin": "empty"}


@dataclass(frozen=True, slots=True)
class DemoClass:
    """A class with its assignment and its pupils' files.

    Attributes:
        pupils: name → the file that is the pupil's, whatever it is called.
    """

    title: str
    course_code: str
    instructions: str
    pupils: Mapping[str, Path]

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them."""
        return tuple(self.pupils.values())

    def registration(self) -> dict[str, Any]:
        """What a client sends to register it."""
        return {
            "expected_essay_count": len(self.pupils),
            "essay_ids": [f"essay-{number:02}" for number in range(1, len(self.pupils) + 1)],
            "course_code": self.course_code,
            "class_designation": self.title,
            "essay_instructions": self.instructions,
            "teacher_name": "Demo Teacher",
            "student_names": list(self.pupils),
        }

    def pupil_of(self, file_name: str) -> str | None:
        """Whose file it really is."""
        return next((name for name, path in self.pupils.items() if path.name == file_name), None)


def both() -> tuple[DemoClass, DemoClass]:
    """The English class, three of whose files are bad, and the Swedish one."""
    return (
        _load("English 5, class EN1B", "ENG5", "english", "assignment_en.txt"),
        _load("Svenska 1, klass NA1A", "SV1", "swedish", "assignment_sv.txt"),
    )


def _load(title: str, course_code: str, folder: str, assignment: str) -> DemoClass:
    lists = json.loads((_HERE / "pupils.json").read_text("utf-8"))
    return DemoClass(
        title,
        course_code,
        (_HERE / assignment).read_text("utf-8").strip(),
        {name: _HERE / folder / file for name, file in lists[folder].items()},
    )
