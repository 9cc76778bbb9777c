from pathlib import Path

import pytest
from builders import add_model, make_model_folder

from glomviewer.domain.labels import Split
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.jobs import operations
from glomviewer.jobs.sentences import JobError
from glomviewer.store.errors import Refused
from training.config import UserError


@pytest.fixture
def library(small):
    return small.library


def test_what_the_reader_could_see_is_in_the_log(small, library):
    operations.label_patches(
        library,
        reader=small.reader,
        patches=[1, 2],
        label=0,
        detail="segmental sclerosis",
        call_shown={1: True},
        model="m1",
        on_screen=[1],
    )
    first, second = library.history(1)[0], library.history(2)[0]
    assert (first.call_shown, first.model, first.on_screen) == (True, "m1", True)
    assert (second.call_shown, second.model, second.on_screen) == (False, "", False)
    table = library.load_table(small.reader)
    assert table["seen"][:2].tolist() == [True, False]


def test_calls_are_accepted_in_one_gesture_but_never_those_that_are_guarded(small, library):
    model = add_model(small, {patch: 4.0 if patch % 3 else -4.0 for patch in range(1, 23)})
    table = library.load_table(small.reader)
    table.view = library.load_model_view(table, model)
    calls = operations.visible_calls(table, table.ids.tolist())
    locked = table.ids[table["split"] == Split.LOCKED].tolist()
    assert locked
    assert not set(locked) & set(calls)
    assert 24 not in calls
    changes = operations.accept_calls(library, reader=small.reader, calls=calls, model=model)
    assert len(changes.patches) == len(calls)
    decided = library.history(3)[0]
    assert (decided.label, decided.call_shown, decided.model) == (0, True, model)
    assert library.history(4)[0].label == 1
    operations.undo(library, reader=small.reader)
    assert (library.load_table(small.reader)["current"] == -1).all()
    operations.redo(library, reader=small.reader)
    assert library.load_table(small.reader)["current"][2] == 0


def test_flags_comments_and_exclusions_come_back_by_undo(small, library):
    operations.flag_patches(library, reader=small.reader, patches=[1], flagged=True)
    operations.comment_on_patch(library, reader=small.reader, patch=1, text="folded")
    operations.exclude_case(library, reader=small.reader, case="case 2", reason="wrong stain")
    assert library.patch(1).flagged
    assert library.patch(5).exclusion_reason == "wrong stain"
    operations.include_patches(library, reader=small.reader, patches=[5])
    assert not library.patch(5).excluded
    for _ in range(4):
        operations.undo(library, reader=small.reader)
    assert not library.patch(1).flagged
    assert not library.patch(6).excluded


def test_a_model_folder_is_copied_and_only_once(library, tmp_path):
    folder = make_model_folder(tmp_path / "given")
    changes = operations.add_model(library, folder=folder)
    assert changes.active_model
    assert (Path(library.models()[0].folder) / "weights.safetensors").exists()
    with pytest.raises(JobError, match="already has this model"):
        operations.add_model(library, folder=folder)


@pytest.mark.parametrize("missing", ["weights.safetensors", "model.json"])
def test_a_folder_that_is_no_model_is_refused(library, tmp_path, missing):
    folder = make_model_folder(tmp_path / "given")
    (folder / missing).unlink()
    with pytest.raises(JobError, match="is no model"):
        operations.add_model(library, folder=folder)
    assert library.models() == []


def test_a_card_that_cannot_be_understood_is_refused_by_its_key(library, tmp_path):
    folder = make_model_folder(tmp_path / "given")
    card = (folder / "model.json").read_text()
    (folder / "model.json").write_text(card.replace('"slope"', '"slop"'))
    with pytest.raises(UserError, match="slop"):
        operations.add_model(library, folder=folder)
    assert list(library.paths.models.iterdir()) == []


def test_a_model_without_a_verdict_needs_a_reason(small, library):
    first = add_model(small)
    second = add_model(small, version=2)
    with pytest.raises(JobError, match="not been through the gate"):
        operations.promote_model(library, model=second, reader=small.reader)
    with pytest.raises(JobError, match="overrule with a reason"):
        operations.promote_model(library, model=second, reader=small.reader, overrule=True)
    operations.promote_model(
        library, model=second, reader=small.reader, overrule=True, reason="better on our stain"
    )
    assert library.active_model().id == second
    told = library.promotions()[0]
    assert (told.overruled, told.reason) == (True, "better on our stain")
    operations.roll_back_model(library, reader=small.reader)
    assert library.active_model().id == first


def test_a_threshold_is_moved_with_its_history(small, library):
    model = add_model(small, {1: 0.5}, threshold=0.0)
    operations.set_threshold(
        library, model=model, logit=1.5, reader=small.reader, rule="by hand", reason="sensitive"
    )
    assert library.active_model().threshold == 1.5
    assert [change.logit for change in library.threshold_history(model)] == [1.5, 0.0]
    with pytest.raises(UserError, match="finite"):
        operations.set_threshold(
            library, model=model, logit=float("nan"), reader=small.reader, rule="by hand"
        )


def test_the_active_model_stays_and_another_goes_with_its_files(small, library):
    first = add_model(small)
    second = add_model(small, version=2)
    with pytest.raises(Refused, match="is the active model"):
        operations.remove_model(library, model=first)
    operations.remove_model(library, model=second)
    assert [model.id for model in library.models()] == [first]
    assert not library.paths.model(second).exists()


def test_readers_and_filters_need_names(library):
    with pytest.raises(JobError, match="name and initials"):
        operations.add_reader(library, name="  ", initials="X")
    with pytest.raises(JobError, match="needs a name"):
        operations.save_filter(library, name=" ", query=PatchQuery())
    operations.add_reader(library, name=" Bo Reader ", initials="BR")
    assert library.readers()[-1].name == "Bo Reader"
    operations.save_filter(library, name="mine", query=PatchQuery(queue=Queue.FLAGGED))
    assert library.saved_filters()["mine"].queue is Queue.FLAGGED
    operations.delete_filter(library, name="mine")
    assert library.saved_filters() == {}


def test_a_root_is_repointed_only_to_a_folder_that_is_there(library, tmp_path):
    root = library.roots()[0].id
    with pytest.raises(JobError, match="There is no folder"):
        operations.repoint_root(library, root=root, folder=tmp_path / "nowhere")
    (tmp_path / "elsewhere").mkdir()
    operations.repoint_root(library, root=root, folder=tmp_path / "elsewhere")
    assert library.patch(1).path == str(tmp_path / "elsewhere" / "p1.png")


def test_missing_files_are_found(small, library):
    (small.images / "p3.png").unlink()
    heard = []
    operations.check_files(library, progress=lambda *at: heard.append(at), cancelled=lambda: False)
    assert library.patch(3).file_state == "missing"
    assert heard


def test_a_backup_is_listed(library):
    operations.back_up(library)
    assert len(library.backups()) == 1
