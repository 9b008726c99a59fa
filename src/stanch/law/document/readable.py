"""How hard a text is to read: Flesch-Kincaid grade for English, LIX for other languages.

``Source``: Kincaid et al. 1975; Björnsson 1968. Syllables are counted by groups of vowels, which is near enough for a limit.
"""

import re

_SENTENCE = re.compile(r"[.!?:\n]+(?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_LONG = 6


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def n_words(text: str) -> int:
    """Count words, numbers among them."""
    return len(text.split())


def grade(text: str, language: str) -> float:
    """Give the US school grade for English, the LIX for other languages; zero for no words."""
    words = words_of(text)
    if not words:
        return 0.0
    per_sentence = len(words) / max(1, len([s for s in _SENTENCE.split(text) if words_of(s)]))
    if language == "en":
        return 0.39 * per_sentence + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return per_sentence + 100 * sum(len(word) > _LONG for word in words) / len(words)


def syllables(word: str) -> int:
    """Count the syllables of an English word, about."""
    lower = word.lower()
    n = len(_VOWELS.findall(lower))
    silent = lower.endswith("e") and not lower.endswith(("le", "ee", "ie")) and n > 1
    return max(1, n - silent)
