"""Swedish words that hold sentences together: they are no names, and hardly a part of compounds."""

JOINING = frozenset(
    """
    och eller men utan samt som att om när då innan medan eftersom fastän trots därför varför alltså så
    ty än både varken antingen ifall sedan sen
    i på av till från med vid för hos mot mellan under över genom efter före bland kring ur åt inom utom
    utanför bakom framför hit dit här där var vart hur vad vem vilken vilket vilka
    inte aldrig alltid ofta ibland redan också bara ännu även nu igen ju väl nog kanske
    """.split()
)
"""Conjunctions, prepositions and adverbs."""

PRONOUNS = frozenset(
    """
    jag du han hon den det vi ni de dem mig dig sig oss er honom henne man en ett
    min mitt mina din ditt dina sin sitt sina hans hennes dess vår vårt våra ert era deras
    denna detta dessa alla allt all varje någon något några ingen inget inga annan annat andra
    flera fler flesta mer mest lite samma själv sådan sådant sådana båda
    """.split()
)

VERBS = frozenset(
    """
    är var varit vara blir blev bli blivit har hade haft ha kan kunde kunna kunnat ska skulle vill ville vilja
    måste får fick få fått bör borde gör gjorde göra gjort går gick gå gått kommer kom komma kommit
    tar tog ta tagit ser såg se sett ger gav ge gett finns fanns finnas säger sa säga sagt
    """.split()
)

QUALITIES = frozenset(
    """
    bra bättre bästa dålig dåligt sämre stor stort liten litet lätt svår svårt viktig viktigt viktiga
    många mycket första andra tredje sista nästa rolig roligt
    """.split()
)

ALL = JOINING | PRONOUNS | VERBS | QUALITIES
