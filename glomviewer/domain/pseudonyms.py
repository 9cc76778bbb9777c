"""Names that could be a patient's, and what stands in their place.

A pseudonym too many costs nothing; a name that slips through leaks. So a name of a case, slide or
file passes only if it is made of plain words and small numbers that say nothing about a person.
"""

from __future__ import annotations

import re
import unicodedata

_WORDS = frozenset(
    """
    a an and by for in no non nr number of on the to with copy new old other part
    area batch biopsy block case cases center centre cohort control core demo example fake field
    final group image images img lab level locked model none patch patches patient pool random
    reader reading region roi round sample scan section series set site slide slides specimen
    split stain study subject synthetic test tile tiles train training trial unknown val validation
    cortex crescent glom gloms glomeruli glomerulus globally kidney medulla native normal renal
    sclerosed sclerosis sclerotic segmental transplant gs nongs
    haematoxylin hae hematoxylin he ihc jones masson mt pas pasm silver trichrome
    """.split()  # noqa: SIM905 - a page of quotation marks is harder to look through
)
"""Lower case. None of them is a usual name of a person or of a laboratory."""

_SUFFIX = re.compile(r"\.(?:png|jpe?g|tiff?|bmp|webp|svs|ndpi|mrxs|scn|czi|vms|glom[a-z]+)$")
_RUN = re.compile(r"[^\W\d_]+|\d+")
_JOINTS = re.compile(r"[\s_.\-/()#]*")
_PSEUDONYM = re.compile(r"[A-Z][a-z]+ [1-9]\d{0,3}")
_LONGEST_NUMBER = 6
_MOST_DIGITS_ALONE = 3
_MOST_DIGITS_OF = 2
_LONG_WORD = 4
_COUNTED = frozenset({"img", "lab", "roi", "set"})
_MOST = 999

_LONG_NUMBER = re.compile(r"\d{5}")
_DATE = re.compile(r"\d{1,4}\s?[./\-]\s?\d{1,2}\s?[./\-]\s?\d{1,4}")
_MONTH = r"(?:jan|feb|mar|m[aä]r|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zäöü]{0,9}"
_NAMED_DATE = re.compile(rf"\d{{1,2}}[\s.\-]{{0,9}}{_MONTH}[\s.\-]{{0,9}}\d{{2,4}}", re.IGNORECASE)
_ACCESSION = re.compile(
    r"(?<![^\W_])(?:[^\W\d_]{1,4}[\s_\-]?\d{2,4}[\s_\-/.]\d{2,}"
    r"|[^\W\d_]{1,4}[_\-]?\d{4,}"
    r"|\d{2,4}[\s_\-/][^\W\d_]{0,4}[\s_\-/]?\d{3,})"
)
# Bounded, so that a long text takes no longer than its length.
_LAST_FIRST = re.compile(r"([^\W\d_])[^\s,;]{1,60}\s{0,9},\s{0,9}([^\W\d_])[^\s,;]+")


def looks_like_accession(name: str) -> bool:
    """Whether the name of a case, slide or file could lead to a person.

    S23-12345, H2023/4567-1A, 1957-03-12, 00456123 and Miller, Ann could; case-003, slide 12 and
    centre-A could not. Words that are not known to be harmless count as names: NKI_01 could.
    """
    plain = _without_marks(name).strip()
    if _PSEUDONYM.fullmatch(plain) and plain.split()[0].lower() in _WORDS:
        return False
    plain = _SUFFIX.sub("", plain.lower())
    runs = [(match.start(), match.group()) for match in _RUN.finditer(plain)]
    if not runs:
        # Letters of no alphabet that Python knows, or marks alone: nobody can say.
        return bool(plain)
    if not _JOINTS.fullmatch(_RUN.sub("", plain)):
        return True
    return not (_plain_words(runs) and _small_numbers(runs))


def mentions_patient(title: str) -> bool:
    """Whether a title that a person has written (of a reading, model or library) holds something
    like an accession number, a date, a record number or "Surname, First"."""
    plain = _without_marks(title)
    signs = (_LONG_NUMBER, _DATE, _NAMED_DATE, _ACCESSION)
    if any(sign.search(plain) for sign in signs) or _LAST_FIRST.fullmatch(plain.strip()):
        return True
    # Within a longer title a comma is mostly one between phrases.
    return any(f"{first}{last}".isupper() for first, last in _LAST_FIRST.findall(plain))


def pseudonym(kind: str, number: int) -> str:
    """What takes the place of a name: Case 7, Slide 12."""
    return f"{kind[:1].upper()}{kind[1:]} {number}"


def _plain_words(runs: list[tuple[int, str]]) -> bool:
    words = [text for _, text in runs if not text[0].isdigit()]
    if any(len(word) > 1 and word not in _WORDS for word in words):
        return False
    # One letter alone names a centre; several letters, or one before a number, may be initials
    # or the letter of a laboratory.
    known = any(len(word) > 1 for word in words)
    return known or len(runs) == 1 or not words


def _small_numbers(runs: list[tuple[int, str]]) -> bool:
    numbers = [at for at, (_, text) in enumerate(runs) if text[0].isdigit()]
    if any(len(runs[at][1]) > _LONGEST_NUMBER or int(runs[at][1]) > _MOST for at in numbers):
        return False
    if len(runs) == 1:
        return len(runs[0][1]) <= _MOST_DIGITS_ALONE
    return all(at > 0 and _vouched_for(runs, at) for at in numbers)


def _vouched_for(runs: list[tuple[int, str]], at: int) -> bool:
    """Whether what stands before a number says what it counts: slide 3, but neither 23-123 nor
    S23, HE 23 or 23-S-123, which are a laboratory's letters, a year and a number."""
    start, number = runs[at]
    before_start, before = runs[at - 1]
    other = runs[at - 2][1] if at > 1 and runs[at - 2][1][0].isdigit() else ""
    if before == "of":
        return 0 < len(other) <= _MOST_DIGITS_OF and len(number) <= _MOST_DIGITS_OF
    if len(before) == 1 and before.isalpha():
        return not other and before_start + 1 < start
    return len(before) >= _LONG_WORD or (before in _COUNTED and not other)


def _without_marks(text: str) -> str:
    """Compatible letters without accents, so that one name has one spelling."""
    parts = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFKC", "".join(c for c in parts if not _is_mark(c)))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
