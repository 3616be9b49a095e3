"""What `huleedu spellcheck` says to people, and to programs."""

import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document

from app.cli import spelling_lines, spelling_shown
from app.cli.main import main
from app.cli.spelling_lines import Asked, BadLine
from tests.wiring.conftest import ROOT

SWEDISH = "Jag gick till skolan och träffade mina vänner, som inte hade läst sina läxor. " * 2
COMMAND = (sys.executable, "-m", "app.cli.main", "spellcheck", "--language", "en")


def huleedu(*args: object, given: str | bytes = "", language: str = "en") -> Result:
    command = ["spellcheck", "--language", language, *map(str, args)]
    return CliRunner().invoke(main, command, input=given)


def lines(*asked: object) -> str:
    return "".join(f"{json.dumps(each)}\n" for each in asked)


def answers(result: Result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all,\r\nI got alot of help.\r\n", "utf-8")
    return path


class TestForPeople:
    def test_says_where_what_and_why(self, letter: Path):
        result = huleedu(letter)

        assert result.exit_code == 0
        row = next(line for line in result.stdout.splitlines() if "alot" in line)
        assert row.split(maxsplit=2)[:2] == ["2:7", "alot"]
        assert "a lot" in row
        assert "1 text, 7 words, 1 found (16.7 in 100 checked words)" in result.stdout

    def test_says_that_a_text_is_in_another_language(self):
        result = huleedu("-", given=SWEDISH)

        assert (
            "Seems to be written in Swedish, not in English: nothing was checked." in result.stdout
        )
        assert (
            json.loads(huleedu("-", "--json", given=SWEDISH).stdout)["files"][0]["mismatch"] == "sv"
        )

    def test_ends_with_1_if_it_is_to_be_strict_and_something_is_found(self, letter: Path):
        assert huleedu(letter, "--strict").exit_code == 1
        assert huleedu("--strict", given="I got a lot of help.").exit_code == 0

    def test_reads_standard_input(self):
        assert "standard input  4 words, 1 found" in huleedu("-", given="I got alot tea.").stdout

    def test_reads_documents(self, tmp_path: Path):
        document = Document()
        document.add_paragraph("There are alot of words in this letter to all of you at home.")
        document.save(tmp_path / "letter.docx")

        result = huleedu(tmp_path / "letter.docx", "--json")

        (file,) = json.loads(result.stdout)["files"]
        assert [error["text"] for error in file["errors"]] == ["alot"]

    def test_says_of_a_file_that_cannot_be_read_why_and_checks_the_others(
        self, letter: Path, tmp_path: Path
    ):
        (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04")

        result = huleedu(tmp_path / "broken.docx", letter)

        assert result.exit_code == 2
        assert result.stderr.startswith(f"{tmp_path}/broken.docx: ")
        assert "alot" in result.stdout

    def test_knows_the_names_of_a_file(self, tmp_path: Path):
        (tmp_path / "names").write_text("Tornbek\n\n  Åsbrønn \n", "utf-8")

        assert "1 found" in huleedu(given="we met tornbek again").stdout
        assert (
            "nothing found"
            in huleedu("--names", tmp_path / "names", given="we met tornbek again").stdout
        )

    def test_gives_all_that_is_known_as_one_document(self, letter: Path):
        result = huleedu("--json", letter)

        (file,) = json.loads(result.stdout)["files"]
        assert file["file"] == str(letter)
        assert file["corrected_text"] == "Dear all,\r\nI got a lot of help.\r\n"
        assert {"error_rate", "counts_by_kind", "engine"} <= file.keys()
        assert file["text_sha256"] == sha256(letter.read_bytes()).hexdigest()


class TestPlaces:
    def test_count_from_one_whatever_ends_a_line(self):
        assert list(spelling_shown.places("a\nb\r\nc\rdé", [0, 2, 5, 7, 8])) == [
            (1, 1),
            (2, 1),
            (3, 1),
            (4, 1),
            (4, 2),
        ]


class TestForPrograms:
    def test_each_line_is_answered_in_order(self):
        result = huleedu(
            "--jsonl", given=lines({"id": "b", "text": "I got alot."}, {"id": 2, "text": "Good."})
        )

        first, second = answers(result)
        (error,) = first.pop("errors")
        assert first == {"id": "b", "corrected_text": "I got a lot."}
        assert error.keys() == {
            *("start", "end", "text", "kind", "correction", "suggestions", "confidence", "applied")
        }
        assert (error["start"], error["end"], error["suggestions"][0]) == (6, 10, "a lot")
        assert second == {"id": 2, "corrected_text": "Good.", "errors": []}
        assert result.exit_code == 0

    @pytest.mark.parametrize("number", ["1.0", "1e3", "-0", "9" * 5000, "1e999"])
    def test_a_number_is_given_back_as_it_came(self, number: str):
        result = huleedu("--jsonl", given=f'{{"text": "", "id": {number}}}\n')

        assert result.stdout == f'{{"id": {number}, "corrected_text": "", "errors": []}}\n'

    def test_what_utf_8_has_no_bytes_for_comes_back_as_an_escape(self):
        result = huleedu("--jsonl", given='{"id": "\\ud800", "text": "å \\ud83d"}\n')

        assert answers(result) == [{"id": "\ud800", "corrected_text": "å \ud83d", "errors": []}]

    def test_so_does_it_beside_something_found(self):
        result = huleedu("--jsonl", given='{"id": 1, "text": "I got alot \\ud83d."}\n')

        (answer,) = answers(result)
        assert answer["corrected_text"] == "I got a lot \ud83d."
        assert [error["text"] for error in answer["errors"]] == ["alot"]

    def test_what_is_meant_is_null_where_nothing_is_sure_to_be(self):
        (answer,) = answers(
            huleedu(
                "--jsonl", given=lines({"id": 1, "text": "I like my skola because it is good."})
            )
        )

        (error,) = answer["errors"]
        assert (error["kind"], error["correction"], error["applied"]) == ("foreign", None, False)

    def test_names_of_one_line_hold_for_the_whole_batch(self):
        given = lines({"id": 1, "text": "see zorvik"}, {"id": 2, "text": "", "names": ["Zorvik"]})

        together, apart = (
            huleedu("--jsonl", given=given),
            huleedu("--jsonl", "--no-batch-context", given=given),
        )

        assert [len(each["errors"]) for each in answers(together)] == [0, 0]
        assert [len(each["errors"]) for each in answers(apart)] == [1, 0]

    def test_says_what_is_wrong_with_a_line_and_answers_the_others(self):
        given = b'\xef\xbb\xbf{"id": 1, "text": "Good."}\n\n{"id": 2}\n{"id": 3, "text": "Fine."}'

        result = huleedu("--jsonl", given=given)

        assert [each["id"] for each in answers(result)] == [1, 3]
        assert result.stderr.splitlines() == [
            "line 2: is empty",
            'line 3: field "text" is missing',
        ]
        assert result.exit_code == 2

    def test_a_line_in_another_language_is_answered_and_told_beside(self):
        result = huleedu(
            "--jsonl", given=lines({"id": 1, "text": "Hello."}, {"id": 2, "text": SWEDISH})
        )

        assert [answer["errors"] for answer in answers(result)] == [[], []]
        assert set(answers(result)[1]) == {"id", "corrected_text", "errors"}
        assert result.stderr == (
            "line 2: seems to be written in Swedish, not in English: nothing was checked\n"
        )
        assert result.exit_code == 0

    def test_names_the_file_where_there_are_several(self, tmp_path: Path):
        for name in ("a", "b"):
            (tmp_path / name).write_text("[]\n")

        result = huleedu("--jsonl", tmp_path / "a", tmp_path / "b")

        assert f"{tmp_path}/b, line 1: must be an object, and is a list" in result.stderr

    def test_json_and_jsonl_exclude_each_other(self):
        assert huleedu("--json", "--jsonl").exit_code == 2


class TestReadingALine:
    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (b" \r\n", "is empty"),
            (b"{", "is not JSON: Expecting property name enclosed in double quotes, column 2"),
            (b'{"id": 1, "text": "\xff"}', "is not UTF-8: byte 20"),
            (b'{"id": NaN, "text": ""}', "is not JSON: NaN is no number"),
            (b'"text"', "must be an object, and is a string"),
            (b'{"text": ""}', 'field "id" is missing'),
            (b'{"id": true, "text": ""}', 'field "id" must be a string or a number, and is true or false'),
            (b'{"id": null, "text": ""}', 'field "id" must be a string or a number, and is null'),
            (b'{"id": 1, "text": 2.5}', 'field "text" must be a string, and is a number'),
            (b'{"id": 1, "text": "", "names": "Bo"}', 'field "names" must be a list of strings, and is a string'),
            (b'{"id": 1, "text": "", "names": [{}]}', 'field "names" must be a list of strings, and has an object in it'),  # noqa: E501
            (b"[" * 200_000, "is nested too deep"),
        ],
    )  # fmt: skip
    def test_refuses_with_the_field_and_the_reason(self, line: bytes, said: str):
        read = spelling_lines.read(line)

        assert isinstance(read, BadLine)
        assert str(read) == said

    def test_passes_over_other_fields(self):
        assert spelling_lines.read(b'{"id": "\xc3\xa5", "text": "x", "class": 9}\n') == Asked(
            '"å"', "x"
        )


class TestTheRealCommand:
    @pytest.fixture
    def running(self) -> Iterator[subprocess.Popen]:
        with subprocess.Popen(
            [*COMMAND, "--jsonl", "--no-batch-context"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={"LC_ALL": "C"},
        ) as process:
            yield process
            process.kill()

    def test_answers_a_line_before_the_next_is_written_whatever_the_locale(self, running):
        for text in ("Åsa got alot.", "Good."):
            running.stdin.write(json.dumps({"id": 1, "text": text}, ensure_ascii=False).encode())
            running.stdin.write(b"\n")
            running.stdin.flush()

            corrected = json.loads(running.stdout.readline())["corrected_text"]

            assert corrected == text.replace("alot", "a lot")

    def test_ends_quietly_when_nobody_reads_any_more(self, running):
        running.stdout.close()

        _, said = running.communicate(lines(*[{"id": 1, "text": "Good."}] * 3).encode())

        assert (running.returncode, said) == (141, b"")

    def test_loads_nothing_of_a_server(self):
        script = (
            "import sys; from app.cli import spellcheck;"
            "print(*{'sqlalchemy', 'celery', 'flask', 'redis'} & set(sys.modules))"
        )

        done = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={}, capture_output=True, check=True
        )

        assert done.stdout.strip() == b""
