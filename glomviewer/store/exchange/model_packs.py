"""A model on its way to another machine: weights, card and what it has seen, without a name."""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.pseudonyms import mentions_patient
from glomviewer.domain.records import ModelRecord
from glomviewer.store.errors import Refused
from glomviewer.store.exchange import names
from glomviewer.store.exchange.fields import Fields
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.packs.manifest import unsound
from glomviewer.store.packs.opening import Pack
from glomviewer.store.packs.writing import Member
from training.atomic import replace as put_in_place
from training.config import Calibration, ModelCard, Threshold, UserError

CARD, WEIGHTS, SEEN, SPLITS = "model.json", "weights.safetensors", "seen.txt", "splits.csv"
_FOLDER = "model/"

_ID = re.compile(r"[0-9a-z]{8,64}")
_HASH_LINE = re.compile(r"(?:[0-9a-f]{64})?")
_SPLIT_LINE = re.compile(r"hash,split,label,group|[0-9a-f]{64},[a-z]+,[01],\d*|")
# Digests, moments and version numbers look like record numbers, and a program wrote them.
_WRITTEN_BY_PROGRAM = re.compile(
    r"[0-9a-f]{12,128}|\d{4}-\d\d-\d\dT[\d:.+Z\-]+|\d+(?:\.\w+)*(?:[+\-]\w+)*"
)
_TECHNICAL = frozenset({"architecture", "versions", "device", "id", "log_position", "ancestors"})


@dataclass(frozen=True, slots=True)
class ModelPayload:
    """`threshold` is the calibrated logit that was in use where the model comes from."""

    library: str
    model: str
    title: str
    threshold: float

    def to_json(self) -> dict[str, Any]:
        return {
            "library": self.library,
            "model": self.model,
            "title": self.title,
            "threshold": self.threshold,
        }


def sent_card(connection: Connection, record: ModelRecord, folder: Path) -> ModelCard:
    """The card with the name, the calibration and the threshold that hold here now; a name that
    may be a patient's is replaced.

    Raises:
        Refused: there is no card, or it says something that could name a patient.
    """
    try:
        card = ModelCard.read(folder / CARD)
    except (UserError, OSError) as error:
        raise Refused(f"The files of {record.title} can't be read ({error}).") from error
    card = replace(
        card,
        name=names.title_outside(connection, names.MODEL, record.name),
        version=record.version,
        calibration=Calibration(record.slope, record.intercept, card.calibration.fitted_on),
        threshold=Threshold(record.threshold, card.threshold.rule),
    )
    if telling := next(telling_texts(card.to_json()), ""):
        raise Refused(
            f"{CARD} of {record.title} says under {telling} what may be the name or number of a "
            "patient; take it out and try again. No file was written."
        )
    return card


def check_model_files(record: ModelRecord, folder: Path) -> None:
    """Raises:
    Refused: the weights are not there, or the lists beside them hold more than hashes.
    """
    if not (folder / WEIGHTS).is_file():
        raise Refused(f"The weights of {record.title} are not in the library, so it can't be sent.")
    for name, line in ((SEEN, _HASH_LINE), (SPLITS, _SPLIT_LINE)):
        file = folder / name
        if not file.is_file():
            continue
        try:
            lines = file.read_text(encoding="ascii").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(
                f"{name} of {record.title} can't be read; no file was written."
            ) from error
        if not all(line.fullmatch(one) for one in lines):
            raise Refused(
                f"{name} of {record.title} holds more than hashes and numbers, such as a name; no "
                "file was written."
            )


def model_members(card: ModelCard, folder: Path) -> Iterator[Member]:
    yield Member(f"{_FOLDER}{CARD}", json.dumps(card.to_json(), indent=1).encode("utf-8"))
    for name in (SEEN, SPLITS, WEIGHTS):
        if (folder / name).is_file():
            yield Member(f"{_FOLDER}{name}", folder / name)


def read_model_payload(pack: Pack, file: str) -> ModelPayload:
    """Raises UnsoundContent."""
    fields = Fields(pack.manifest.payload, file, "payload")
    model = fields.text("model")
    if not _ID.fullmatch(model):
        raise unsound(file, "its model has no id")
    threshold = fields.finite("threshold")
    return ModelPayload(fields.uuid("library"), model, fields.text("title"), threshold)


def take_out(pack: Pack, payload: ModelPayload, target: Path, file: str, watching: Watching) -> Any:
    """Put the model's folder at `target`, whole or not at all; its card as JSON.

    Raises:
        UnsoundContent: it is no model of this program.
        PackCancelled, PackError
    """
    known = {f"{_FOLDER}{name}" for name in (CARD, WEIGHTS, SEEN, SPLITS)}
    if not {f"{_FOLDER}{CARD}", f"{_FOLDER}{WEIGHTS}"} <= set(pack.names) <= known:
        raise unsound(file, "it does not hold what a model does")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    draft.mkdir()
    try:
        for done, name in enumerate(pack.names):
            watching.check()
            watching.progress(done, len(pack.names), "Taking out the model")
            pack.copy(name, draft / name.removeprefix(_FOLDER))
        try:
            card = ModelCard.read(draft / CARD)
        except UserError as error:
            raise unsound(file, "its model.json can't be read") from error
        if card.id != payload.model:
            raise unsound(file, "its model.json belongs to another model")
        watching.check()
        put_in_place(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return card.to_json()


def telling_texts(value: Any, where: str = "") -> Iterator[str]:
    """Where in a card a text may name a patient."""
    if isinstance(value, dict):
        for key, one in value.items():
            if not where and key in _TECHNICAL:
                continue
            if mentions_patient(str(key)) and not _WRITTEN_BY_PROGRAM.fullmatch(str(key)):
                yield where or "its keys"
            yield from telling_texts(one, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from telling_texts(one, where)
    elif (
        isinstance(value, str)
        and not _WRITTEN_BY_PROGRAM.fullmatch(value)
        and mentions_patient(value)
    ):
        yield where
