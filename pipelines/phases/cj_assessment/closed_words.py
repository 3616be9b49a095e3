"""Words of which a language has a fixed number, and which hold its sentences together."""

from collections.abc import Mapping

from pipelines.phases.spellcheck import function_words as swedish
from pipelines.vocabulary import Language

_ENGLISH = """
    a an the this that these those my your his her its our their some any no every each all both half either neither
    another other others such same own much many more most few fewer less least several enough
    i you he she it we they me him us them mine yours hers ours theirs myself yourself himself herself itself ourselves
    yourselves themselves who whom whose which what when where why how whatever whoever whenever wherever someone
    somebody something anyone anybody anything everyone everybody everything nobody nothing none one
    am is are was were be been being have has had having do does did doing can could may might must shall should will
    would ought cannot
    and or but nor so yet for because although though while whereas if unless until since as than whether that
    of in on at by to from with without about against between among into through during before after above below under
    over again further then once here there off out up down toward towards upon within along across behind beyond near
    not n't very too also just only even still already always never ever often sometimes however therefore
    """

_CLITICS = ("'s", "'re", "'m", "'ve", "'ll", "'d", "n't")
_WITH_CLITICS = (
    stem + clitic for stem in (*_ENGLISH.split(), "ca", "wo", "sha", "let") for clitic in _CLITICS
)

OF: Mapping[Language, frozenset[str]] = {
    Language.ENGLISH: frozenset((*_ENGLISH.split(), *_WITH_CLITICS)),
    Language.SWEDISH: swedish.ALL - swedish.QUALITIES,
}
"""Determiners, pronouns, auxiliaries, conjunctions, prepositions, and the adverbs that behave like them; in English
with what is written together with them: `it's`, `don't`."""

_ENGLISH_JOINING = """
    because although though while whereas if unless until since whether however therefore moreover furthermore
    besides nevertheless consequently thus hence otherwise instead meanwhile finally firstly secondly thirdly first
    second lastly also additionally overall similarly likewise indeed despite according
    rather then so but or as when before after
    """

JOINING: Mapping[Language, frozenset[str]] = {
    Language.ENGLISH: frozenset(_ENGLISH_JOINING.split()),
    Language.SWEDISH: frozenset(
        [
            "men",
            "eller",
            "utan",
            "samt",
            "som",
            "att",
            "om",
            "när",
            "då",
            "innan",
            "medan",
            "eftersom",
            "fastän",
            "trots",
            "därför",
            "alltså",
            "så",
            "ty",
            "än",
            "både",
            "varken",
            "antingen",
            "ifall",
            "sedan",
            "dock",
            "däremot",
            "dessutom",
            "således",
            "slutligen",
            "först",
            "istället",
            "tvärtom",
            "ändå",
            "nämligen",
            "följaktligen",
            "emellertid",
            "förutom",
            "enligt",
            "likaså",
            "liksom",
            "sammanfattningsvis",
        ]
    ),
}
"""What joins clauses, sentences and thoughts."""

Openings = tuple[tuple[frozenset[str], frozenset[str]], ...]
"""Words that something has to follow, and words that cannot be it: `the of`, `from is`."""


def _openings(*pairs: tuple[str, str]) -> Openings:
    return tuple((frozenset(words.split()), frozenset(never.split())) for words, never in pairs)


OPENINGS: Mapping[Language, Openings] = {
    Language.ENGLISH: _openings(
        (
            "a an the my your his its our their every",
            """
            a an the my your his its our their every of in on at by to from with into i he she we they me him us them
            am is are was were be been have has had do does did can could may might must should will would
            and or but because although if than that when while who which
            """,
        ),
        (
            "of from with into",
            "am is are was were have has had does did can could must should will would and or but i he she we they of",
        ),
    ),
    Language.SWEDISH: _openings(
        (
            """
            en ett min mitt mina din ditt dina sin sitt sina vår vårt våra varje någon något några ingen inget
            """,
            """
            en ett min mitt mina din ditt dina sin sitt sina vår vårt våra varje
            jag du han hon vi ni de mig dig honom henne oss dem är var har hade blir blev kan kunde ska skulle vill
            ville måste får fick bör och eller men att som om när eftersom medan
            """,
        ),
        (
            "i på av från hos mot",
            """
            är var har hade blir blev kan kunde ska skulle vill ville måste får fick bör och eller men jag du han hon vi
            ni i på av hos mot
            """,
        ),
    ),
}
