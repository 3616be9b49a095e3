import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction import Extracted, Refused, extract

SWEDISH = "Åsa sade: ”Är du på ön?” Örjan svarade att han älskar räksmörgås. Café au lait är gott."
ENGLISH = "She said “I don’t know” — and that wasn’t the end of it… It cost £5, or so they say."
PLAIN = "There is not a single letter in this text that a typewriter would not have known."


def read(body: bytes, name: str = "essay.txt") -> Extracted:
    found = extract(name, body)
    assert isinstance(found, Extracted), found
    return found


def refused(body: bytes, name: str = "essay.txt") -> str:
    found = extract(name, body)
    assert isinstance(found, Refused), found
    assert found.reason.endswith(".")
    return found.code


@pytest.mark.parametrize("text", [SWEDISH, ENGLISH, PLAIN], ids=["swedish", "english", "plain"])
@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("utf-32", "utf-32"),
        ("utf-16-le", "utf-16-le"),
        ("cp1252", "cp1252"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_every_letter_is_read_as_it_was_written(text, written, read_as):
    # Of the names here, only this one is written with a mark that Python does not write by itself.
    mark = b"\xfe\xff" if written == "utf-16-be" else b""
    body = mark + text.encode(written)
    if text == PLAIN and "utf" not in written:
        read_as = "utf-8"  # without special letters all of them are the same bytes

    assert read(body) == Extracted(text, read_as)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b" \t\r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe \x00\n\x00", "empty"),
        ("\u00a0\u2003\n".encode(), "empty"),
        (b"x" * 49, "too_short"),
        (b" " * 100 + b"x" * 49 + b"\n" * 100, "too_short"),
        ("é".encode() * 49, "too_short"),
        (b"x" * 50_001, "too_long"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "wrong_content"),
        (PLAIN.encode() + b"\x00", "undecodable"),
        (PLAIN.encode() + b"\x1b[2J", "undecodable"),
        (b"\xff\xfe" + PLAIN.encode("utf-16-le")[:-1], "undecodable"),
        (b"\xff\xfe" + b"\x00\xd8" * 60, "undecodable"),
        (SWEDISH.replace("”", "").encode("cp437"), "undecodable"),
        ("Она сказала: я не знаю, что это такое, и ушла домой.".encode("cp1251"), "undecodable"),
    ],
)
def test_a_file_without_a_readable_text_is_refused_by_a_code(body, code):
    assert refused(body) == code


@pytest.mark.parametrize("length", [50, 50_000])
def test_the_shortest_and_the_longest_text_are_taken(length):
    assert len(read(b"x" * length).text) == length


def test_length_counts_letters_and_not_bytes():
    assert len(read("ö".encode() * 50_000).text) == 50_000


@pytest.mark.parametrize("name", ["essay.pages", "essay", "txt", ".txt", "essay.txt.png", ""])
def test_a_type_nobody_can_read_is_refused_whatever_is_in_it(name):
    assert refused(PLAIN.encode(), name) == "unsupported_type"


def test_the_ending_may_be_written_in_capitals():
    assert read(PLAIN.encode(), "ESSAY.TXT").text == PLAIN


def test_line_breaks_are_alike_whatever_computer_wrote_them():
    lines = "one two three four\nfive six seven eight\n\nnine ten eleven twelve"
    bodies = [lines.replace("\n", end).encode() for end in ("\n", "\r\n", "\r")]

    assert {read(b"\n" + body + b" \n").text for body in bodies} == {lines}


@given(st.binary(max_size=400), st.sampled_from(["essay.txt", "essay", "essay.docx"]))
def test_no_bytes_whatever_make_it_raise(body, name):
    found = extract(name, body)

    assert isinstance(found, Refused) or 50 <= len(found.text) <= 50_000


@given(
    mark=st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00"]),
    body=st.binary(min_size=50, max_size=400),
)
def test_what_is_read_has_no_control_characters(mark, body):
    found = extract("essay.txt", mark + body)

    if isinstance(found, Extracted):
        assert not {char for char in found.text if char < " "} - set("\t\n\f")


@given(
    text=st.text(
        st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=50, max_size=200
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_a_text_in_unicode_comes_out_as_it_went_in(text, encoding):
    assert read(text.encode(encoding)).text == text


# What Swedish and English are written with, by somebody whose computer writes round quotes and dashes.
LETTERS = "abcdefghijklmnopqrstuvwxyzåäöéABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖÉ"
words = st.text(LETTERS, min_size=1, max_size=9).map(
    lambda word: word if word.isupper() else word[0] + word[1:].lower()
)
signs = st.sampled_from([" ", " ", " ", ", ", ". ", "… ", " – ", ".” ”", "’s ", ": £5, ", "\n"])
texts = st.lists(st.tuples(words, signs), min_size=40, max_size=60).map(
    lambda pairs: "".join(word + sign for word, sign in pairs)
)


@given(
    text=texts,
    encoding=st.sampled_from(
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "mac_roman"]
    ),
)
def test_swedish_and_english_are_read_right_or_refused_and_never_misread(text, encoding):
    if encoding == "latin-1":
        text = text.translate(str.maketrans("…–”’", ".-\"'"))

    found = extract("essay.txt", text.encode(encoding))

    if isinstance(found, Refused):
        assert found.code == "undecodable"
    else:
        assert found.text == text.strip()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "latin-1", "cp1252", "mac_roman"])
def test_real_sentences_are_read_without_a_mark(encoding):
    text = "Åsa är på ön. Örjan åt räksmörgås på ett kafé, och Älva drack saft. Sedan gick de hem."

    assert read(text.encode(encoding)).text == text


@pytest.mark.parametrize("text", ["Örjan", "…and so on"])
def test_what_two_encodings_read_equally_well_is_refused(text):
    body = (
        text.encode("mac_roman" if text == "Örjan" else "cp1252")
        + b" is all there is to tell by" * 3
    )

    assert refused(body) == "undecodable"
