"""What a merge is told as: what was new, known or refused, and what to look at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.merging.report import MergeReport, OriginMerge, counted
from glomviewer.store.merging.weighing import Weighed
from glomviewer.store.merging.writing import Written

_READ_TWICE = f"""
SELECT g.name, r.name, count(*) FROM (
SELECT d.item_id, d.reader_id FROM decisions d WHERE d.kind = 'do' AND d.field = 'label'
AND d.item_id IN (SELECT item_id FROM decisions WHERE batch_id IN {IDS} AND item_id IS NOT NULL)
GROUP BY d.item_id, d.reader_id HAVING count(DISTINCT d.origin_id) > 1) AS x
JOIN reading_items i ON i.id = x.item_id JOIN readings g ON g.id = i.reading_id
JOIN readers r ON r.id = x.reader_id GROUP BY g.id, r.id ORDER BY g.id, r.id
"""

_NAMESAKES = """
SELECT name, initials FROM readers WHERE name IN (SELECT value FROM json_each(?))
GROUP BY name, initials HAVING count(*) > 1 ORDER BY name
"""


def report(
    connection: Connection, weighed: Weighed, written: Written, patches: Sequence[int]
) -> MergeReport:
    taken = {entry.origin for entry in weighed.accepted}
    origins = tuple(
        OriginMerge(
            chain.origin,
            new=len(chain.new) if chain.origin in taken else 0,
            known=chain.known,
            refused=chain.refused,
            refusal=chain.refusal,
        )
        for chain in weighed.chains
    )
    known, refused = sum(one.known for one in origins), sum(one.refused for one in origins)
    sentences = [_counts(len(weighed.accepted), written.decisions, known, refused)]
    sentences += [one.refusal for one in origins if one.refusal]
    sentences += _remarks(connection, written)
    return MergeReport(
        new=len(weighed.accepted),
        known=known,
        refused=refused,
        decisions=written.decisions,
        unplaced=written.unplaced,
        readers=tuple(written.readers),
        origins=origins,
        sentences=tuple(sentences),
        patches=tuple(patches),
    )


def _counts(new: int, decisions: int, known: int, refused: int) -> str:
    if new:
        told = (
            f"{counted(new, 'act was', 'acts were')} new, with "
            f"{counted(decisions, 'decision', 'decisions')}"
        )
    else:
        told = "Nothing was new"
    if known:
        told += f"; {counted(known, 'act was', 'acts were')} known already"
    if refused:
        told += f"; {counted(refused, 'act was', 'acts were')} refused"
    return f"{told}."


def _remarks(connection: Connection, written: Written) -> Iterator[str]:
    if written.readers:
        who = counted(len(written.readers), "reader is", "readers are")
        yield f"{who} new here: {', '.join(written.readers)}."
        for name, initials in connection.exec_driver_sql(
            _NAMESAKES, (json.dumps(written.readers),)
        ):
            yield (
                f"There are two readers called {name} ({initials}) now, added on different "
                "machines; they are kept apart."
            )
    if written.unplaced:
        yield (
            f"{counted(written.unplaced, 'decision is', 'decisions are')} about patches that this "
            "library does not have; they are kept and count once the patches are imported."
        )
    for reading, reader, items in connection.exec_driver_sql(
        _READ_TWICE, (id_list(written.batches),)
    ):
        yield (
            f"{reader} has read {counted(items, 'patch', 'patches')} of {reading} on two "
            "installations; both are kept, and what was said later in the order of the logs counts."
        )
