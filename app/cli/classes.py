"""The two classes that the demo hands in. Every pupil is invented."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).with_name("demo_class")
BAD_FILES = {"Tage Sundin": "empty", "Nour Saleh": "too_short"}


@dataclass(frozen=True, slots=True)
class DemoClass:
    """A class with its assignment and its pupils' files."""

    title: str
    course_code: str
    instructions: str
    files: tuple[Path, ...]

    def registration(self) -> dict[str, Any]:
        """What a client sends to register it."""
        return {
            "expected_essay_count": len(self.files),
            "essay_ids": [f"essay-{number:02}" for number in range(1, len(self.files) + 1)],
            "course_code": self.course_code,
            "class_designation": self.title,
            "essay_instructions": self.instructions,
            "teacher_name": "Demo Teacher",
        }


def pupil_of(file_name: str) -> str:
    """Whose file it is, by its name."""
    return file_name.split(" - ", maxsplit=1)[0]


def both() -> tuple[DemoClass, DemoClass]:
    """The English class, two of whose files are bad, and the Swedish one."""
    return (
        _load("English 5, class EN1B", "ENG5", "english", "assignment_en.txt"),
        _load("Svenska 1, klass NA1A", "SV1", "swedish", "assignment_sv.txt"),
    )


def _load(title: str, course_code: str, folder: str, assignment: str) -> DemoClass:
    return DemoClass(
        title,
        course_code,
        (_HERE / assignment).read_text("utf-8").strip(),
        tuple(sorted((_HERE / folder).glob("*.txt"))),
    )
