"""Make a model the active one, or go back to the one before it."""

from __future__ import annotations

import argparse

from glomviewer.jobs import operations
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import add_library, model_of, say, writing
from glomviewer.verbs.unlocking import acting_reader, add_acting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_library(parser)
    parser.add_argument("model", nargs="?", help="id or name")
    add_acting(parser)
    parser.add_argument("--back", action="store_true", help="roll back to the model before")
    parser.add_argument(
        "--overrule", action="store_true", help="promote against the gate; needs --reason"
    )
    parser.add_argument("--reason", default="")


def run(arguments: argparse.Namespace) -> int:
    if bool(arguments.model) == arguments.back:
        raise BadArgument("Name a model to promote, or give --back to roll back; not both.")
    with writing(arguments.library) as library:
        reader = acting_reader(library, arguments)
        if arguments.back:
            changes = operations.roll_back_model(library, reader=reader.id)
        else:
            changes = operations.promote_model(
                library,
                model=model_of(library, arguments.model).id,
                reader=reader.id,
                reason=arguments.reason,
                overrule=arguments.overrule,
            )
        active = library.active_model()
    facts = {"sentence": changes.sentence, "active": None if active is None else active.id}
    say(arguments, changes.sentence, facts)
    return 0
