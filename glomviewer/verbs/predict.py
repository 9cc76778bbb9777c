"""Predict the patches that a model has not seen to yet. Interrupted, it goes on the next time."""

from __future__ import annotations

import argparse

from glomviewer.jobs.prediction import predict_missing
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.models_at_work import add_device, device_of, worker
from glomviewer.verbs.shell import ShellControl, add_library, model_of, say, writing

_CANCELLED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    parser.add_argument("--model", help="id or name; the active one unless given")
    add_device(parser)


def run(arguments: argparse.Namespace) -> int:
    control = ShellControl(quiet=arguments.json)
    devices: list[str] = []
    with writing(arguments.library) as library:
        model = model_of(library, arguments.model)
        if not (library.paths.model(model.id) / "weights.safetensors").is_file():
            raise BadArgument(f"{model.title} has no weights, only imported predictions.")
        left = len(library.unpredicted(model.id))
        if not left:
            sentence = "Every patch has a prediction already."
            say(arguments, sentence, {"model": model.id, "predicted": 0, "sentence": sentence})
            return 0
        with worker() as client, control.catching_interrupts():
            changes = predict_missing(
                library,
                model=model.id,
                worker=client,
                control=control,
                device=device_of(arguments),
                on_device=devices.append,
            )
        still = len(library.unpredicted(model.id))
        failures = library.prediction_failures(model.id)
    facts = {
        "model": model.id,
        "device": devices[-1] if devices else "",
        "predicted": left - still,
        "left": still,
        "failures": {str(patch): reason for patch, reason in failures.items()},
        "sentence": changes.sentence,
    }
    on = f" ({devices[-1]})" if devices else ""
    say(arguments, f"{changes.sentence}{on}", facts)
    return _CANCELLED if control.cancelled() else 0
