"""Sign a reading off as read, adjudicated or approved; or list who has signed for what.

Examples:
  glomviewer signoff LIB "First reading"
  glomviewer signoff LIB "First reading" --reader AL --meaning read
  glomviewer signoff LIB "First reading" --reader CM --meaning adjudicated --note "2 left open"
"""

from __future__ import annotations

import argparse
from typing import Any

from glomviewer.domain.readings.records import LaterChange, Meaning, SignOff
from glomviewer.jobs import operations
from glomviewer.verbs.agreement import reading_of
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.pack_options import add_passphrase
from glomviewer.verbs.shell import add_library, add_reader, reader_of, reading, say, writing
from glomviewer.verbs.unlocking import passphrase_for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_library(parser)
    parser.add_argument("reading", help="its name or uuid")
    add_reader(parser)
    add_passphrase(parser)
    parser.add_argument(
        "--meaning", choices=[one.value for one in Meaning], help="what --reader signs for"
    )
    parser.add_argument("--note", default="", help="a remark beside it")


def run(arguments: argparse.Namespace) -> int:
    sentence = ""
    if arguments.meaning:
        with writing(arguments.library) as library:
            signer = reader_of(library, arguments.reader)
            sentence = operations.sign_off(
                library,
                reading=reading_of(library, arguments.reading).id,
                reader=signer.id,
                meaning=Meaning(arguments.meaning),
                note=arguments.note,
                passphrase=passphrase_for(signer, arguments),
            ).sentence
    elif arguments.reader or arguments.note:
        raise BadArgument("Say with --meaning what is signed for: read, adjudicated or approved.")
    with reading(arguments.library) as library:
        of = reading_of(library, arguments.reading)
        signed = library.signoffs(of.id)
        later = library.later_changes(of.id)
    lines = [*map(_line, signed), *map(_changed, later)]
    say(
        arguments,
        sentence or "\n".join(lines) or f"Nobody has signed {of.name} off.",
        {
            "sentence": sentence,
            "signoffs": [_facts(one) for one in signed],
            "later_changes": [_later(one) for one in later],
        },
    )
    return 0


def _line(one: SignOff) -> str:
    note = f": {one.note}" if one.note else ""
    return f"{one.meaning}, {one.reader.name}, {one.made_at:%Y-%m-%d %H:%M} UTC{note}"


def _changed(one: LaterChange) -> str:
    return (
        f"changed since: patch {one.patch} by {one.reader.name}, "
        f"{one.made_at:%Y-%m-%d %H:%M} UTC: {one.reason or 'no reason was given'}"
    )


def _facts(one: SignOff) -> dict[str, Any]:
    return {
        "reader": one.reader.name,
        "initials": one.reader.initials,
        "meaning": one.meaning.value,
        "note": one.note,
        "made_at": one.made_at.isoformat(),
        "zone": one.zone,
        "heads": [list(head) for head in one.heads],
    }


def _later(one: LaterChange) -> dict[str, Any]:
    return {
        "patch": one.patch,
        "reader": one.reader.name,
        "field": one.field,
        "before": one.before,
        "label": one.label,
        "reason": one.reason,
        "made_at": one.made_at.isoformat(),
    }
