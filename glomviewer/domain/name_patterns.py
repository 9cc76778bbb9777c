"""Reading slide and case out of a patch's name, by presets or by one's own expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

COPY_SUFFIX = re.compile(r"^(?P<original>.+)_[123]$")
"""The stems under which system A's preparation left flipped and turned copies."""

_ENOUGH = 0.8


@dataclass(frozen=True, slots=True)
class NamePattern:
    """`expression` is searched in the file's name; its named groups `case` and `slide` count."""

    title: str
    expression: str
    example: str = ""

    def groups(self, name: str) -> tuple[str, str] | None:
        """(case, slide) of a file's name, "" for a group that is not there; None: no match."""
        match = _compiled(self.expression).search(name)
        if match is None:
            return None
        found = match.groupdict()
        return (found.get("case") or "").strip(), (found.get("slide") or "").strip()


_NUMBERED_SLIDE = r"^(?P<slide>(?P<case>.+?)_[A-Za-z][A-Za-z0-9\-]*_\d+of\d+)"

PRESETS: tuple[NamePattern, ...] = (
    NamePattern(
        "case_STAIN_1of2_24 hex digits",
        _NUMBERED_SLIDE + r"_[0-9a-fA-F]{24}(?:_[123])?(?:\.\w+)?$",
        "S-2001-001234_PAS_1of2_0123456789abcdef01234567.png",
    ),
    NamePattern(
        "case_STAIN_1of2_anything", _NUMBERED_SLIDE + r"(?:_|\.|$)", "18-123_PAS_5of6_07.png"
    ),
    NamePattern(
        "QuPath tiles: slide [x=…,y=…,w=…,h=…]",
        r"^(?P<slide>.+?)(?:\.\w{2,5})?\s*\[(?:[a-z]+=-?[\d.]+,?\s*)+\]",
        "B12-345 PAS [x=1024,y=2048,w=512,h=512].png",
    ),
    NamePattern(
        "NAME-N: slide, number of the patch",
        r"^(?P<slide>.+)-\d+(?:\.\w+)?$",
        "SAS_21891_001-8.png",
    ),
)


def own_pattern(expression: str) -> NamePattern:
    """A pattern of the user's own.

    Raises:
        ValueError: one sentence that says what to change.
    """
    if not expression.strip():
        raise ValueError("Write an expression with a group (?P<slide>…) or (?P<case>…).")
    try:
        groups = _compiled(expression).groupindex
    except re.error as error:
        raise ValueError(f"This is no regular expression: {error}.") from error
    if not {"case", "slide"} & set(groups):
        raise ValueError("The expression needs a group named (?P<slide>…) or (?P<case>…).")
    return NamePattern("own expression", expression)


@dataclass(frozen=True, slots=True)
class PatternTrial:
    """How a pattern does on the names at hand; `rows` are (name, case, slide), "" for none."""

    matched: int
    names: int
    cases: int
    slides: int
    rows: tuple[tuple[str, str, str], ...]
    unmatched: tuple[str, ...]


def try_pattern(pattern: NamePattern, names: Sequence[str], *, shown: int = 50) -> PatternTrial:
    """Apply a pattern to all names; the first `shown` results and failures come back."""
    rows: list[tuple[str, str, str]] = []
    unmatched: list[str] = []
    cases: set[str] = set()
    slides: set[str] = set()
    matched = 0
    for name in names:
        groups = pattern.groups(name)
        if groups is None or groups == ("", ""):
            if len(unmatched) < shown:
                unmatched.append(name)
            continue
        matched += 1
        case, slide = groups
        cases.add(case or slide)
        slides.add(slide)
        if len(rows) < shown:
            rows.append((name, case or slide, slide))
    return PatternTrial(
        matched, len(names), len(cases), len(slides - {""}), tuple(rows), tuple(unmatched)
    )


def fitting_preset(names: Sequence[str]) -> NamePattern | None:
    """The first preset that reads most of these names and puts some of them together.

    A pattern that gave every patch a slide of its own would only look like a split by slide.
    """
    if not names:
        return None
    for preset in PRESETS:
        trial = try_pattern(preset, names, shown=0)
        if trial.matched >= _ENOUGH * len(names) and (
            trial.cases < trial.matched or trial.matched == 1
        ):
            return preset
    return None


def copies_by_name(paths: Iterable[str]) -> dict[str, str]:
    """Copies as system A's preparation names them: path of the copy → path of its original.

    Only where the original lies in the same folder with the same suffix, and never a copy of a
    copy: `a_1_2` beside `a_1` and `a` belongs to `a_1`, which is itself listed.
    """
    known = set(paths)
    copies: dict[str, str] = {}
    for path in known:
        pure = PurePosixPath(path)
        match = COPY_SUFFIX.match(pure.stem)
        if match is None:
            continue
        folder = path[: len(path) - len(pure.name)]
        original = folder + match.group("original") + pure.suffix
        if original in known:
            copies[path] = original
    return copies


@lru_cache(maxsize=64)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
