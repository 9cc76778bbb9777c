"""What became of a merge, in numbers and in sentences."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OriginMerge:
    """Acts of one origin. `refusal` says why none of the new ones was taken in, "" if all were."""

    origin: str
    new: int = 0
    known: int = 0
    refused: int = 0
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class MergeReport:
    """`new`, `known` and `refused` are acts; `decisions` the rows of the new ones, of which
    `unplaced` are about patches that this library does not have. `readers` are names of readers
    who are new here. Nothing was written where `new` is 0."""

    new: int = 0
    known: int = 0
    refused: int = 0
    decisions: int = 0
    unplaced: int = 0
    readers: tuple[str, ...] = ()
    origins: tuple[OriginMerge, ...] = ()
    sentences: tuple[str, ...] = ()
    patches: tuple[int, ...] = field(default=(), repr=False)
    """Patches whose labels or state may have changed."""

    @property
    def sentence(self) -> str:
        return " ".join(self.sentences)


def counted(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many}"
