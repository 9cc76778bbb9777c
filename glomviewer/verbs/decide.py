"""Label patches as a reader: by patch numbers, by names, or by a table; undo and redo.

Examples:
  glomviewer decide LIB --reader AB --label 1 --patches 17 18 19
  glomviewer decide LIB --reader AB --label "cannot tell" --names a.png b.png
  glomviewer decide LIB --reader AB --from labels.csv
  glomviewer decide LIB --reader AB --undo
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from glomviewer.domain.changes import Changes
from glomviewer.domain.class_synonyms import label_meant
from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.domain.records import Reader
from glomviewer.jobs import operations
from glomviewer.store.import_columns import found_columns, read_table
from glomviewer.store.library import Library
from glomviewer.store.patch_names import patches_by_name
from glomviewer.verbs.failures import BadArgument
from glomviewer.verbs.shell import add_library, label_code, say, writing
from glomviewer.verbs.unlocking import acting_reader, add_acting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_library(parser)
    add_acting(parser)
    parser.add_argument(
        "--patches", nargs="+", type=int, default=[], metavar="N", help="numbers of patches"
    )
    parser.add_argument("--names", nargs="+", default=[], help="names of patches")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--label", help="a label's name or code")
    what.add_argument("--from", dest="table", type=Path, help="a table `name,label`")
    what.add_argument("--exclude", metavar="REASON", help="leave the patches out from now on")
    what.add_argument("--include", action="store_true", help="take excluded patches back in")
    what.add_argument("--flag", action="store_true", help="flag the patches")
    what.add_argument("--unflag", action="store_true", help="take the flags off")
    what.add_argument("--undo", action="store_true", help="take back your last gesture")
    what.add_argument("--redo", action="store_true", help="do again what you have undone")
    what.add_argument("--new-reader", nargs=2, metavar=("NAME", "INITIALS"), help="add a reader")
    parser.add_argument("--comment", default="", help="a comment beside the label")
    parser.add_argument(
        "--call-shown",
        action="store_true",
        help="the model's calls were seen: keep out of the gate",
    )
    parser.add_argument("--detail", default="", help="a detail that the label offers")
    parser.add_argument("--case", default="", help="every patch of a case, to exclude or include")


def run(arguments: argparse.Namespace) -> int:
    with writing(arguments.library) as library:
        if arguments.new_reader:
            name, initials = arguments.new_reader
            changes = operations.add_reader(library, name=name, initials=initials)
        else:
            changes = _decide(library, acting_reader(library, arguments), arguments)
    facts = {
        "sentence": changes.sentence,
        "patches": list(changes.patches),
        "batch": changes.batch,
        "changed": bool(changes),
    }
    say(arguments, changes.sentence, facts)
    return 0


def _decide(library: Library, reader: Reader, arguments: argparse.Namespace) -> Changes:
    if arguments.undo:
        return operations.undo(library, reader=reader.id)
    if arguments.redo:
        return operations.redo(library, reader=reader.id)
    if arguments.table:
        return _from_table(library, reader, arguments)
    if arguments.case and arguments.exclude is not None:
        return operations.exclude_case(
            library, reader=reader.id, case=arguments.case, reason=arguments.exclude
        )
    if arguments.case and arguments.include:
        return operations.include_case(library, reader=reader.id, case=arguments.case)
    patches = _patches(library, arguments)
    if arguments.exclude is not None:
        return operations.exclude_patches(
            library, reader=reader.id, patches=patches, reason=arguments.exclude
        )
    if arguments.include:
        return operations.include_patches(library, reader=reader.id, patches=patches)
    if arguments.flag or arguments.unflag:
        return operations.flag_patches(
            library, reader=reader.id, patches=patches, flagged=arguments.flag
        )
    return operations.label_patches(
        library,
        reader=reader.id,
        patches=patches,
        label=label_code(library.label_set, arguments.label),
        detail=arguments.detail,
        comment=arguments.comment,
        call_shown=arguments.call_shown,
        on_screen=(),
    )


def _patches(library: Library, arguments: argparse.Namespace) -> Sequence[int]:
    """The patches that are named, each once.

    Raises:
        BadArgument: none is, or a name fits none or several.
    """
    by_name = patches_by_name(library, arguments.names)
    wrong = [name for name in arguments.names if len(by_name[name]) != 1]
    if wrong:
        raise BadArgument(
            f"{len(wrong)} names fit no patch or several, such as {wrong[0]!r}; "
            "nothing was changed."
        )
    patches = [*arguments.patches, *(by_name[name][0] for name in arguments.names)]
    if not patches:
        raise BadArgument("Name the patches, by --patches with their numbers or by --names.")
    return list(dict.fromkeys(patches))


def _from_table(library: Library, reader: Reader, arguments: argparse.Namespace) -> Changes:
    table = read_table(arguments.table)
    columns, _ = found_columns(table.header)
    if not columns.name or not columns.label:
        headers = ", ".join(table.header)
        raise BadArgument(f"{arguments.table} needs the columns name and label; it has {headers}.")
    name_at, label_at = table.header.index(columns.name), table.header.index(columns.label)
    rows = [(row[name_at], row[label_at]) for row in table.rows if row[label_at]]
    by_name = patches_by_name(library, [name for name, _ in rows])
    labels: dict[int, int] = {}
    for name, text in rows:
        found = by_name[name]
        if len(found) != 1:
            what = "no patch" if not found else f"{len(found)} patches"
            raise BadArgument(f"{name!r} fits {what} of the library; nothing was changed.")
        labels[found[0]] = _label(library.label_set, text)
    if not labels:
        raise BadArgument(f"{arguments.table} has no row with a label; nothing was changed.")
    return library.decide_many(
        reader=reader.id,
        labels=labels,
        comment=arguments.comment,
        call_shown=arguments.call_shown,
        on_screen=(),
    )


def _label(labels: LabelSet, text: str) -> int:
    meant = label_meant(text)
    if meant is not None and meant != NO_LABEL and meant in labels.targets():
        return meant
    return label_code(labels, text)
