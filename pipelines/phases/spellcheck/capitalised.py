"""Swedish words whose first letter pupils get wrong, and those that only look so."""

from collections.abc import Mapping

_CALENDAR = """
    måndag tisdag onsdag torsdag fredag lördag söndag måndagen tisdagen onsdagen torsdagen fredagen
    lördagen söndagen måndagar tisdagar onsdagar torsdagar fredagar lördagar söndagar
    januari februari mars april juni juli augusti september oktober november december
    jul julen julafton påsk påsken midsommar midsommarafton nyårsafton
""".split()
_PEOPLES = """
    svensk engelsk tysk fransk spansk italiensk norsk dansk finsk polsk rysk grekisk turkisk arabisk
    kinesisk japansk amerikansk brittisk somalisk persisk kurdisk syrisk irakisk iransk afghansk
    indisk europeisk afrikansk asiatisk nordisk skandinavisk
""".split()
_PERSONS = """
    svenskar svenskarna svensken engelsmän tyskar tyskarna norrmän danskar danskarna finländare
    araber kurder kineser amerikaner amerikanerna somalier syrier muslimer kristna judar européer
""".split()

NEVER = (
    frozenset(_CALENDAR)
    | frozenset(_PERSONS)
    | frozenset(people + end for people in _PEOPLES for end in ("", "t", "a"))
)
"""Days, months, feasts, peoples and languages, which only English writes with a capital."""

AT_TIMES = frozenset(
    """
    du dig din ditt dina ni er ert era per bo björn sten stig ek berg holm lund dag sol maj
    siv liv tor hans my love sund rose lo alva saga vera svea storm falk lind gran hall hed
    ström strand sjö mark gård norr söder väster öster gud herren kung mamma pappa mormor
    morfar farmor farfar herr fru fröken kalle lotta karl rom real villa horn ring lans jean
    sky sankt sankta internet radio tv jorden solen månen bibeln koranen nobel max norden
    latin nya stora lilla gamla röda kära hej tack hälsningar kungliga högsta östra västra
    södra norra
    """.split()
)
"""Common words that are also names, parts of them or polite address, or begin a greeting."""

BEFORE_TITLES = frozenset(
    """
    bok boken böckerna film filmen filmer romanen roman novellen novell dikten dikt låten
    låt sången sång tidningen tidskriften tidning artikeln artikel programmet program serien
    serie pjäsen pjäs texten text spelet spel heter hette heta kallas kallades kallad kallat
    kallar namnet namn titeln titel ordet rubriken avsnittet kapitlet gruppen bandet
    föreningen appen restaurangen butiken affären företaget skolan webbplatsen sajten
    hotellet kaféet stiftelsen organisationen partiet kursen projektet skivan av
    """.split()
)
"""After these a capital may begin a title."""

NAMES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    tuple(name.lower().split()): tuple(name.split())
    for name in (
        "Svenska Akademien",
        "Svenska kyrkan",
        "Svenska Dagbladet",
        "Sveriges Radio",
        "Sveriges Television",
        "Sveriges Riksbank",
        "Dagens Nyheter",
        "Röda Korset",
        "Rädda Barnen",
        "Nya Zeeland",
        "Sri Lanka",
        "Costa Rica",
        "New York",
        "Los Angeles",
        "San Francisco",
        "Stora Barriärrevet",
        "Gamla Testamentet",
        "Nya Testamentet",
        "Förenta nationerna",
        "Förenta staterna",
        "Europeiska unionen",
        "Olympiska spelen",
        "Internationella Engelska Skolan",
        "Kungliga Tekniska högskolan",
        "Karolinska institutet",
        "Astrid Lindgren",
        "Selma Lagerlöf",
        "Harry Potter",
    )
}
"""Names of more than one word, by their words in small letters."""
FIRST_WORDS = frozenset(form for words in NAMES for form in (words[0], words[0].capitalize()))

AUTHORITIES = frozenset(
    """
    skatteverket migrationsverket skolverket trafikverket naturvårdsverket konsumentverket
    folkhälsomyndigheten språkrådet språknämnden systembolaget riksbanken
    """.split()
)
"""Authorities that there is only one of."""

NOT_ONLY_NAMES = frozenset(
    """
    world island united street times brown stone friends south university clark flash august saint rocky
    swish apple windows youtube iphone walker miller taylor william trump page scott swedish texas vegas vincent
    """.split()
)
"""Names in the dictionary that are common words in quoted English, or are written in more ways than one."""
