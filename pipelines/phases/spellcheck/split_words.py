"""Swedish words that tell compounds written apart from words that belong apart."""

INTENSIFIERS = frozenset("jätte super skit mega ultra hyper".split())
"""First parts that hardly ever stand alone before an adjective."""

ARTICLES = frozenset(
    """
    en ett den det denna denne detta någon varje ingen samma vår min din sin er hans hennes deras dess vilken
    sådan annan stor stora liten lilla av
    """.split()
)
"""After these a first part may be a noun: a giant, a government's."""

STAND_ALONE = frozenset(
    """
    små lilla lille stora utrikes inrikes livstids second coca runt höger vänster jo hej ja nej kära två tre fyra fem
    sex sju åtta nio tio hundra tusen miljon halv gott sist först kom kör långt nära rent
    """.split()
)
"""Beside these a word stands by itself as often as joined to them."""

ADJECTIVES = frozenset(
    """
    hög ny god ung svensk dansk norsk finsk tysk fransk engelsk spansk rysk polsk turkisk arabisk
    svart vit röd blå grön gul brun fri fin full hel
    """.split()
)
"""Adjectives that look like nouns by their other forms."""

PAIRS = frozenset(
    (first, second)
    for line in (
        "någon ting stans",
        "ingen ting stans",
        "någon vart",
        "lik som",
        "där emot",
        "nu mera",
        "till sammans baka",
        "ovan för",
        "nedan för",
    )
    for first, *seconds in (line.split(),)
    for second in seconds
)
"""Pairs that are always one word."""

PAIRS_AT_THE_END = frozenset((("utan", "för"), ("innan", "för"), ("ut", "för"), ("där", "för")))
"""Pairs that are one word where nothing follows them in their clause."""

ACRONYMS = frozenset("sfi tv eu fn pc cd dvd sms gps vm nato usa".split())
"""Shortened names that are joined to a noun by a hyphen."""
