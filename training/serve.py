"""The verb `serve`: requests as JSON lines on standard input, events on standard output.

Requests run one after another on a worker thread while standard input is still read, so that a
cancel reaches the one that runs. The model last used stays loaded.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from training.command_line import ComputeOptions
from training.config import PRESETS, Preprocessing, UserError
from training.convert import convert_apart
from training.device import choose_device, device_facts
from training.embed import Backbone, embed_rows, embedding_payload, load_backbone_of
from training.event_stream import events_only
from training.events import Emit, Error, Event, Result, encode
from training.json_fields import read_object
from training.models.model_folder import CARD, LoadedModel, load_model, read_card
from training.patches.manifest import read_manifest
from training.predict import predict_rows, prediction_payload
from training.progress import Cancelled, ShouldStop


@dataclass(frozen=True, slots=True)
class Request:
    id: int
    verb: str
    values: dict[str, Any]

    def path(self, name: str) -> Path:
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            raise UserError(f"{self.verb} needs {name!r}, a path.")
        return Path(value)

    def optional_path(self, name: str) -> Path | None:
        return self.path(name) if self.values.get(name) is not None else None

    def positive(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise UserError(f"{self.verb}: {name} is {value!r}; it should be a number from 1.")
        return value

    def options(self) -> ComputeOptions:
        return ComputeOptions(
            device=str(self.values.get("device") or "auto"),
            batch_size=self.positive("batch_size"),
            workers=self.positive("workers"),
            cache=self.optional_path("cache"),
        )


class Server:
    """Answers requests until standard input ends or `quit` comes; then what runs is stopped."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._writing = threading.Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="requests")
        self._cancelled: set[int] = set()
        self._stopping = threading.Event()
        self._loaded: tuple[tuple[str, str], LoadedModel] | None = None

    def serve(self, lines: Iterable[str]) -> None:
        try:
            for line in lines:
                if line.strip() and not self._accept(line):
                    break
        finally:
            self._stopping.set()
            self._worker.shutdown(wait=True)

    def _accept(self, line: str) -> bool:
        """Queue or obey a line; False where it is `quit`."""
        try:
            request = _parse(line)
            if request.verb == "cancel":
                self._cancel(request)
                return True
        except UserError as error:
            self._emit(Error(message=str(error), kind="user", id=_id_of(line)))
            return True
        if request.verb == "quit":
            return False
        answer = self._worker.submit(self._payload, request)
        answer.add_done_callback(lambda done: self._tell(request.id, done))
        return True

    def _cancel(self, request: Request) -> None:
        target = request.values.get("target")
        if not isinstance(target, int):
            raise UserError("cancel needs 'target', the id of a request.")
        self._cancelled.add(target)
        self._emit(Result(payload={"target": target}, id=request.id))

    def _tell(self, number: int, answer: Future[dict[str, Any]]) -> None:
        """The last event of a request. Its fault, whatever it is, must not end the server."""
        self._cancelled.discard(number)
        error = answer.exception()
        if error is None:
            self._emit(Result(payload=answer.result(), id=number))
        elif isinstance(error, Cancelled):
            self._emit(Error(message="cancelled", kind="cancelled", id=number))
        elif isinstance(error, UserError):
            self._emit(Error(message=str(error), kind="user", id=number))
        else:
            traceback.print_exception(error, file=sys.stderr)
            message = f"{type(error).__name__}: {error}"
            self._emit(Error(message=message, kind="internal", id=number))

    def _payload(self, request: Request) -> dict[str, Any]:
        def emit(event: Event) -> None:
            self._emit(replace(event, id=request.id))

        def should_stop() -> bool:
            return self._stopping.is_set() or request.id in self._cancelled

        if should_stop():
            raise Cancelled
        if request.verb == "device":
            wanted = str(request.values.get("device") or "auto")
            return dict(device_facts(choose_device(wanted)))
        if request.verb == "predict":
            return self._predict(request, emit, should_stop)
        if request.verb == "embed":
            return self._embed(request, emit, should_stop)
        if request.verb == "convert":
            return _convert(request)
        raise UserError(
            f"there is no verb {request.verb!r}; there are device, predict, embed, convert, "
            "cancel and quit."
        )

    def _predict(self, request: Request, emit: Emit, should_stop: ShouldStop) -> dict[str, Any]:
        output = request.path("output")
        found = predict_rows(
            self._model(request.path("model")),
            read_manifest(request.path("manifest")),
            request.options(),
            emit=emit,
            output=output,
            should_stop=should_stop,
        )
        return prediction_payload(found, output)

    def _embed(self, request: Request, emit: Emit, should_stop: ShouldStop) -> dict[str, Any]:
        folder = request.path("output")
        model = request.optional_path("model")
        if model is None:
            backbone = load_backbone_of(None)
        else:
            loaded = self._model(model)
            backbone = Backbone(loaded.module, loaded.card.preprocessing, loaded.card.name)
        done, _ = embed_rows(
            backbone,
            read_manifest(request.path("manifest")),
            folder,
            request.options(),
            emit=emit,
            should_stop=should_stop,
        )
        return embedding_payload(done, folder)

    def _model(self, folder: Path) -> LoadedModel:
        """The model of the folder; loaded again only where its card differs."""
        card = folder / CARD
        key = (str(folder), card.read_text(encoding="utf-8") if card.is_file() else "")
        if self._loaded is None or self._loaded[0] != key:
            # The old one goes first: two may not fit into the memory of a GPU.
            self._loaded = None
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
            self._loaded = (key, load_model(folder))
        return self._loaded[1]

    def _emit(self, event: Event) -> None:
        with self._writing:
            self._write(encode(event) + "\n")


def _convert(request: Request) -> dict[str, Any]:
    output = request.path("output")
    threshold = request.values.get("threshold")
    if not isinstance(threshold, (int, float)) or isinstance(threshold, bool):
        raise UserError("convert needs 'threshold', a probability such as 0.9885.")
    convert_apart(request.path("checkpoint"), output, _preprocessing(request), float(threshold))
    return {"output": str(output), "card": read_card(output).to_json()}


def _preprocessing(request: Request) -> Preprocessing:
    given = request.values.get("preprocessing")
    if isinstance(given, dict):
        return Preprocessing.from_json(given)
    preset = request.values.get("preset")
    if not isinstance(preset, str) or preset not in PRESETS:
        raise UserError(f"convert needs 'preset', one of {', '.join(PRESETS)}.")
    return PRESETS[preset]


def _parse(line: str) -> Request:
    value = read_object(line, "the request")
    number, verb = value.get("id"), value.get("verb")
    if not isinstance(number, int) or isinstance(number, bool):
        raise UserError("a request needs 'id', a whole number.")
    if not isinstance(verb, str):
        raise UserError("a request needs 'verb'.")
    return Request(number, verb, value)


def _id_of(line: str) -> int | None:
    with contextlib.suppress(ValueError, RecursionError):
        value = json.loads(line)
        if isinstance(value, dict) and isinstance(value.get("id"), int):
            return value["id"]
    return None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(arguments: argparse.Namespace) -> int:
    del arguments
    with events_only() as stream:

        def write(text: str) -> None:
            stream.write(text)
            stream.flush()

        source = os.fdopen(os.dup(sys.stdin.fileno()), "r", encoding="utf-8", errors="replace")
        with source, contextlib.suppress(BrokenPipeError):
            Server(write).serve(source)
    return 0
