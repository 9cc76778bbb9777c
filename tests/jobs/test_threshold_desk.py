"""Moving, undoing and redoing a threshold, and looks at the locked set, over a real library."""

import pytest
from builders import add_model, make_library

from glomviewer.domain.thresholds.sets import OUT_OF_FOLD
from glomviewer.jobs import operations
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.threshold_desk import (
    read_desk,
    read_locked,
    set_in_words,
    threshold_of_rule,
)
from training.threshold_rule import Rule


@pytest.fixture
def small(tmp_path):
    made = make_library(tmp_path, image_files=False)
    yield made
    made.library.close()


def logits(small, sure=2.0):
    return {patch: sure if patch % 2 == 0 else -sure for patch in small.ids}


def desk_of(small):
    library = small.library
    return read_desk(library, library.load_table(None))


def moved(small, model, logit, rule="by hand", reason="because"):
    return operations.set_threshold(
        small.library, model=model, logit=logit, reader=small.reader, rule=rule, reason=reason
    )


def test_no_model_no_desk(small):
    assert desk_of(small) is None


def test_the_desk_of_the_active_model(small):
    add_model(small, logits(small), out_of_fold=logits(small, 1.0))
    desk = desk_of(small)
    assert desk is not None
    scores = desk.sets[OUT_OF_FOLD]
    assert set_in_words(OUT_OF_FOLD, scores) == "20 out-of-fold patches of 5 cases"
    assert desk.locked == 4
    assert threshold_of_rule(scores, Rule("best-f1")) == 0.0
    assert desk.cases is not None
    assert desk.cases.cases == 5


def test_by_hand_needs_a_reason(small):
    model = add_model(small, logits(small))
    with pytest.raises(JobError, match="needs a reason"):
        moved(small, model, 1.0, reason="  ")
    assert len(small.library.threshold_history(model)) == 1


def test_undo_and_redo_are_rows_of_the_log_and_calls_follow(small):
    model = add_model(small, logits(small), threshold=0.0)
    moved(small, model, 5.0, rule="cost:3", reason="")
    moved(small, model, -5.0)
    changes = operations.undo_threshold(small.library, model=model, reader=small.reader)
    assert changes.threshold and changes.models
    assert small.library.active_model().threshold == 5.0
    table = small.library.load_table(None)
    assert not small.library.load_model_view(table, model).calls().any()
    operations.undo_threshold(small.library, model=model, reader=small.reader)
    assert small.library.active_model().threshold == 0.0
    with pytest.raises(JobError, match="no earlier threshold"):
        operations.undo_threshold(small.library, model=model, reader=small.reader)
    operations.redo_threshold(small.library, model=model, reader=small.reader)
    assert small.library.active_model().threshold == 5.0
    history = small.library.threshold_history(model)
    assert [change.rule for change in history] == [
        "redo",
        "undo",
        "undo",
        "by hand",
        "cost:3",
        "f1",
    ]
    assert history[0].reader.initials == "AR"
    assert history[0].reason == "back to: a miss costs 3 false alarms"


def test_a_new_move_forgets_what_was_undone(small):
    model = add_model(small, logits(small))
    moved(small, model, 5.0)
    operations.undo_threshold(small.library, model=model, reader=small.reader)
    moved(small, model, 1.0)
    with pytest.raises(JobError, match="No threshold has been undone"):
        operations.redo_threshold(small.library, model=model, reader=small.reader)


def test_nobody_can_call_a_move_an_undo(small):
    model = add_model(small, logits(small))
    with pytest.raises(JobError, match="no rule"):
        moved(small, model, 1.0, rule="undo")


def test_a_look_at_the_locked_set_is_counted_and_named(small):
    hashes = [small.library.patch(9).pixel_hash]
    model = add_model(small, logits(small), seen=hashes)
    library = small.library
    before = library.looks()
    operations.look_at_locked(library, model=model, reader=small.reader, logit=0.25)
    assert library.looks() == before + 1
    with library.read() as connection:
        (sentence,) = connection.exec_driver_sql("SELECT sentence FROM looks").scalars().all()
    assert sentence == "AR: demo · 1 at the threshold 0.2500 (logit), at the desk"
    found = read_locked(library, library.load_table(None), model)
    assert found.scores.patch.tolist() == [11, 10, 12]
    assert (found.seen, found.shown) == (1, 0)


def test_locked_labels_given_with_the_call_shown_are_left_out(small):
    model = add_model(small, logits(small))
    library = small.library
    library.decide(reader=small.reader, patches=[10], label=1, call_shown=True)
    found = read_locked(library, library.load_table(None), model)
    assert 10 not in found.scores.patch
    assert found.shown == 1


def test_a_model_of_unknown_training_is_not_judged_on_the_locked_set(small):
    model = add_model(small, logits(small), seen_known=False)
    with pytest.raises(JobError, match="unknown"):
        read_locked(small.library, small.library.load_table(None), model)
