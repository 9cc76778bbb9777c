"""The reading room's part of the self-test: a reading goes out as a pack, is read blinded, comes
back and is merged; agreement is measured, and the report is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.statistic import Measure
from glomviewer.domain.agreement.summary import summarise
from glomviewer.domain.readings.protocol import Order, Protocol, Reveal
from glomviewer.domain.report.moments import Moment
from glomviewer.domain.stain_views import StainView, stain_view
from glomviewer.jobs import operations
from glomviewer.jobs.reporting.material import Choices
from glomviewer.jobs.reporting.writing import write_report
from glomviewer.store.library import Library
from glomviewer.ui.report_pdf import pdf_of, text_system

_PASSPHRASE = "a passphrase of the self-test"
_DRAWS = 20


def reading_room_steps(
    library: Library, patches: Sequence[int], reader: int, folder: Path
) -> Iterator[tuple[str, bool]]:
    """Each step's name and whether it works. To be run in an installation of its own."""
    for view in StainView:
        pixels = np.random.default_rng(2).integers(60, 240, (48, 40, 3), dtype=np.uint8)
        yield f"compute: {view.value}", stain_view(pixels, view).shape == pixels.shape
    away = library.add_reader("Away Test", "AT")
    library.set_passphrase(away.id, "", _PASSPHRASE)
    yield "keep a passphrase", library.check_passphrase(away.id, _PASSPHRASE)
    made = operations.create_reading(
        library,
        name="Self-test",
        patches=list(patches),
        protocol=Protocol(order=Order.FIXED, repeats=0.0, reveal=Reveal.NEVER, needed=2),
        readers=[reader, away.id],
        by=reader,
    )
    assert made.reading is not None
    _read_all(library, made.reading, reader)
    yield "read blinded", library.readings()[0].progress_of(reader) is not None
    [pack] = operations.export_reading_pack(
        library,
        reading=made.reading,
        readers=[away.id],
        folder=folder / "packs",
        by=reader,
        passphrase=_PASSPHRASE,
    )
    opened = operations.open_pack(pack.path, passphrase=_PASSPHRASE, trust=pack.fingerprint)
    yield "send out an encrypted pack and open it", opened.items == len(patches)
    with Library.open(opened.folder, backup=False) as elsewhere:
        [reading] = elsewhere.readings()
        own = reading.readers[0].reader.id
        _read_all(elsewhere, reading.id, own)
        back = operations.return_reading(elsewhere, folder=folder / "packs", by=own)
    merged, _ = operations.merge_pack(library, path=back.path, trust=pack.fingerprint, by=reader)
    table = library.ratings(made.reading)
    agreed = summarise(table, library.label_set, plan=Bootstrap(draws=_DRAWS))
    yield "merge what came back", merged.finished and merged.done == len(patches)
    # Both read in the same order and labelled by place, so that they agree on all.
    yield "measure agreement", agreed.everyone[Measure.RAW].value == 1.0
    choices = Choices(made=Moment(datetime.now(UTC), "UTC"), draws=_DRAWS)
    with text_system():
        written = write_report(library, made.reading, folder / "report", choices, pdf=pdf_of)
    yield "write the report", all(file.stat().st_size > 0 for file in written.files)


def _read_all(library: Library, reading: int, reader: int) -> None:
    for item in library.reading_items(reading, reader):
        operations.commit_item(library, reader=reader, item=item.id, label=item.place % 2)
    operations.finish_reading(library, reading=reading, reader=reader)
