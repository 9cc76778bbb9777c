"""Undo and redo by inverse batches, held against a simple model of stacks and states."""

import shutil
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy.exc import IntegrityError

from glomviewer.domain.labels import NO_LABEL, ReferenceSource
from glomviewer.store import recomputation
from glomviewer.store.adding import NewPatch
from glomviewer.store.errors import NothingToUndo
from glomviewer.store.library import Library


def current(library, reader):
    return dict(
        zip(
            (table := library.load_table(reader)).ids.tolist(),
            table["current"].tolist(),
            strict=True,
        )
    )


def test_undo_restores_the_readers_own_earlier_label_with_all_that_belongs_to_it(library, ann):
    library.decide(
        reader=ann, patches=[1], label=0, detail="segmental sclerosis", call_shown=True, model="m"
    )
    library.decide(reader=ann, patches=[1], label=1)
    library.undo(reader=ann)
    newest = library.history(1)[0]
    assert (newest.kind, newest.label, newest.detail) == ("undo", 0, "segmental sclerosis")
    assert (newest.call_shown, newest.model) == (True, "m")
    assert (newest.before, newest.after) == ("globally sclerotic", "not globally sclerotic")


def test_undoing_the_first_label_leaves_none_and_the_imported_one_counts_again(library, ann):
    library.decide(reader=ann, patches=[1], label=1)
    library.undo(reader=ann)
    patch = library.patch(1)
    assert current(library, ann)[1] == NO_LABEL
    assert (patch.reference_label, patch.reference_source) == (0, ReferenceSource.IMPORTED)


def test_one_gesture_over_many_patches_is_one_undo_and_the_log_only_grows(library, ann):
    library.decide(reader=ann, patches=range(1, 31), label=2)
    gesture = library.next_undo(ann)
    assert (gesture.patches, gesture.title) == (30, "label 30 patches cannot tell")
    library.undo(reader=ann)
    assert set(current(library, ann).values()) == {NO_LABEL}
    assert [one.kind for one in library.history(7)] == ["undo", "do"]
    library.redo(reader=ann)
    assert current(library, ann)[30] == 2
    assert [one.kind for one in library.history(7)] == ["redo", "undo", "do"]


def test_undo_survives_a_restart(library, ann):
    library.decide(reader=ann, patches=[1], label=1)
    library.decide(reader=ann, patches=[2], label=1)
    library.undo(reader=ann)
    library.close()
    with Library.open(library.folder) as again:
        waiting = again.next_undo(ann)
        assert waiting is not None
        assert waiting.patches == 1
        again.redo(reader=ann)
        again.undo(reader=ann)
        again.undo(reader=ann)
        assert set(current(again, ann).values()) == {NO_LABEL}
        with pytest.raises(NothingToUndo):
            again.undo(reader=ann)


def test_a_new_gesture_ends_the_redo_line(library, ann):
    library.decide(reader=ann, patches=[1], label=1)
    library.undo(reader=ann)
    library.decide(reader=ann, patches=[2], label=1)
    assert library.next_redo(ann) is None
    with pytest.raises(NothingToUndo):
        library.redo(reader=ann)


def test_undo_reaches_only_ones_own_gestures(library, ann, bob):
    library.decide(reader=ann, patches=[1], label=1)
    library.decide(reader=bob, patches=[2], label=1)
    library.undo(reader=ann)
    assert current(library, bob)[2] == 1
    assert library.next_undo(ann) is None


def test_flags_exclusions_and_comments_are_undone(library, ann):
    library.flag(reader=ann, patches=[1, 2])
    library.exclude(reader=ann, case="case 1", reason="wrong stain")
    library.comment(reader=ann, patch=1, text="cut at the edge")
    excluded = library.load_table(ann)["excluded"]
    assert excluded.sum() == 10
    for _ in range(3):
        library.undo(reader=ann)
    table = library.load_table(ann)
    for column in ("flagged", "excluded", "commented"):
        assert not table[column].any()
    for _ in range(3):
        library.redo(reader=ann)
    patch = library.patch(1)
    assert (patch.flagged, patch.comments) == (True, 1)
    assert library.patch(11).exclusion_reason == "wrong stain"


def test_an_undo_leaves_alone_what_another_reader_has_excluded_since(library, ann, bob):
    library.exclude(reader=ann, patches=[1, 2], reason="wrong stain")
    library.exclude(reader=bob, patches=[1], reason="consent withdrawn")
    changes = library.undo(reader=ann)
    assert library.patch(1).exclusion_reason == "consent withdrawn"
    assert not library.patch(2).excluded
    assert "1 patch was left" in changes.sentence
    library.redo(reader=ann)
    assert library.patch(2).exclusion_reason == "wrong stain"
    assert library.patch(1).exclusion_reason == "consent withdrawn"


def test_an_adjudication_is_undone(library, ann, bob):
    library.decide(reader=ann, patches=[1], label=0)
    library.decide(reader=bob, patches=[1], label=1)
    library.adjudicate(reader=ann, patch=1, label=1, reason="seen on the next section")
    assert library.patch(1).reference_source == ReferenceSource.ADJUDICATED
    library.undo(reader=ann)
    assert library.patch(1).disputed


@pytest.mark.parametrize("table", ["decisions", "batches"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET made_at = 0"])
def test_the_database_itself_refuses_to_change_the_log(library, ann, table, statement):
    library.decide(reader=ann, patches=[1], label=1)
    with pytest.raises(IntegrityError, match="only ever grows"), library.write() as connection:
        connection.exec_driver_sql(statement.format(table))
    assert len(library.history(1)) == 1


def test_undo_of_5000_patches_is_quick(empty, tmp_path, new_patch):
    empty.add_patches((new_patch(i) for i in range(5000)), root=tmp_path)
    ann = empty.add_reader("Ann", "A").id
    everything = range(1, 5001)
    empty.decide(reader=ann, patches=everything, label=3)
    started = time.thread_time()
    empty.undo(reader=ann)
    # The target is 0.3 s; the machine of a test may be ten times slower, but not a hundred.
    assert time.thread_time() - started < 3
    assert len(empty.history(4000)) == 2


PATCHES = 6
SOME_PATCHES = st.sets(st.integers(1, PATCHES), min_size=1)
READERS = st.integers(1, 2)


class Reading(RuleBasedStateMachine):
    """Two readers label, flag, exclude and undo; the model keeps plain copies of the state."""

    def __init__(self):
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.library = Library.create(self.home / "p.glomlib")
        self.library.add_patches(
            (
                NewPatch(
                    path=f"{i}.png",
                    name=f"{i}",
                    sha256=f"{i}",
                    pixel_hash=f"{i}",
                    width=9,
                    height=9,
                    imported_label=i % 3 - 1,
                )
                for i in range(PATCHES)
            ),
            root=self.home,
        )
        for name in ("Ann", "Bob"):
            self.library.add_reader(name, name[0])
        self.labels = {reader: {} for reader in (1, 2)}
        self.undo = {reader: [] for reader in (1, 2)}
        self.redo = {reader: [] for reader in (1, 2)}

    def teardown(self):
        self.library.close()
        shutil.rmtree(self.home)

    @rule(reader=READERS, patches=SOME_PATCHES, label=st.integers(0, 3), shown=st.booleans())
    def decide(self, reader, patches, label, shown):
        before = dict(self.labels[reader])
        changes = self.library.decide(
            reader=reader, patches=sorted(patches), label=label, call_shown=shown, comment="why"
        )
        assert set(changes.patches) == patches
        self.labels[reader] |= dict.fromkeys(patches, label)
        self.undo[reader].append((before, dict(self.labels[reader])))
        self.redo[reader].clear()

    @rule(reader=READERS)
    def take_back(self, reader):
        if not self.undo[reader]:
            with pytest.raises(NothingToUndo):
                self.library.undo(reader=reader)
            return
        self.library.undo(reader=reader)
        step = self.undo[reader].pop()
        self.labels[reader] = dict(step[0])
        self.redo[reader].append(step)

    @rule(reader=READERS)
    def do_again(self, reader):
        if not self.redo[reader]:
            with pytest.raises(NothingToUndo):
                self.library.redo(reader=reader)
            return
        self.library.redo(reader=reader)
        step = self.redo[reader].pop()
        self.labels[reader] = dict(step[1])
        self.undo[reader].append(step)

    @precondition(lambda self: any(self.undo.values()))
    @rule()
    def reopen(self):
        self.library.close()
        self.library = Library.open(self.home / "p.glomlib", backup=False)

    @invariant()
    def labels_are_as_the_model_says(self):
        for reader, labels in self.labels.items():
            expected = {patch: labels.get(patch, NO_LABEL) for patch in range(1, PATCHES + 1)}
            assert current(self.library, reader) == expected

    @invariant()
    def references_follow_the_stated_order(self):
        table = self.library.load_table(None)
        for patch, reference, disputed in zip(
            table.ids, table["reference"], table["disputed"], strict=True
        ):
            said = {own[patch] for own in self.labels.values() if patch in own}
            expected = said.pop() if len(said) == 1 else NO_LABEL if said else (patch - 1) % 3 - 1
            assert (reference, bool(disputed)) == (expected, bool(said))

    @invariant()
    def state_is_what_the_whole_log_says(self):
        with self.library.read() as connection:
            assert recomputation.differences(connection) == []


Reading.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestReading = Reading.TestCase
