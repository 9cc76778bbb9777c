"""`python -m training VERB`: every verb's module is imported only when it is asked for."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from training.config import UserError

VERBS = {
    "predict": "calls of a model on a folder or a manifest of patches",
    "embed": "features of a model, as .npy with the patches' hashes beside",
    "evaluate": "loss, AUC, precision, recall, F1 and confusion matrix with intervals",
    "train": "system C's command: train on a data folder, its hold-out set put aside first",
    "finetune": "train a candidate from a run's job.json or a data folder, and judge it",
    "reproduce": "train a model again from its own record, and say whether it is the same",
    "grow": "grow a network from one neuron, step by step, until validation stops improving",
    "thresholds": "search the threshold on labelled patches",
    "gate": "two models side by side on locked patches, and the verdict",
    "leaks": "how test data could have got into training: cases, duplicates, look-alikes, origins",
    "crossval": "recipes on the same folds of a data folder, judged out of fold and compared",
    "study": "a recipe with each padding at each size, compared on the same folds",
    "measure": "train several recipes on a data folder and print one table of figures",
    "recipes": "the recipes that there are, or one of them with its fields",
    "copies": "system A's preparation: copies of sclerotic training patches in a new data folder",
    "convert": "make a model folder from a bare .pth checkpoint",
    "weights": "list, add, verify, inspect or fetch base weights",
    "device": "the device that would be used, and what is wrong with it",
    "serve": "answer requests on standard input with events on standard output",
    "estimate": "about how long a recipe would train on so many patches, and its memory",
    "bench": "measure decoding, the model, prediction and training",
}


# scikit-learn takes 32 bits; a run adds a little for each attempt to cut a validation set.
_SEEDS = 2**31


class Verb(Protocol):
    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, arguments: argparse.Namespace) -> int: ...


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help"):
        print(_overview())
        return 0 if words else 2
    name, rest = words[0], words[1:]
    if name not in VERBS:
        print(f"error: there is no verb {name!r}; there are {', '.join(VERBS)}.", file=sys.stderr)
        return 2
    try:
        code = _run(name, rest)
        sys.stdout.flush()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has had enough. Python would complain once
        # more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        # A file where a folder should be, a folder that can't be written: no fault of the program.
        print(f"error: {error.filename or name}: {error.strerror or error}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("error: interrupted.", file=sys.stderr)
        return 130
    return code


def _run(name: str, words: list[str]) -> int:
    # Idle threads of torch sleep rather than spin: beside a busy window, or another run on the
    # same cores, spinning takes more than half of the processor.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        module = cast("Verb", importlib.import_module(f"training.{name}"))
    except ModuleNotFoundError as error:
        raise UserError(
            f"{name} needs the Python package {error.name!r}: "
            "install the project with its model extra, pip install 'glomviewer[model]'."
        ) from error
    parser = argparse.ArgumentParser(prog=f"python -m training {name}", description=VERBS[name])
    module.add_arguments(parser)
    arguments = parser.parse_args([hyphenated(word) for word in words])
    seed = getattr(arguments, "seed", None) or 0
    if not 0 <= seed < _SEEDS:
        raise UserError(f"--seed is {seed}; it should be 0 to {_SEEDS - 1}.")
    return module.run(arguments)


def hyphenated(word: str) -> str:
    """--model_path as --model-path: the earlier systems wrote options either way."""
    name, equals, value = word.partition("=")
    return f"{name.replace('_', '-')}{equals}{value}" if word.startswith("--") else word


def _overview() -> str:
    verbs = "\n".join(f"  {name:<11}{what}" for name, what in VERBS.items())
    return f"usage: python -m training VERB …\n\n{verbs}\n\nVERB --help tells its options."


if __name__ == "__main__":
    sys.exit(main())
