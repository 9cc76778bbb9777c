"""Whatever three libraries do and in whatever order they merge, all of them end alike."""

import itertools
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from machines import (
    READERS,
    copied,
    labels,
    lines_of,
    make,
    merge,
    merge_lines,
    opened,
    patch,
    reading_of,
    rows,
    said,
)

from glomviewer.store import clock, recomputation, verify_log
from glomviewer.store.errors import NothingToUndo

# Two patches of the same pixels, and one whose pixels nobody could read.
PATCHES = [patch(0), patch(1), patch(2, pixels=patch(1).pixel_hash), patch(3, pixels=""), patch(4)]
SOME_PATCHES = st.sets(st.integers(1, len(PATCHES)), min_size=1)
ONE_PATCH = st.integers(1, len(PATCHES))
LIBRARIES = st.integers(0, 2)
READER = st.integers(1, len(READERS))
LABEL = st.integers(0, 3)
REAL_NOW = clock.now


@pytest.fixture(scope="module", autouse=True)
def template():
    """A library with a reading in which there are repeats, to be copied to three machines."""
    folder = Path(tempfile.mkdtemp())
    library = make(folder, PATCHES, READERS)
    reading_of(library, [1, 2, 3, 4, 5], [1, 2])
    library.close()
    Anywhere.template = library.folder
    yield
    shutil.rmtree(folder)


class Anywhere(RuleBasedStateMachine):
    template: Path

    def __init__(self):
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.folders = [self.home / str(number) for number in range(3)]
        self.libraries = [copied(self.template, folder) for folder in self.folders]
        self.start = labels(self.libraries[0])

    def teardown(self):
        try:
            self.all_end_alike()
            self.undone_by_everybody_it_is_the_exact_start()
        finally:
            clock.now = REAL_NOW
            for library in self.libraries:
                library.close()
            shutil.rmtree(self.home)

    @rule(skew=st.integers(-(10**14), 10**14))
    def set_the_wall_clock(self, skew):
        clock.now = lambda: REAL_NOW() + skew

    @rule(at=LIBRARIES, reader=READER, patches=SOME_PATCHES, label=LABEL, shown=st.booleans())
    def decide(self, at, reader, patches, label, shown):
        self.libraries[at].decide(
            reader=reader, patches=sorted(patches), label=label, call_shown=shown, comment="why"
        )

    @rule(at=LIBRARIES, reader=st.integers(1, 2), number=st.integers(0, 6), label=LABEL)
    def read(self, at, reader, number, label):
        library = self.libraries[at]
        items = library.reading_items(1, reader)
        library.commit_item(
            reader=reader,
            item=items[number % len(items)].id,
            label=label,
            detail=next(iter(library.label_set[label].details), ""),
        )

    @rule(at=LIBRARIES, reader=READER, patches=SOME_PATCHES, flagged=st.booleans())
    def flag(self, at, reader, patches, flagged):
        self.libraries[at].flag(reader=reader, patches=sorted(patches), flagged=flagged)

    @rule(at=LIBRARIES, reader=READER, patches=SOME_PATCHES, out=st.booleans())
    def exclude(self, at, reader, patches, out):
        if out:
            self.libraries[at].exclude(reader=reader, patches=sorted(patches), reason=f"r{reader}")
        else:
            self.libraries[at].include(reader=reader, patches=sorted(patches))

    @rule(at=LIBRARIES, reader=READER, on=ONE_PATCH)
    def comment(self, at, reader, on):
        self.libraries[at].comment(reader=reader, patch=on, text=f"said at {at}")

    @rule(at=LIBRARIES, reader=READER, on=ONE_PATCH, label=LABEL)
    def adjudicate(self, at, reader, on, label):
        self.libraries[at].adjudicate(reader=reader, patch=on, label=label, reason="seen again")

    @rule(at=LIBRARIES, reader=READER, times=st.integers(1, 3))
    def undo(self, at, reader, times):
        for _ in range(times):
            if self.libraries[at].next_undo(reader) is None:
                with pytest.raises(NothingToUndo):
                    self.libraries[at].undo(reader=reader)
                return
            self.libraries[at].undo(reader=reader)

    @rule(at=LIBRARIES, reader=READER)
    def redo(self, at, reader):
        if self.libraries[at].next_redo(reader) is not None:
            self.libraries[at].redo(reader=reader)

    @rule(at=LIBRARIES)
    def restart(self, at):
        self.libraries[at].close()
        self.libraries[at] = opened(self.folders[at])

    @rule(into=LIBRARIES, source=LIBRARIES, by_file=st.booleans())
    def merge(self, into, source, by_file):
        if into != source:
            self.merge_two(self.libraries[into], self.libraries[source], by_file)

    def merge_two(self, target, source, by_file=False):
        report = merge_lines(target, lines_of(source)) if by_file else merge(target, source)
        assert (report.refused, report.unplaced) == (0, 0)
        return report.new

    def merge_all_into_all(self):
        pairs = list(itertools.permutations(self.libraries, 2))
        while sum(self.merge_two(target, source) for target, source in pairs):
            pass

    def all_end_alike(self):
        self.merge_all_into_all()
        first, *others = self.libraries
        for other in others:
            assert said(other) == said(first)
            assert labels(other) == labels(first)
        for library in self.libraries:
            with library.read(unblinded=True) as connection:
                assert recomputation.differences(connection) == []
                assert verify_log.log_problems(connection) == []

    def undone_by_everybody_it_is_the_exact_start(self):
        for library in self.libraries:
            for reader in range(1, len(READERS) + 1):
                while library.next_undo(reader) is not None:
                    library.undo(reader=reader)
        self.all_end_alike()
        for library in self.libraries:
            assert labels(library) == self.start
            assert rows(
                library,
                "SELECT count(*) FROM batches WHERE kind = 'do' AND id NOT IN "
                "(SELECT batch_id FROM withdrawn)",
            ) == [(0,)]


Anywhere.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestAnywhere = Anywhere.TestCase
