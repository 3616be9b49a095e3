"""British spellings, for when only an American dictionary is at hand."""

from collections.abc import Callable, Iterator

import regex

# British ending or letters → American ones. Each is narrow enough that no usual misspelling of an
# American word fits it: `ll` only after one vowel, and not in `smilling`.
_VARIANTS = tuple(
    (regex.compile(british), american)
    for british, american in (
        (r"our(?=s|ed|ing|ite|ites|able|ful|less|hood|hoods|er|ers|al|ally|$)", "or"),
        (r"(?<=[bcdfghklmnpqrstvwxyz])is(?=e|ed|es|er|ers|ing|ation|ations|able)", "iz"),
        (r"(?<=al)ys(?=e|ed|es|er|ers|ing)", "yz"),
        (r"(?<=[bt])re(?=s|d|$)", "er"),
        (r"(?<=[bcdfgklmnprstv][ae])ll(?=ed|ing|er|ers|or|ors|ation$)", "l"),
        (r"(?<=ia)ll(?=ed|ing)", "l"),
        (r"(?<=^(?:fulfi|enro|insti|disti|enthra))l(?=s|ment|$)", "ll"),
        (r"(?<=^(?:ski|wi))l(?=ful)", "ll"),
        (r"(?<=^s?m)ou(?=l[dt])", "o"),
        (r"(?<=^dr)augh(?=t)", "af"),
        (r"(?<=^co)s(?=y|ier|iest|ily)", "z"),
        (r"(?<=^t)y(?=re)", "i"),
        (r"(?<=^ag)e(?=ing)", ""),
        (r"ogue(?=s|$)", "og"),
        (r"(?<=[fpt]en)ce(?=s|$|less)", "se"),
        (
            r"(?<=an)ae(?=mi|sth)|(?<=[chkr])ae(?=mi)|(?<=^h)ae(?=mo|ma)|(?<=p)ae(?=di|do)|(?<=^(?:c|f))ae(?=c)"
            r"|(?<=^c)ae(?=sar|sium)|(?<=^(?:gyn|chim|hy|pal))ae(?=[conr])|(?<=^(?:medi|prim))ae(?=val)",
            "e",
        ),
        (r"oeu", "eu"),
        (r"ramme(?=s|$)", "ram"),
        (r"(?<=gr)ey", "ay"),
        (r"(?<=ju)dge(?=ment)", "dg"),
        (r"(?<=practi)s(?=e|ed|es|ing)", "c"),
        (r"(?<=special)it(?=y|ies)", "t"),
    )
)


def is_variant(word: str, knows: Callable[[str], bool]) -> bool:
    """Whether a word is the British spelling of one that the dictionary has.

    Args:
        word: in lower case.
        knows: the dictionary.
    """
    return any(knows(american) for american in _american(word))


def _american(word: str) -> Iterator[str]:
    for british, american in _VARIANTS:
        variant = british.sub(american, word)
        if variant != word:
            yield variant
