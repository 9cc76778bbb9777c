"""A small reading by hand: two readers, ten patches of three cases, every figure known.

Patch:      1  2  3  4  5  6  7  8  9  10
case:       A  A  A  A  B  B  B  B  -  C
Ann first:  1  1  0  0  1  0  1  1  0  2
Bob first:  1  0  0  0  1  0  0  1  0  .
Ann final:  1  0  .  .  .  .  .  .  .  .   (patch 2, after the reveal; else as first)
reference:  1  0  0  0  1  0  1  1  0  2   (patch 7 adjudicated, patch 2: they agree since)
untouched:  1  .  0  0  1  0  1  1  0  2   (what Ann changed on 2 after the reveal is not in it)
model:      1  0  0  1  1  0  1  0  0  .   (trained on patch 9)
"""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from glomviewer.domain.agreement.ratings import RatingTable, Repeats
from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.labels import LabelSet, ReferenceSource
from glomviewer.domain.readings.records import LaterChange, Meaning, SignOff
from glomviewer.domain.records import ModelRecord, Reader
from glomviewer.domain.report.moments import Moment
from glomviewer.domain.report.rows import Act, LibraryRows, ReaderRow, ReadingRow, SettlementRow
from glomviewer.domain.report.study import Chain, Key
from glomviewer.jobs.reporting.material import Choices, Material
from glomviewer.paths import resources_dir

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANN, BOB = Reader(1, "Ann Other", "AO"), Reader(2, "Bob Else", "BE")


def moment(minutes):
    return Moment(NOON + timedelta(minutes=minutes), "Europe/Berlin")


@pytest.fixture(scope="session")
def labels():
    file = resources_dir() / "labels" / "global_sclerosis.json"
    return LabelSet.from_json(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def table():
    ann = [1, 1, 0, 0, 1, 0, 1, 1, 0, 2]
    bob = [1, 0, 0, 0, 1, 0, 0, 1, 0, -1]
    first = np.array([ann, bob], dtype=np.int8).T
    final = first.copy()
    final[1, 0] = 0
    revealed = np.zeros((10, 2), dtype=np.bool_)
    revealed[:9, 0] = True
    agree, single = ReferenceSource.READERS_AGREE, ReferenceSource.SINGLE_READER
    sources = [agree] * 6 + [ReferenceSource.ADJUDICATED] + [agree] * 2 + [single]
    trained_on = np.zeros(10, dtype=np.bool_)
    trained_on[8] = True
    minutes = np.arange(10, dtype=np.int64)[:, np.newaxis] + np.zeros((1, 2), dtype=np.int64)
    return RatingTable(
        readers=(ANN, BOB),
        patches=np.arange(1, 11, dtype=np.int64),
        cases=("case A", "S23-12345", "case C"),
        case=np.array([0, 0, 0, 0, 1, 1, 1, 1, -1, 2], dtype=np.int32),
        first=first,
        final=final,
        revealed=revealed,
        made_at=(minutes + 1) * 60_000_000,
        order=minutes.astype(np.int32),
        repeats=(
            Repeats(
                patches=np.array([1, 3, 7], dtype=np.int64),
                first=np.array([1, 0, 1], dtype=np.int8),
                again=np.array([1, 0, 0], dtype=np.int8),
                after_reveal=np.zeros(3, dtype=np.bool_),
            ),
            Repeats.none(),
        ),
        reference=np.array([1, 0, 0, 0, 1, 0, 1, 1, 0, 2], dtype=np.int8),
        reference_source=np.array(sources, dtype=np.int8),
        untouched=np.array([1, -1, 0, 0, 1, 0, 1, 1, 0, 2], dtype=np.int8),
        untouched_source=np.array(
            [sources[0], ReferenceSource.DISPUTED, *sources[2:]], dtype=np.int8
        ),
        call=np.array([1, 0, 0, 1, 1, 0, 1, 0, 0, -1], dtype=np.int8),
        trained_on=trained_on,
        model="swin · 3",
        threshold=0.5,
    )


@pytest.fixture(scope="session")
def rows():
    reading = ReadingRow(
        id=4,
        uuid="aa11",
        name="Baseline",
        protocol="",
        created=moment(0),
        created_by="Mona Itor",
        closed=None,
        model="m3",
        threshold=0.5,
        patches=10,
        cases=3,
        slides=3,
        repeats=3,
    )
    return LibraryRows(
        reading=reading,
        sampling=("All patches that were chosen.",),
        readers=(
            ReaderRow(1, *_who(ANN), 13, 13, moment(1), moment(15), moment(16), 61.5, 1, 2),
            ReaderRow(2, *_who(BOB), 10, 9, moment(20), moment(40), None, 70.0, 0, 0),
        ),
        settlements={
            7: SettlementRow(7, Act("Cy Judge (CJ)", moment(60), "folded capsule")),
        },
        states={7: DisputeState.SETTLED},
        comments={(2, 1): "seen again for Miller, Ann S23-12345", (7, 2): "only segmental"},
        case_numbers={"case A": 1, "S23-12345": 2, "case C": 3},
        chains=(Chain("0123456789abcdef", "AO, BE", 42, "f" * 64),),
        keys=(Key("Ward laptop", "ABCD-EFGH-IJKL-MNOP", moment(-60)),),
    )


def _who(reader):
    return reader.name, reader.initials


@pytest.fixture(scope="session")
def model():
    return ModelRecord(
        id="m3",
        name="swin",
        version=3,
        folder="",
        created=NOON,
        active=True,
        card={},
        gate=None,
        run=None,
        note="",
        slope=1.0,
        intercept=0.0,
        threshold=2.0,
    )


@pytest.fixture(scope="session")
def material(table, rows, labels, model):
    return Material(
        library="Kidney study",
        program="glomviewer 0.1.0",
        labels=labels,
        rows=rows,
        protocol=("An independent reading.",),
        table=table,
        sign_offs=(
            SignOff(
                1, 4, ANN, Meaning.READ, "all", NOON, "UTC", (("0123456789abcdef", 41, "e" * 64),)
            ),
        ),
        late=(LaterChange(99, 3, ANN, "label", 0, 1, "a slip of the key", NOON, 1),),
        model=model,
    )


@pytest.fixture
def choices():
    return Choices(made=moment(120), draws=0)
