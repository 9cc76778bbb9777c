"""A process that writes to a library until it is killed: `python -m glomviewer.bench.kills.victim`.

It imports everything first, then waits for its order on standard input, so that one victim can
start while another is being killed.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from glomviewer.bench.kills.messages import Moment, Order, Said, Work
from glomviewer.domain.changes import Changes
from glomviewer.store.importing import run_import
from glomviewer.store.library import Library
from glomviewer.store.packs.opening import open_pack
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source

BULK = 300
"""Patches that bulk gestures touch: those with the lowest ids. Single labels go to others, so
that after a kill these must all have one and the same label."""


def say(moment: Moment, **facts: Any) -> None:
    sys.stdout.write(Said(moment, facts).line())
    sys.stdout.flush()


def label_one_by_one(library: Library, order: Order) -> None:
    dice = random.Random(order.seed)
    table = library.load_table(order.reader)
    ids = table.ids[BULK:].tolist()
    current = dict(zip(ids, table.columns["current"][BULK:].tolist(), strict=True))
    codes = [label.code for label in library.label_set.labels]
    while True:
        patch = dice.choice(ids)
        label = dice.choice([code for code in codes if code != current[patch]])
        say(Moment.TRYING, patch=patch, label=label)
        changes = library.decide(reader=order.reader, patches=[patch], label=label)
        current[patch] = label
        say(Moment.DONE, patch=patch, label=label, batch=changes.batch)


def label_many_and_undo(library: Library, order: Order) -> None:
    dice = random.Random(order.seed)
    table = library.load_table(order.reader)
    patches = table.ids[:BULK].tolist()
    states = [int(table.columns["current"][0])]
    at = 0
    codes = [label.code for label in library.label_set.labels]
    while True:
        what = dice.choice(["label", "label", "undo", "redo"])
        if what == "undo" and at > 0:
            act, at = library.undo, at - 1
        elif what == "redo" and at + 1 < len(states):
            act, at = library.redo, at + 1
        else:
            code = dice.choice([code for code in codes if code != states[at]])
            states, at = [*states[: at + 1], code], at + 1
            act = _bulk(library, patches, code)
        say(Moment.TRYING, label=states[at])
        act(reader=order.reader)
        say(Moment.DONE, label=states[at])


def _bulk(library: Library, patches: list[int], code: int) -> Callable[..., Changes]:
    def act(*, reader: int) -> Changes:
        return library.decide(reader=reader, patches=patches, label=code, on_screen=())

    return act


def import_folder(library: Library, order: Order) -> None:
    source = read_source(Path(order.source))
    options = source.proposed.with_(copy_in=order.work is Work.COPY_IN)
    plan = make_plan(source, options, label_set=library.label_set)
    say(Moment.TRYING, patches=len(plan.patches))
    report = run_import(library, plan)
    say(Moment.DONE, patches=len(report.added))


def promote_and_roll_back(library: Library, order: Order) -> None:
    dice = random.Random(order.seed)
    models = [model.id for model in library.models()]
    while True:
        active = library.active_model()
        previous = library.previous_model()
        if previous is not None and dice.random() < 0.4:
            say(Moment.TRYING, active=previous.id)
            library.roll_back(reader=order.reader)
            say(Moment.DONE, active=previous.id)
            continue
        model = dice.choice([each for each in models if active is None or each != active.id])
        say(Moment.TRYING, active=model)
        library.promote(model, reader=order.reader, reason="", verdict="not_worse", overruled=False)
        say(Moment.DONE, active=model)


def read_in_a_reading(library: Library, order: Order) -> None:
    """Call the items of the reading, and call them again: each commit by itself."""
    dice = random.Random(order.seed)
    (reading,) = library.readings()
    items = library.reading_items(reading.id, order.reader)
    current = {item.id: item.label for item in items}
    codes = [label.code for label in library.label_set.labels if not label.details]
    while True:
        item = dice.choice(items)
        label = dice.choice([code for code in codes if code != current[item.id]])
        say(Moment.TRYING, item=item.id, patch=item.patch, label=label)
        changes = library.commit_item(reader=order.reader, item=item.id, label=label)
        current[item.id] = label
        say(Moment.DONE, item=item.id, patch=item.patch, label=label, batch=changes.batch)


def merge_labels(library: Library, order: Order) -> None:
    """Take in what was decided on another machine."""
    path = Path(order.source)
    with open_pack(path) as pack:
        trust = pack.fingerprint
    say(Moment.TRYING)
    found, _ = library.merge_pack(path, trust=trust)
    say(Moment.DONE, new=found.report.new)


WORK: dict[Work, Callable[[Library, Order], None]] = {
    Work.LABEL: label_one_by_one,
    Work.BULK: label_many_and_undo,
    Work.IMPORT: import_folder,
    Work.COPY_IN: import_folder,
    Work.PROMOTE: promote_and_roll_back,
    Work.READ: read_in_a_reading,
    Work.MERGE: merge_labels,
}


def main() -> None:
    say(Moment.READY)
    line = sys.stdin.readline()
    if not line:
        return
    order = Order.of(line)
    library = Library.open(Path(order.library), backup=False)
    say(Moment.OPENED, read_only=library.read_only)
    WORK[order.work](library, order)
    library.close()
    say(Moment.ENDED)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
