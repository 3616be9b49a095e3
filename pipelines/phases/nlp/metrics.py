"""What is measured: each metric with its unit and its meaning for the teacher."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure of an essay.

    Attributes:
        id: its key in the result; a band's share is found under `zipf_bands`.
        title: what a column is headed.
        unit: of the value; empty for an index.
        meaning: one line for the teacher.
    """

    id: str
    title: str
    unit: str
    meaning: str


METRICS = (
    Metric(
        "words", "Words", "words", "How long the essay is; numbers and web addresses not counted."
    ),
    Metric("sentences", "Sentences", "sentences", "How many sentences it has, headings included."),
    Metric("paragraphs", "Paragraphs", "paragraphs", "How many paragraphs it is divided into."),
    Metric(
        "characters", "Characters", "characters", "Its length with spaces, without line breaks."
    ),
    Metric("mean_sentence_length", "Sentence length", "words", "Words in an average sentence."),
    Metric("mean_word_length", "Word length", "letters", "Letters in an average word."),
    Metric("long_word_share", "Long words", "share", "Words with more than six letters."),
    Metric("lix", "LIX", "", "Readability: longer sentences and more long words score higher."),
    Metric("ttr", "Type-token ratio", "share", "Different words; only for essays of like length."),
    Metric("ovix", "OVIX", "", "Word variation, less dependent on length; higher is more varied."),
    Metric("mattr", "MATTR", "share", "Different words among any 50 in a row, on average."),
    Metric("mtld", "MTLD", "words", "Words in a row before the vocabulary repeats itself."),
    Metric("mean_zipf", "Word frequency", "Zipf", "How common its words are; lower is rarer."),
    Metric("below_2", "Zipf below 2", "share", "Words hardly in use, misspelt ones among them."),
    Metric("2_to_3", "Zipf 2–3", "share", "Rare words."),
    Metric("3_to_4", "Zipf 3–4", "share", "Words that are neither rare nor everyday."),
    Metric("4_to_5", "Zipf 4–5", "share", "Common words."),
    Metric("5_and_above", "Zipf 5 and above", "share", "The commonest words of the language."),
)
