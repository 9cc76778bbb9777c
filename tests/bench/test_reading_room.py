"""The sections about readings, disputes and returns, on small libraries."""

from glomviewer.bench.disputed import READERS, disputed_library
from glomviewer.bench.returned import sent_back
from glomviewer.domain.disputes.records import DisputeState
from glomviewer.store.library import Library
from glomviewer.store.verify import FileCheck, verify


def test_a_reading_is_read_by_keys(measured):
    rows = measured("reading")
    assert ["the call never shown" in row["what"] for row in rows] == [True, False]
    for row in rows:
        assert row["values"]["both"]["count"] == 3
        assert row["values"]["durable"]["p50"] > 0 and row["values"]["painted"]["p50"] > 0


def test_a_second_measurement_finds_patches_to_read(measured):
    assert measured("reading") and measured("reading")


def test_the_disputes_queue_is_timed_until_it_is_painted(measured):
    queue, following = measured("disputes")
    assert queue["values"]["disputes"] > 10
    assert set(queue["values"]["states"]) == {"sent back", "consensus", "settled"}
    assert queue["values"]["listed"]["p50"] < queue["values"]["painted"]["p50"]
    assert following["values"]["p50"] > 0


def test_returns_are_merged_and_once_more(measured):
    [row] = measured("merging")
    assert len(row["values"]["files"]) == 10
    assert 0 < row["values"]["again"] < row["values"]["seconds"]


def test_a_disputed_library_is_a_sound_one_in_which_some_disputes_are_settled(output):
    built = disputed_library(2_000, output)
    assert verify(built.folder, files=FileCheck.SIZE).problems == []
    with Library.open(built.folder, write=False) as library:
        counts = library.dispute_counts()
        assert len(library.readers()) == READERS
        assert all(counts[state] for state in DisputeState)


def test_a_library_that_has_sent_packs_has_merged_nothing_yet(output):
    sent = sent_back(200, output, lambda _sentence: None)
    with Library.open(sent.home.folder, write=False) as library:
        [reading] = library.readings()
        assert [one.done for one in reading.readers] == [0] * len(sent.returns)
    assert not (sent.home.folder / "away").exists()
