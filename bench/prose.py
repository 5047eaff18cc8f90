"""Texts as long as real ones, of words that mean nothing: a few stand in nearly every text and most in hardly any."""

from collections.abc import Sequence
from itertools import accumulate
from math import log
from random import Random

OFTEN = ("the", "of", "and", "to", "in", "for", "a", "that", "is", "by", "on", "with", "be", "which", "was", "not")
VOCABULARY = 12_000
SENTENCE = 14  # words
REQUEST, ANSWER = 150, 350  # words of the middle one of all requests, and of all answers
LONGEST = 3000


class Prose:
    """Makes up texts, the same ones each time. Words are as unlike in number as those of a language (Zipf's law)."""

    def __init__(self, syllables: Sequence[str]) -> None:
        self._chance = Random(20)
        made = ("".join(self._chance.choices(syllables, k=self._chance.randint(2, 4))) for _ in range(VOCABULARY))
        self._words = list(dict.fromkeys((*OFTEN, *sorted(made, key=len))))  # long words are rare ones
        self._often = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def request(self) -> str:
        """What somebody says around what they ask."""
        return self._some(REQUEST)

    def answer(self) -> str:
        """What we say around what we give."""
        return self._some(ANSWER)

    def _some(self, middle: int) -> str:
        length = min(int(self._chance.lognormvariate(log(middle), 0.7)), LONGEST)
        words = self._chance.choices(self._words, cum_weights=self._often, k=length)
        sentences = (words[at : at + SENTENCE] for at in range(0, length, SENTENCE))
        return "\n".join(f"{' '.join(sentence).capitalize()}." for sentence in sentences)
