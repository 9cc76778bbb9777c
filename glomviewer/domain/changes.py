"""What an operation changed, so that every screen can decide for itself what to refresh."""

from __future__ import annotations

from dataclasses import dataclass, fields

from glomviewer.domain.readings.records import RevealedCall


@dataclass(frozen=True, slots=True)
class Changes:
    """Flags of what an operation changed, and the quiet line that tells the reader.

    `patches` names the patches whose state changed; `all_patches` says that there are too many
    to name and that the table is to be loaded again. `reveal` is the model's call that a commit
    in a reading has earned its reader; `reading` the reading that the operation was about.
    """

    patches: tuple[int, ...] = ()
    all_patches: bool = False
    labels: bool = False
    flags: bool = False
    comments: bool = False
    exclusions: bool = False
    seen: bool = False
    files: bool = False
    splits: bool = False
    readers: bool = False
    readings: bool = False
    packs: bool = False
    predictions: bool = False
    models: bool = False
    active_model: bool = False
    threshold: bool = False
    runs: bool = False
    settings: bool = False
    backups: bool = False
    undo: bool = False
    sentence: str = ""
    batch: int | None = None
    reveal: RevealedCall | None = None
    reading: int | None = None

    def __or__(self, other: Changes) -> Changes:
        """Both changes; the sentence and the batch of the later one where it has any."""
        merged = {
            field.name: getattr(self, field.name) or getattr(other, field.name)
            for field in fields(self)
            if field.type == "bool"
        }
        return Changes(
            patches=tuple(dict.fromkeys(self.patches + other.patches)),
            sentence=other.sentence or self.sentence,
            batch=other.batch if other.batch is not None else self.batch,
            reveal=other.reveal or self.reveal,
            reading=other.reading if other.reading is not None else self.reading,
            **merged,
        )

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self) if field.type == "bool")
