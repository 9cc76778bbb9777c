"""List the readings of a library, make one, finish or close it.

Examples:
  glomviewer reading LIB
  glomviewer reading LIB --new "First reading" --readers AL BK
  glomviewer reading LIB --new Rest --cases B-17 B-18 --readers AL BK CM --needed 2 --reveal never
  glomviewer reading LIB --new Sample --stratified 200 --readers AL BK --order "by case" --seed 7
  glomviewer reading LIB --new Again --from-disputes "First reading" --readers CM --needed 1
  glomviewer reading LIB --finish "First reading" --reader AL
  glomviewer reading LIB --close "First reading" --reader MI --reason "the study has ended"
"""

from __future__ import annotations

import argparse
from typing import Any

from glomviewer.domain.changes import Changes
from glomviewer.domain.readings.protocol import Order, Protocol, Reveal
from glomviewer.domain.readings.records import ReadingSummary
from glomviewer.domain.readings.sample import Sample, SampleKind
from glomviewer.jobs import operations
from glomviewer.store.library import Library
from glomviewer.verbs.agreement import reading_of
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.reading_patches import add_choice, chosen_patches
from glomviewer.verbs.shell import add_library, reader_of, reading, say, writing
from glomviewer.verbs.unlocking import acting_reader, add_acting

_SAMPLES = {
    "random": SampleKind.RANDOM,
    "stratified": SampleKind.STRATIFIED,
    "whole_cases": SampleKind.CASES,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_library(parser)
    add_acting(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--new", metavar="NAME", help="make a reading of this name")
    what.add_argument("--finish", metavar="NAME", help="say that --reader is through with it")
    what.add_argument("--close", metavar="NAME", help="end it for all of its readers, as --reader")
    parser.add_argument("--reason", default="", help="why it ends with patches left")
    add_choice(parser)
    some = parser.add_mutually_exclusive_group()
    some.add_argument("--random", type=int, metavar="N", help="of these, N patches at random")
    some.add_argument(
        "--stratified", type=int, metavar="N", help="of these, N patches, each label by its share"
    )
    some.add_argument(
        "--whole-cases", type=int, metavar="N", help="of these, all patches of N cases at random"
    )
    parser.add_argument("--readers", nargs="+", default=[], help="names or initials of who reads")
    parser.add_argument(
        "--protocol",
        choices=("independent", "open"),
        default="independent",
        help="whether readers may know what others and the model say (default: independent)",
    )
    parser.add_argument(
        "--reveal",
        choices=[one.value for one in Reveal],
        help="when the model's call is shown (default: after one's own; at once in an open one)",
    )
    parser.add_argument(
        "--order", choices=[one.value for one in Order], default=Order.SHUFFLED.value
    )
    parser.add_argument(
        "--repeats",
        type=float,
        default=0.05,
        metavar="SHARE",
        help="share of patches that come again, turned (default 0.05)",
    )
    parser.add_argument(
        "--needed", type=int, metavar="N", help="readers for each patch (default: all)"
    )
    parser.add_argument("--seed", type=int, help="the same seed plans the same lists")


def run(arguments: argparse.Namespace) -> int:
    if not (arguments.new or arguments.finish or arguments.close):
        with reading(arguments.library) as library:
            readings = library.readings()
        text = "\n".join(map(_line, readings)) or "The library has no reading yet."
        say(arguments, text, {"readings": [_facts(one) for one in readings]})
        return 0
    with writing(arguments.library) as library:
        changes = _change(library, arguments)
        made = library.reading(changes.reading) if changes.reading is not None else None
    facts: dict[str, Any] = {"sentence": changes.sentence}
    if made is not None:
        facts["reading"] = _facts(made)
    say(arguments, changes.sentence, facts)
    return 0


def _change(library: Library, arguments: argparse.Namespace) -> Changes:
    if arguments.new:
        return _make(library, arguments)
    of = reading_of(library, arguments.finish or arguments.close)
    # Closing ends what is kept from its readers, so that it is done as somebody as well.
    reader = acting_reader(library, arguments)
    if arguments.close:
        return operations.close_reading(
            library, reading=of.id, by=reader.id, reason=arguments.reason
        )
    return operations.finish_reading(
        library, reading=of.id, reader=reader.id, reason=arguments.reason
    )


def _make(library: Library, arguments: argparse.Namespace) -> Changes:
    if not arguments.readers:
        raise BadArgument("Say who reads, with --readers and their names or initials.")
    readers = [reader_of(library, one).id for one in arguments.readers]
    by = acting_reader(library, arguments).id if arguments.reader else None
    # Which patches are disputed or called otherwise is what he may not know of those he reads.
    library.viewer = by
    return operations.create_reading(
        library,
        name=arguments.new,
        patches=chosen_patches(library, arguments),
        protocol=_protocol(arguments, len(set(readers))),
        readers=readers,
        by=by,
        sample=_sample(arguments),
        seed=arguments.seed,
    )


def _protocol(arguments: argparse.Namespace, readers: int) -> Protocol:
    independent = arguments.protocol == "independent"
    usual = Reveal.AFTER if independent else Reveal.AT_ONCE
    try:
        return Protocol(
            independent=independent,
            order=Order(arguments.order),
            repeats=arguments.repeats,
            reveal=usual if arguments.reveal is None else Reveal(arguments.reveal),
            needed=readers if arguments.needed is None else arguments.needed,
        )
    except ValueError as error:
        raise BadArgument(str(error)) from error


def _sample(arguments: argparse.Namespace) -> Sample:
    asked = [(kind, getattr(arguments, name)) for name, kind in _SAMPLES.items()]
    try:
        for kind, size in asked:
            if size is not None:
                return Sample(kind, size, 1 if arguments.seed is None else arguments.seed)
    except ValueError as error:
        raise BadArgument(str(error)) from error
    return Sample()


def _line(one: ReadingSummary) -> str:
    people = ", ".join(
        f"{own.reader.initials} {own.done:,} of {own.items:,}{' finished' * bool(own.finished)}"
        for own in one.readers
    )
    closed = "  (closed)" if one.is_closed else ""
    return f"{one.name}{closed}: {one.patches:,} patches; {people}\n  {one.protocol.sentence()}"


def _facts(one: ReadingSummary) -> dict[str, Any]:
    return {
        "id": one.id,
        "uuid": one.uuid,
        "name": one.name,
        "sentence": one.protocol.sentence(),
        "independent": one.protocol.independent,
        "order": one.protocol.order.value,
        "repeats": one.protocol.repeats,
        "reveal": one.protocol.reveal.value,
        "needed": one.protocol.needed,
        "patches": one.patches,
        "made_at": one.made_at.isoformat(),
        "closed": one.closed.isoformat() if one.closed else None,
        "readers": [
            {
                "name": own.reader.name,
                "initials": own.reader.initials,
                "items": own.items,
                "done": own.done,
                "finished": own.finished.isoformat() if own.finished else None,
                "signed": own.signed,
            }
            for own in one.readers
        ],
    }
