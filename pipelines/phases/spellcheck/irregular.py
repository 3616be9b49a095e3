"""English words with forms of their own, to which learners give the regular ending: `teached` for `taught`."""

from collections.abc import Mapping

_VERBS = """
    arise arose arisen, awake awoke awoken, bear bore borne, beat beat beaten, become became become,
    begin began begun, bend bent bent, bind bound bound, bite bit bitten, bleed bled bled, blow blew blown,
    break broke broken, breed bred bred, bring brought brought, broadcast broadcast broadcast, build built built,
    burst burst burst, buy bought bought, cast cast cast, catch caught caught, choose chose chosen,
    cling clung clung, come came come, cost cost cost, creep crept crept, cut cut cut, deal dealt dealt,
    dig dug dug, do did done, draw drew drawn, drink drank drunk, drive drove driven, eat ate eaten,
    fall fell fallen, feed fed fed, feel felt felt, fight fought fought, find found found, flee fled fled,
    fling flung flung, fly flew flown, forbid forbade forbidden, forecast forecast forecast,
    foresee foresaw foreseen, forget forgot forgotten, forgive forgave forgiven, freeze froze frozen, get got got,
    give gave given, go went gone, grind ground ground, grow grew grown, have had had, hear heard heard,
    hide hid hidden, hit hit hit, hold held held, hurt hurt hurt, keep kept kept, know knew known, lay laid laid,
    lead led led, leave left left, lend lent lent, let let let, lose lost lost, make made made, mean meant meant,
    meet met met, mislead misled misled, mistake mistook mistaken, misunderstand misunderstood misunderstood,
    outgrow outgrew outgrown, overcome overcame overcome, overhear overheard overheard,
    oversleep overslept overslept, overtake overtook overtaken, overthrow overthrew overthrown, pay paid paid,
    put put put, quit quit quit, read read read, rebuild rebuilt rebuilt, redo redid redone, retell retold retold,
    rethink rethought rethought, rewrite rewrote rewritten, ride rode ridden, ring rang rung, rise rose risen,
    run ran run, say said said, see saw seen, seek sought sought, sell sold sold, send sent sent, set set set,
    shake shook shaken, shed shed shed, shine shone shone, shoot shot shot, shrink shrank shrunk, shut shut shut,
    sing sang sung, sink sank sunk, sit sat sat, sleep slept slept, slide slid slid, slit slit slit,
    speak spoke spoken, spend spent spent, spin spun spun, split split split, spread spread spread,
    spring sprang sprung, stand stood stood, steal stole stolen, stick stuck stuck, sting stung stung,
    stink stank stunk, strike struck struck, strive strove striven, swear swore sworn,
    sweep swept swept, swim swam swum, swing swung swung, take took taken, teach taught taught, tear tore torn,
    tell told told, think thought thought, throw threw thrown, thrust thrust thrust, tread trod trodden,
    undergo underwent undergone, understand understood understood, undertake undertook undertaken,
    undo undid undone, upset upset upset, wake woke woken, wear wore worn, weave wove woven, weep wept wept,
    win won won, wind wound wound, withdraw withdrew withdrawn, withstand withstood withstood, write wrote written
"""
_NOUNS_AND_ADJECTIVES = """
    child children, man men, woman women, foot feet, tooth teeth, goose geese, mouse mice, person people,
    grandchild grandchildren, schoolchild schoolchildren, policeman policemen, businessman businessmen,
    fireman firemen, fisherman fishermen, salesman salesmen, chairman chairmen, gentleman gentlemen,
    life lives, wife wives, knife knives, half halves, leaf leaves, shelf shelves, thief thieves, wolf wolves,
    good better best, bad worse worst, far further furthest
"""


def meant_by(word: str) -> tuple[str, ...]:
    """The past and the participle of the verb that a word gives the ending `-ed`, be it to one of these again.

    Args:
        word: in lower case.
    """
    return _MEANT.get(word, ())


def forms(word: str) -> tuple[str, ...]:
    """The other forms of a word, as far as they are irregular.

    Args:
        word: in lower case.
    """
    return _FORMS.get(word, ())


def _regular(form: str) -> tuple[str, ...]:
    """How a form is written with the ending: `stop` may be `stoped` or `stopped`, `fly` is `flied` or `flyed`."""
    if form.endswith("e"):
        return (f"{form}d",)
    soft = (f"{form[:-1]}ied",) if form.endswith("y") else ()
    return (f"{form}ed", f"{form}{form[-1]}ed", *soft)


def _meant() -> Mapping[str, tuple[str, ...]]:
    meant = {}
    for base, past, participle in _words(_VERBS):
        for form in (participle, past, base):
            for word in _regular(form):
                meant[word] = tuple(dict.fromkeys((past, participle)))
    return meant


def _forms() -> Mapping[str, tuple[str, ...]]:
    return {
        form: tuple(other for other in dict.fromkeys(forms) if other != form)
        for forms in (*_words(_VERBS), *_words(_NOUNS_AND_ADJECTIVES))
        for form in forms
    }


def _words(listed: str) -> list[list[str]]:
    return [forms.split() for forms in listed.split(",")]


_MEANT = _meant()
_FORMS = _forms()
