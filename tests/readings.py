"""Readings in small libraries, read to their end or not."""

from collections.abc import Mapping

from builders import SmallLibrary

from glomviewer.domain.readings.protocol import Order, Protocol

OPENLY = Protocol(independent=True, order=Order.FIXED, repeats=0.0)


def make_reading(
    small: SmallLibrary,
    calls: Mapping[int, Mapping[int, int]],
    *,
    changed: Mapping[int, Mapping[int, int]] | None = None,
    name: str = "Baseline",
    protocol: Protocol = OPENLY,
    finish: bool = True,
) -> int:
    """A reading of all patches by the readers in `calls`, who call them so; `changed` are what
    they call after the model's call was revealed. Gives its id."""
    library = small.library
    made = library.create_reading(
        name=name, patches=small.ids, protocol=protocol, readers=list(calls), seed=1
    )
    assert made.reading is not None
    before = library.viewer
    for reader, labels in calls.items():
        library.viewer = reader
        later = (changed or {}).get(reader, {})
        for item in library.reading_items(made.reading, reader):
            if item.patch not in labels:
                continue
            commit(library, reader, item.id, labels[item.patch])
            if item.patch in later:
                commit(library, reader, item.id, later[item.patch])
        if finish:
            library.finish_reading(reading=made.reading, reader=reader, reason="no time")
    library.viewer = before
    return made.reading


def commit(library, reader: int, item: int, label: int) -> None:
    detail = "out of focus" if label == 2 else ""
    library.commit_item(reader=reader, item=item, label=label, detail=detail)


def as_imported(small: SmallLibrary, **otherwise: int) -> dict[int, int]:
    """The imported label of each patch, but for some: `p3=1`."""
    table = small.library.load_table(None)
    calls = dict(zip(table.ids.tolist(), table["imported"].tolist(), strict=True))
    return calls | {int(patch[1:]): label for patch, label in otherwise.items()}
