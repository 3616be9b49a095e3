"""Slips of grammar that are plain from two or three words: `he have`, `many student`, `can goes`, `more easier`.

There is no parser, and only what is hardly ever right is counted. Most slips are passed over, so that the number of
those found is a sign of how many there are, and no more than that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.vocabulary import Language

_HAVE = """
    have do go make want need think know say get take come give see use help work live look feel try start mean seem
    become happen depend allow cause show play learn love lead bring believe don't understand spend keep find buy tell
    ask agree like study provide improve affect require decide
    """
_HAS = """
    is was has does goes makes wants needs gets takes comes gives thinks knows says sees seems helps feels becomes
    doesn't isn't wasn't hasn't
    """
_WENT = """
    went had were did made saw took got came gave knew said thought became found felt told wrote bought chose wanted
    started tried helped worked lived decided learned happened changed stopped
    """
_GO = """
    have go make get think know agree disagree believe say give learn become depend happen choose understand buy bring
    spend tell
    """
_THING = """
    thing student person reason friend problem year day school teacher country job parent example idea question child
    boy girl man woman car book game place family company city computer phone advantage disadvantage opportunity
    activity subject lesson class kid animal word language mistake skill goal hour month week minute point way program
    movie sport group member citizen worker tourist method effect aspect difference
    """
_ONE = """
    student person reason friend problem country job example idea question boy girl book game city phone advantage
    disadvantage opportunity activity goal movie member citizen tourist difference
    """
_THINGS = """
    things students persons reasons friends problems years days schools teachers countries jobs parents examples ideas
    questions children boys girls men women cars books games places families companies cities computers phones
    advantages disadvantages opportunities activities subjects lessons kids animals words languages mistakes skills
    goals hours months weeks minutes ways movies sports people
    """
_STUFF = """
    money information water homework knowledge advice furniture equipment traffic pollution stress happiness technology
    research evidence energy luck
    """
_WRONG_PLURALS = """
    informations advices homeworks knowledges furnitures equipments childrens mens womens feets softwares evidences
    hisself theirselves theirself peoples moneys luggages researches childs
    """
_CAN = "can could will would should must may might can't couldn't won't wouldn't shouldn't"
_THEM = "people children men women parents students teachers friends kids"
_EASIER = """
    better easier faster harder bigger safer happier cheaper healthier smarter stronger older younger richer higher
    smaller best easiest biggest hardest
    """
_EASY = "easy big fast cheap old happy safe hard strong high low long short small young rich"


@dataclass(frozen=True, slots=True)
class Rule:
    """Words in a row that are hardly ever right.

    Attributes:
        words: for each place the words that may stand there.
        not_after: words before it with which it may be right.
        opens: whether it is wrong only where a clause begins.
        not_before_plural: whether it is right before a plural, as `two year` is before `olds` and `old`.
    """

    words: tuple[frozenset[str], ...]
    not_after: frozenset[str] = frozenset()
    opens: bool = False
    not_before_plural: bool = False

    def fits(self, clause: Sequence[str], at: int) -> bool:
        """Whether the words from there on are these."""
        end = at + len(self.words)
        if end > len(clause) or any(
            word not in allowed for word, allowed in zip(clause[at:end], self.words, strict=True)
        ):
            return False
        before = clause[at - 1] if at else ""
        if before in self.not_after or (self.opens and before and before not in _OPENING):
            return False
        after = clause[end] if end < len(clause) else ""
        return not (self.not_before_plural and (after.endswith("s") or after in _PLURALS))


def _rule(*words: str, after: str = "", opens: bool = False, plural: bool = False) -> Rule:
    return Rule(
        tuple(frozenset(each.split()) for each in words), frozenset(after.split()), opens, plural
    )


_OPENING = frozenset(
    [
        "and",
        "but",
        "because",
        "that",
        "if",
        "when",
        "so",
        "which",
        "while",
        "although",
        "or",
        "where",
        "what",
        "och",
        "men",
        "att",
        "som",
        "när",
        "om",
        "eftersom",
    ]
)
_ARTICLES = ("a", "an")
_PLURALS = frozenset({"people", "children", "old"})

_ENGLISH = (
    _rule("he she it", _HAVE + "are am", opens=True),
    _rule("they we you", _HAS, after="of"),
    _rule("i", "is has does doesn't hasn't goes wants", after="and"),
    _rule(_THEM, _HAS, after="of and"),
    _rule(_CAN, _HAS + _WENT),
    _rule(_CAN, "not", _HAS + _WENT),
    _rule("should must can't couldn't shouldn't", "to going making having getting doing"),
    _rule(
        "to", "has does goes makes gets takes comes went were made saw took came gave knew became"
    ),
    _rule("did didn't doesn't don't", _WENT + "has goes makes gets takes comes wants needs"),
    _rule("more most", _EASIER),
    _rule("more", _EASY),
    _rule(_WRONG_PLURALS),
    _rule("much", _THINGS),
    _rule("many few several", _STUFF),
    _rule(
        "two three four five six many several few these those various different",
        _THING,
        plural=True,
    ),
    _rule("this every each another", _THINGS),
    _rule("a an", _THINGS.replace("people", "").replace("women", "")),
    _rule("one some", "of", "the my our their his her these those", _THING, plural=True),
    _rule("lot lots", "of", _THING, plural=True),
    _rule(
        "in on at with about have has had need want make get is was be find by", _ONE, plural=True
    ),
    _rule("could should would must might", "of"),
    _rule("their", "is are was were will would"),
    _rule("your", "a the not going"),
    _rule("its", "a an the not very so important hard"),
    _rule("it's", "own"),
    _rule("to", "much"),
    _rule("more better less rather worse bigger easier harder faster other", "then"),
    _rule("are am were is was", _GO, after="do does did done thing"),
    _rule("for of by without about from", "make have get go do be know learn buy become give take"),
    _rule(
        "want wants wanted going able trying hope decide decided",
        "be have go make get do know become",
    ),
    _rule("don't doesn't didn't can't couldn't won't", "nothing nobody none"),
    _rule("don't doesn't didn't can't couldn't won't", _HAVE, "no nothing nobody none"),
    _rule("ain't"),
    _rule("discuss discussed discussing mention mentioned", "about"),
    _rule("explain", "me"),
    _rule("in", "the", "other", "hand"),
    _rule("depend depends", "of"),
    _rule("most", "of", "people students children"),
    _rule("according married", "with"),
    _rule("different", "of"),
)

_GAR = """
    är har går får kommer vill blir gör ser tar ger säger tycker tror vet finns bor jobbar läser
    """
_GICK = "var gick blev gjorde kom"
_HUS = """
    barn hus land problem liv år exempel samhälle språk jobb sätt ord djur träd bord rum system arbete företag hem
    universitet beslut ansvar område yrke foto brev museum
    """
_BIL = """
    bil skola dag bok person människa sak väg stad flicka pojke lärare elev vecka timme fråga familj vän film tid plats
    del kvinna månad dator telefon möjlighet lösning utbildning åsikt tanke känsla gång anledning orsak grupp
    """
_KAN = "kan ska vill måste bör kunde skulle ville"
_JAG = "jag han hon vi man"

_SWEDISH = (
    _rule("att", _GAR + _GICK),
    _rule(_KAN, "är har går blir gör ser tar ger säger finns bor"),
    _rule(_KAN, "inte också", "är har går blir gör ser tar ger säger finns bor"),
    _rule("en", _HUS),
    _rule("ett", _BIL),
    _rule("mycket", "människor personer saker barn elever länder problem böcker"),
    _rule("många", "människa person sak elev bok bil dag vecka gång"),
    _rule("dem", "är har kan vill ska måste får blir gör var hade", after="av för hos till med"),
    _rule(
        "sedan sen då nu idag därför ibland igår imorgon",
        _JAG + " de det",
        _GAR + _GICK,
        opens=True,
    ),
    _rule(_JAG, "gå komma vara ha göra bli få", opens=True),
)

_RULES: Mapping[Language, tuple[Rule, ...]] = {
    Language.ENGLISH: _ENGLISH,
    Language.SWEDISH: _SWEDISH,
}


def slips(clauses: Sequence[Sequence[str]], language: Language) -> int:
    """How many there are.

    Args:
        clauses: their words, in lower case.
    """
    by_first = _by_first(language)
    return sum(
        any(rule.fits(clause, at) for rule in by_first[word]) or _is_wrong_article(clause, at)
        for clause in clauses
        for at, word in enumerate(clause)
        if word in by_first
    )


def _is_wrong_article(clause: Sequence[str], at: int) -> bool:
    """`a example`, `an problem`; silent and long u, and h, which may be silent, are left alone."""
    if clause[at] not in _ARTICLES or at + 1 == len(clause):
        return False
    noun = clause[at + 1]
    if len(noun) < 3 or noun[0] in "hu" or noun.startswith(("one", "once", "eu")):  # noqa: PLR2004
        return False
    return (noun[0] in "aeio") == (clause[at] == "a")


@lru_cache(maxsize=2)
def _by_first(language: Language) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    if language is Language.ENGLISH:
        found.update((article, []) for article in _ARTICLES)
    for rule in _RULES[language]:
        for word in rule.words[0]:
            found.setdefault(word, []).append(rule)
    return {word: tuple(rules) for word, rules in found.items()}
