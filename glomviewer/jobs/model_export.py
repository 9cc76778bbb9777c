"""Copying a model out of a library, with its card beside it. No Qt."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from glomviewer.domain.pseudonyms import mentions_patient
from glomviewer.domain.records import ModelRecord
from glomviewer.jobs.model_card import card_document
from glomviewer.jobs.model_card_counts import manifest_counts
from glomviewer.jobs.model_card_pages import Document, html, markdown
from glomviewer.jobs.sentences import JobError
from glomviewer.store.exchange.model_packs import CARD, telling_texts
from glomviewer.store.journal import Act
from glomviewer.store.library import Library
from training.atomic import write_text
from training.config import RunFolder


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written; `folder` is None where only the card was asked for."""

    title: str
    folder: Path | None
    markdown: Path
    html: Path

    @property
    def sentence(self) -> str:
        if self.folder is None:
            return f"The card of {self.title} was written to {self.markdown} and {self.html.name}."
        return (
            f"{self.title} was written to {self.folder}, its card beside it. Neither holds a name "
            "of a patient or file."
        )


def export_model(library: Library, *, model: str, parent: Path) -> Exported:
    """Copy a model's folder below `parent`, and write its card beside the folder.

    Raises:
        JobError: something of the same name is there already; nothing is ever overwritten. Or its
            name or its own card may name a patient.
    """
    record = library.model(model)
    _refuse_telling_name(record)
    name = folder_name(record)
    target = parent / name
    cards = _card_files(parent, name)
    _refuse_existing((target, *cards))
    source = library.paths.model(record.id)
    if not source.is_dir():
        raise JobError(f"The files of {record.title} are no longer in the library.")
    _refuse_telling_card(source / CARD)
    parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        shutil.copytree(source, draft)
        draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _write_cards(library, record, cards)
    library.record(Act.EXPORT, f"{record.title} exported", model=record.id, weights=True)
    return Exported(record.title, target, *cards)


def export_card(library: Library, *, model: str, parent: Path) -> Exported:
    """Write only a model's card, as Markdown and as HTML.

    Raises:
        JobError: a card of the same name is there already, or the model's name may be a patient's.
    """
    record = library.model(model)
    _refuse_telling_name(record)
    cards = _card_files(parent, folder_name(record))
    _refuse_existing(cards)
    parent.mkdir(parents=True, exist_ok=True)
    _write_cards(library, record, cards)
    library.record(Act.EXPORT, f"card of {record.title} exported", model=record.id, weights=False)
    return Exported(record.title, None, *cards)


def model_document(library: Library, record: ModelRecord) -> Document:
    """The card of a model as it stands in the library."""
    counts = ()
    if record.run is not None:
        counts = manifest_counts(RunFolder(library.paths.run(record.run)).manifest)
    return card_document(record, counts, library.threshold_history(record.id))


def folder_name(record: ModelRecord) -> str:
    """A name that every file system takes: `swin-base-4`."""
    return (
        re.sub(r"[^A-Za-z0-9._-]+", "-", f"{record.name}-{record.version}").strip("-.") or "model"
    )


def _card_files(parent: Path, name: str) -> tuple[Path, Path]:
    return parent / f"{name}.md", parent / f"{name}.html"


def _refuse_existing(targets: tuple[Path, ...]) -> None:
    for target in targets:
        if target.exists():
            raise JobError(
                f"There is a {target.name} in {target.parent} already; choose another folder."
            )


def _refuse_telling_name(record: ModelRecord) -> None:
    if mentions_patient(record.name):
        raise JobError(
            "The name of this model may be that of a patient; give it another one, and export it "
            "then. Nothing was written."
        )


def _refuse_telling_card(file: Path) -> None:
    try:
        card = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise JobError(f"{file.name} of this model can't be read ({error}).") from error
    if telling := next(telling_texts(card), ""):
        raise JobError(
            f"{file.name} of this model says under {telling} what may be the name or number of a "
            "patient; take it out and try again. Nothing was written."
        )


def _write_cards(library: Library, record: ModelRecord, cards: tuple[Path, Path]) -> None:
    document = model_document(library, record)
    write_text(cards[0], markdown(document))
    write_text(cards[1], html(document))
