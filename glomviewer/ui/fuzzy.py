"""How well a few typed letters fit a command's name."""

from __future__ import annotations


def fuzzy_score(typed: str, text: str) -> int | None:
    """Higher is better; None where the letters do not occur in this order. Letters at the
    beginning of words and next to each other count most."""
    needle, hay = typed.casefold().replace(" ", ""), text.casefold()
    score, place, run = 0, 0, 0
    for letter in needle:
        found = hay.find(letter, place)
        if found < 0:
            return None
        starts_word = found == 0 or not hay[found - 1].isalnum()
        run = run + 1 if found == place and place > 0 else 0
        score += 1 + (8 if starts_word else 0) + 4 * run - min(found - place, 4)
        place = found + 1
    return score - len(hay) // 16


def best_matches(typed: str, texts: list[str]) -> list[int]:
    """Places of the texts that fit, the best first; all in their order where nothing is typed."""
    scored = [(fuzzy_score(typed, text), place) for place, text in enumerate(texts)]
    fitting = [(score, place) for score, place in scored if score is not None]
    if typed.strip():
        fitting.sort(key=lambda pair: (-pair[0], pair[1]))
    return [place for _score, place in fitting]
