"""What the killing process and its victim say to each other: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Work(StrEnum):
    """What a victim is busy with when it is killed."""

    LABEL = "label"
    BULK = "bulk"
    IMPORT = "import"
    COPY_IN = "copy in"
    PROMOTE = "promote"
    READ = "read"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Order:
    """What a victim is to do. `source` is the folder to import or the file to merge, "" for other
    work; `origin` is the log that is merged, and `acts` its length in the file."""

    work: Work
    library: str
    reader: int
    seed: int
    source: str = ""
    origin: str = ""
    acts: int = 0

    def line(self) -> str:
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def of(cls, line: str) -> Order:
        raw = json.loads(line)
        return cls(**{**raw, "work": Work(raw["work"])})


class Moment(StrEnum):
    """`READY` says that an order can come. `TRYING` is said before a write begins, `DONE` only
    after the call has returned."""

    READY = "ready"
    OPENED = "opened"
    TRYING = "trying"
    DONE = "done"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a victim said; `facts` depend on its work."""

    moment: Moment
    facts: dict[str, Any]

    def line(self) -> str:
        return json.dumps({"moment": self.moment, **self.facts}) + "\n"


def understood(text: str) -> list[Said]:
    """What was said; a last line that the kill has torn was never said."""
    whole = text[: text.rfind("\n") + 1]
    said = []
    for line in whole.splitlines():
        raw = json.loads(line)
        said.append(Said(Moment(raw.pop("moment")), raw))
    return said
