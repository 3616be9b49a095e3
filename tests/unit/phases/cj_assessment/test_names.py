"""Nobody of the class is named in what leaves the house."""

import pytest

from pipelines.phases.cj_assessment.names import without
from pipelines.vocabulary import Language

CLASS = frozenset({"Alma Lindqvist", "My Söderholm", "Will Åkerlund", "Jean-Luc d'Arc", "Bo Ek"})


def english(text: str) -> str:
    return without([text], CLASS, Language.ENGLISH)[0]


def swedish(text: str) -> str:
    return without([text], CLASS, Language.SWEDISH)[0]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("By Alma Lindqvist, class 9B", "By [name], class 9B"),
        ("LINDQVIST, ALMA", "[name]"),
        ("alma lindqvist", "[name]"),
        ("Alma_Lindqvist", "[name]"),
        ("A friend has Alma's dog", "A friend has [name] dog"),
        ("We met Alma, and Lindqvist too.", "We met [name], and [name] too."),
        ("ALMA!", "[name]!"),
        ("Jean Luc and Jean-Luc", "[name] [name] and [name]-[name]"),
        ("Almanacs are no names, nor is Dalma", "Almanacs are no names, nor is Dalma"),
        ("write to bo.ek+school@mail.example.com.", "write to [name]."),
        ("born 050312-1234, or 20050312-1234", "born [name], or [name]"),
        ("In 1939 or 123456", "In 1939 or 123456"),
        ("", ""),
    ],
)
def test_names_give_way_to_a_placeholder(written, shown):
    assert english(written) == shown


def test_the_placeholder_is_in_the_language_of_the_essay():
    assert swedish("Almas hund bor hos Bo.") == "[namn] hund bor hos [namn]."


def test_letters_with_accents_written_as_two_are_the_same_letters():
    assert swedish("Fru So\u0308derholm och A\u030akerlund") == "Fru [namn] och [namn]"


class TestANameThatIsAWordToo:
    def test_is_a_word_where_any_word_has_a_capital(self):
        text = "My challenge was hard. Will it end? I will see, and my friend too."

        assert english(text) == text

    def test_is_a_name_inside_a_sentence(self):
        text = "Later My and Will came along, and I will see my friend."

        assert english(text) == "Later [name] and [name] came along, and I will see my friend."

    def test_is_a_name_where_the_text_does_not_use_the_word(self):
        assert english("Will came along.") == "[name] came along."

    def test_is_a_word_where_a_text_beside_it_uses_it(self):
        texts = ("My challenge was hard.", "I write about my challenge.")

        assert without(texts, CLASS, Language.ENGLISH) == texts

    def test_is_a_name_together_with_another(self):
        assert english("My Söderholm. It is my text.") == "[name]. It is my text."


def test_a_class_without_a_list_has_no_names():
    assert without(["Alma"], (), Language.ENGLISH) == ("Alma",)


def test_names_that_are_no_names_do_no_harm():
    text = "A (strange) text."

    assert without([text], {"", " ", "(", "B", "9B"}, Language.ENGLISH) == (text,)
