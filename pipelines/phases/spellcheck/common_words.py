"""Common forms that neither the dictionaries nor the word frequencies tell right from wrong."""

from collections.abc import Mapping

from pipelines.vocabulary import Language

# Right, though no dictionary has them: abbreviations without points, halves of hyphenated words, British and new words.
ALSO_RIGHT: Mapping[Language, frozenset[str]] = {
    Language.ENGLISH: frozenset(
        {
            *("etc", "btw", "ok", "vs", "mins", "olds", "pre", "semi", "multi", "anti"),
            *("ish", "eco", "axe", "axed", "leant", "storey", "storeys"),
            *("influencer", "influencers", "wifi"),
        }
    ),
    Language.SWEDISH: frozenset(
        {
            "etc",
            "osv",
            "mm",
            "tex",
            "dvs",
            "mvh",
            "ok",
            "pga",
            "kl",
            "ca",
            "tv",
            "t-shirt",
            "e-mail",
        }
    ),
}

# Written together by many pupils, but to be written apart.
JOINED: Mapping[Language, Mapping[str, str]] = {
    Language.ENGLISH: {
        "abit": "a bit",
        "afew": "a few",
        "alittle": "a little",
        "alot": "a lot",
        "alots": "a lot",
        "aswell": "as well",
        "atleast": "at least",
        "eachother": "each other",
        "eventhough": "even though",
        "everytime": "every time",
        "highschool": "high school",
        "incase": "in case",
        "infact": "in fact",
        "infront": "in front",
        "inspite": "in spite",
        "noone": "no one",
        "ofcourse": "of course",
    },
    Language.SWEDISH: {
        "förallting": "för allting",
        "isåfall": "i så fall",
        "itid": "i tid",
        "påriktigt": "på riktigt",
        "påväg": "på väg",
        "tillochmed": "till och med",
        "tillslut": "till slut",
    },
}
