"""How hard a text is to read: Flesch-Kincaid grade, and lengths of sentences and paragraphs.

Kincaid et al. 1975: grade = 0.39 words/sentence + 11.8 syllables/word - 15.59.
"""

import re

WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:[-'’][A-Za-zÀ-ÿ]+)*|\d[\d.,%]*")
LIST_ITEM = r"\n(?=[-*] |\d+\. )"
SENTENCE_END = re.compile(rf"(?<=[.!?])[”\")*]*\s+(?=[^a-z\s])|\n\s*\n|{LIST_ITEM}")
PARAGRAPH_END = re.compile(rf"\n\s*\n|{LIST_ITEM}")
SILENT = re.compile(
    r"[^aeiouyl]e$|[aeiouy]le$"  # bone, while; not little
    r"|[^aeioutd]ed$"  # pulled; not lifted
    r"|(?<![aeioucgsxz])(?<![cs]h)(?<![^aeiouy]l)es$|[aeiouy]les$"  # bones; not braces, muscles
    r"|ely$|ement|[^aeiou]eless"
)
# Two vowels spoken apart.
APART = re.compile(
    r"ia(?!l|n|ge)|io(?!n|us)|(?<![ctx])ious|iu|[aeiouy]ing|[^e]ism$|ier$|iet|creat"
    r"|eal?(?=st?$)|(?<=[aeiou][^aeiou])ea$|(?<![gq])ua|uou"
)


def syllables(word: str) -> int:
    """Spoken syllables of an English word, by rule; a number counts as one."""
    return sum(_syllables(part) for part in word.lower().replace("’", "'").split("-"))


def _syllables(word: str) -> int:
    word = word.removesuffix("'s")
    groups = len(re.findall(r"[aeiouy]+", word))
    return max(1, groups + len(APART.findall(word)) - len(SILENT.findall(word)))


def words(text: str) -> list[str]:
    """The words and numbers of a text; a hyphen makes one word of two."""
    return WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Sentences and list items, each with at least one word."""
    return [part.strip() for part in SENTENCE_END.split(text) if words(part)]


def paragraphs(text: str) -> list[str]:
    """Paragraphs and list items."""
    return [part.strip() for part in PARAGRAPH_END.split(text) if words(part)]


def grade(text: str) -> float:
    """School grade (US) needed to read the text; 0 for an empty one."""
    spoken = words(text)
    if not spoken:
        return 0.0
    beats = sum(syllables(word) for word in spoken)
    return 0.39 * len(spoken) / len(sentences(text)) + 11.8 * beats / len(spoken) - 15.59
