"""What an English word sounds like, roughly: one key for spellings that are said alike."""

import regex

# In this order; each later rule sees what the earlier ones have left. Capitals are sounds that have
# no letter of their own: C as in chin, S as in ship, T as in thin.
_RULES = tuple(
    (regex.compile(spelling), sound)
    for spelling, sound in (
        (r"[^a-z]", ""),
        (r"(.)\1+", r"\1"),
        (r"^(?:[gkp](?=n)|p(?=s)|m(?=n)|w(?=r))", ""),
        (r"^x", "s"),
        (r"sch(?=[aeiou])", "sk"),
        (r"s?ci(?=[aeo])|[st]i(?=o)|ti(?=a)|sh", "S"),
        (r"tch|ch|tu(?=r)", "C"),
        (r"ph|(?<=[aeio]u)gh(?=$|t?$)|v", "f"),
        (r"gh(?=[^aeiouy]|$)", ""),
        (r"gh", "g"),
        (r"th", "T"),
        (r"wh", "w"),
        (r"mb$", "m"),
        (r"d?g(?=[eiy])", "j"),
        (r"sc(?=[eiy])|c(?=[eiy])|z", "s"),
        (r"ck|[cq]u?", "k"),
        (r"x", "ks"),
        (r"(?<!^)h", ""),
        (r"w(?![aeiouy])", ""),
        (r"(?<!^)[aeiouyw]", ""),
        (r"^[aeiouy]", "a"),
        (r"(.)\1+", r"\1"),
    )
)


def key(word: str) -> str:
    """The consonants of a word as they are said, and whether it begins with a vowel.

    Args:
        word: in lower case.

    Returns:
        Capitals and small letters, such as `knflS` for `convulsion`; empty if nothing is said.
    """
    for spelling, sound in _RULES:
        word = spelling.sub(sound, word)
    return word
