"""English verbs that learners give the regular ending: `teached` for `taught`."""

from collections.abc import Mapping

_VERBS = """
    become became become, begin began begun, bend bent bent, bite bit bitten, blow blew blown, break broke broken,
    bring brought brought, build built built, buy bought bought, catch caught caught, choose chose chosen,
    come came come, cost cost cost, cut cut cut, deal dealt dealt, dig dug dug, do did done, draw drew drawn,
    drink drank drunk, drive drove driven, eat ate eaten, fall fell fallen, feed fed fed, feel felt felt,
    fight fought fought, find found found, fly flew flown, forget forgot forgotten, forgive forgave forgiven,
    freeze froze frozen, get got got, give gave given, go went gone, grow grew grown, have had had, hear heard heard,
    hide hid hidden, hit hit hit, hold held held, hurt hurt hurt, keep kept kept, know knew known, lay laid laid,
    lead led led, leave left left, lend lent lent, let let let, lose lost lost, make made made, mean meant meant,
    meet met met, pay paid paid, put put put, quit quit quit, read read read, ride rode ridden, ring rang rung,
    rise rose risen, run ran run, say said said, see saw seen, sell sold sold, send sent sent, set set set,
    shake shook shaken, shine shone shone, shoot shot shot, shut shut shut, sing sang sung, sink sank sunk,
    sit sat sat, sleep slept slept, slide slid slid, speak spoke spoken, spend spent spent, spread spread spread,
    stand stood stood, steal stole stolen, stick stuck stuck, strike struck struck, swear swore sworn,
    sweep swept swept, swim swam swum, take took taken, teach taught taught, tear tore torn, tell told told,
    think thought thought, throw threw thrown, understand understood understood, wake woke woken, wear wore worn,
    win won won, write wrote written
"""


def meant_by(word: str) -> tuple[str, ...]:
    """The past and the participle of the verb that a word gives the ending `-ed`, be it to one of these again.

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


def _forms() -> Mapping[str, tuple[str, ...]]:
    forms = {}
    for base, past, participle in (verb.split() for verb in _VERBS.split(",")):
        for form in (participle, past, base):
            for word in _regular(form):
                forms[word] = tuple(dict.fromkeys((past, participle)))
    return forms


_FORMS = _forms()
