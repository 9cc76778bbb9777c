"""Take in returns, another library's labels, or models, and say what was new.

Merging a file twice changes nothing, and the order of files does not matter.

Examples:
  glomviewer pack merge LIB study-AO.glomreturn --trust ABCD-EFGH-IJKL-MNOP
  glomviewer pack merge LIB returns/*.glomreturn
  glomviewer pack merge LIB laptop.glomlabels swin-4.glommodel
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from glomviewer.jobs import operations
from glomviewer.store.exchange.merged import MergedPack
from glomviewer.store.exchange.watching import Watching
from glomviewer.verbs.pack_options import add_passphrase, add_trust, passphrase_of, watched
from glomviewer.verbs.shell import add_library, say, writing
from glomviewer.verbs.unlocking import add_sender, sender


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_library(parser)
    parser.add_argument(
        "files", type=Path, nargs="+", help=".glomreturn, .glomlabels or .glommodel"
    )
    add_trust(parser)
    add_passphrase(parser)
    add_sender(parser)


def run(arguments: argparse.Namespace) -> int:
    passphrase = passphrase_of(arguments)
    merged: list[MergedPack] = []

    def work(watching: Watching) -> None:
        with writing(arguments.library) as library:
            by = sender(library, arguments)
            for file in arguments.files:
                found, _ = operations.merge_pack(
                    library,
                    path=file,
                    passphrase=passphrase,
                    trust=arguments.trust,
                    by=by,
                    watching=watching,
                )
                merged.append(found)

    try:
        return watched(arguments, work, kept="what was merged before is kept.")
    finally:
        # What came in before a file that is refused is in the library and has to be told.
        if merged:
            lines = (f"{one.file}: {one.sentence}" for one in merged)
            say(arguments, "\n".join(lines), {"merged": [_facts(one) for one in merged]})


def _facts(merged: MergedPack) -> dict[str, Any]:
    report = merged.report
    return {
        "file": merged.file,
        "kind": merged.kind.value,
        "reader": merged.reader,
        "reading": merged.reading,
        "read": merged.done,
        "items": merged.items,
        "finished": merged.finished,
        "new": report.new,
        "known": report.known,
        "refused": report.refused,
        "decisions": report.decisions,
        "unplaced": report.unplaced,
        "missing_images": merged.missing,
        "installations": merged.installations,
        "fingerprint": merged.fingerprint,
        "newly_trusted": merged.trusted,
        "model": merged.model or None,
        "sentence": merged.sentence,
    }
