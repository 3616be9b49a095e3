import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.phases.text import TokenKind, normalise, read, tokenise
from pipelines.vocabulary import Language

EN, SV = Language.ENGLISH, Language.SWEDISH


def words(text):
    return [token.word for token in tokenise(text) if token.is_word]


def sentences(text, language=EN):
    reading = read(text, language)
    return [" ".join(reading.tokens[index].word for index in span) for span in reading.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Åsa åt ärtsoppa på ön.", ["Åsa", "åt", "ärtsoppa", "på", "ön"]),
        ("I don't, you didn’t.", ["I", "don't", "you", "didn't"]),
        ("a well-known e-mail", ["a", "well-known", "e-mail"]),
        ("för- och nackdelar", ["för", "och", "nackdelar"]),
        ("'quoted' “words” _so_", ["quoted", "words", "so"]),
        ("naïve café Žižek", ["naïve", "café", "Žižek"]),
        ("soft\u00adhyphen ﬁnd", ["softhyphen", "find"]),
        ("t.ex. glass, e.g. this", ["t.ex.", "glass", "e.g.", "this"]),
        ("Привет мир", ["Привет", "мир"]),
        ("...!? — 12 3,5", []),
    ],
)
def test_words_are_runs_of_letters_in_any_alphabet(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://huleedu.se/a?b=c", TokenKind.ADDRESS),
        ("www.skolverket.se", TokenKind.ADDRESS),
        ("aftonbladet.se/sport", TokenKind.ADDRESS),
        ("anna.berg@skola.se", TokenKind.ADDRESS),
        ("@anna", TokenKind.ADDRESS),
        ("#metoo", TokenKind.ADDRESS),
        ("3,5", TokenKind.NUMBER),
        ("14.30", TokenKind.NUMBER),
        ("10th", TokenKind.NUMBER),
        ("14-åring", TokenKind.NUMBER),
        ("COVID-19", TokenKind.NUMBER),
        ("U.S.A.", TokenKind.ABBREVIATION),
        ("d.v.s.", TokenKind.ABBREVIATION),
        ("o'clock", TokenKind.WORD),
    ],
)
def test_numbers_addresses_and_abbreviations_are_one_token_each(text, kind):
    (token,) = tokenise(text)

    assert (token.start, token.end, token.kind) == (0, len(text), kind)


def test_a_letter_and_its_accent_make_one_word_with_offsets_in_the_original():
    text = unicodedata.normalize("NFD", "på ön")

    first, second = tokenise(text)

    assert (first.word, second.word) == ("på", "ön")
    assert text[second.start : second.end] == "o\u0308n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. We left.", ["It rained", "We left"]),
        ("Mr. Smith met Dr. Jones at 3.30 p.m. yesterday.", None),
        ("Bring fruit, e.g. Apples, i.e. something.", None),
        ("It cost 3.50 kronor. Yes.", ["It cost 3.50 kronor", "Yes"]),
        ("Well... maybe not. No…", ["Well maybe not", "No"]),
        ('"Really?" she asked. I nodded.', ["Really she asked", "I nodded"]),
        ("J. Bond left. It was I. Then he ran.", ["J Bond left", "It was I", "Then he ran"]),
        ("i like it. it is fun", ["i like it", "it is fun"]),
        ("No space here.So it is two.", ["No space here", "So it is two"]),
        ("Really?! Yes!!!", ["Really", "Yes"]),
        ("We ate cakes etc. Then we left.", ["We ate cakes etc", "Then we left"]),
        ("My title\nThe text begins.", ["My title", "The text begins"]),
        ("a line that is\nwrapped by hand.", ["a line that is wrapped by hand"]),
        ("1. First\n2. Second", ["1 First", "2 Second"]),
        ("... !!! 12.", []),
    ],
)
def test_sentences_in_english(text, expected):
    found = sentences(text)

    assert found == expected if expected is not None else len(found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Jag gillar t.ex. Stockholm och bl.a. Umeå.",
        "Han slutade, d.v.s. Han gav upp.",
        "Vi ses kl. 14.30 hos Dr. Berg.",
        "Det var ca. 3,5 mil dit.",
        "”Kommer du?” frågade hon.",
        "Jag vet inte… men kanske.",
    ],
)
def test_swedish_abbreviations_numbers_and_quotes_end_no_sentence(text):
    assert len(sentences(text, SV)) == 1


def test_paragraphs_are_lines_with_words_and_wrapped_lines_belong_together():
    text = "My title\r\n\r\nFirst one. It goes\r\non here.\r\n* * *\r\nSecond one."

    reading = read(text, EN)

    assert len(reading.paragraphs) == 3
    assert [reading.tokens[span.start].word for span in reading.paragraphs] == [
        "My",
        "First",
        "Second",
    ]


@given(st.text())
def test_tokens_lie_in_order_inside_any_text(text):
    tokens = list(tokenise(text))

    edges = [edge for token in tokens for edge in (token.start, token.end)]
    assert edges == sorted(edges)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert all(token.word == normalise(text[token.start : token.end]) for token in tokens)


@given(st.text(alphabet=st.sampled_from('aÅ. !?…"”\n\r1’-@\u0301'), max_size=60))
def test_every_word_is_in_exactly_one_sentence_and_one_paragraph(text):
    reading = read(text, EN)

    for spans in (reading.sentences, reading.paragraphs):
        inside = [index for span in spans for index in span if reading.tokens[index].is_word]
        assert inside == [i for i, token in enumerate(reading.tokens) if token.is_word]


@given(st.text(alphabet=st.sampled_from("aÅ.@#:/-1’ \n\u00a0\u00ad\u0301ﬁ"), max_size=80))
def test_a_text_is_read_into_its_tokens_however_it_is_taken_apart(text):
    tokens = read(text, EN).tokens

    assert list(tokens) == list(tokenise(text))
    assert [tokens[index] for index in range(len(tokens))] == list(tokens) == list(tokens[:])
    assert tokens.word_count == sum(token.is_word for token in tokens)


def test_tokens_are_told_their_sentence():
    reading = read("It rained. 12 3. We left.", EN)

    places = list(reading.within([0, 1, 2, 3, 5]))

    assert places == [
        (0, 0, reading.sentences[0]),
        (1, 0, reading.sentences[0]),
        (5, 1, reading.sentences[1]),
    ]


@given(st.text())
def test_composed_and_decomposed_text_have_the_same_words(text):
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)

    assert words(composed) == words(decomposed)


@pytest.mark.parametrize("run", ["a", "a.", "a-", "_", "@", "#", '!"', ". ", "\r\n", "1.", "å"])
def test_a_long_run_of_anything_is_read(run):
    text = run * (200_000 // len(run))

    reading = read(text, SV)

    assert all(token.end <= len(text) for token in reading.tokens)
