"""What became of a return, of labels or of a model that was taken in."""

from __future__ import annotations

from dataclasses import dataclass, field

from glomviewer.store.merging.report import MergeReport
from glomviewer.store.packs.manifest import PackKind


@dataclass(frozen=True, slots=True)
class MergedPack:
    """`reader` and `reading` are names, "" where the file is no return; `done` of `items` had
    been labelled, and `finished` says that the reader has ended his reading. `missing` images
    could not be looked at any more. `trusted` says that the key was new here."""

    kind: PackKind
    file: str
    fingerprint: str
    sentences: tuple[str, ...]
    reader: str = ""
    reading: str = ""
    done: int = 0
    items: int = 0
    finished: bool = False
    missing: int = 0
    installations: int = 1
    trusted: bool = False
    model: str = ""
    report: MergeReport = field(default_factory=MergeReport)

    @property
    def sentence(self) -> str:
        return " ".join(self.sentences)
