"""What every section of a benchmark is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from glomviewer.bench.libraries import BuiltLibrary, synthetic_library


@dataclass(frozen=True, slots=True)
class Context:
    """`output` keeps libraries and pictures for the next time. A quick one is a smoke test: its
    libraries are small and its figures mean nothing."""

    output: Path
    quick: bool = False
    say: Callable[[str], None] = lambda _sentence: None

    def library(self, patches: int) -> BuiltLibrary:
        """A synthetic library, built now where there is none to use again."""
        wanted = min(patches, 400) if self.quick else patches
        self.say(f"a library of {wanted:,} patches")
        return synthetic_library(wanted, self.output)

    def repeats(self, wanted: int) -> int:
        return min(wanted, 3) if self.quick else wanted
