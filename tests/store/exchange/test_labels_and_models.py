"""Labels go to another library with the same patches, and a model comes back, never promoted."""

import json
import shutil

import builders
import pytest
from machines import machine

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.store import journal, recomputation
from glomviewer.store.errors import Refused
from glomviewer.store.exchange.errors import UnknownKey
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.packs.errors import PackCancelled, PackError
from glomviewer.store.packs.keys import installation_key
from glomviewer.store.packs.opening import open_pack
from glomviewer.store.verify import verify


@pytest.fixture
def workstation(lab, tmp_path):
    """A library of the same patches on another machine, without labels of its own."""
    with machine(tmp_path / "workstation"):
        made = type(lab)(tmp_path / "other lab")
        yield made
        made.library.close()


def sent_labels(lab, name="to.glomlabels"):
    with machine(lab.place):
        lab.library.export_labels(target=lab.folder / name)
    return lab.folder / name


def sent_model(lab, model, name="to.glommodel"):
    with machine(lab.place):
        lab.library.export_model_pack(model=model, target=lab.folder / name)
    return lab.folder / name


def own_of(library):
    with library.read(unblinded=True) as connection:
        return connection.exec_driver_sql(
            "SELECT f.pixel_hash, r.name, c.label FROM current_labels c JOIN files f "
            "ON f.patch_id = c.patch_id JOIN readers r ON r.id = c.reader_id ORDER BY 1, 2"
        ).all()


def test_labels_arrive_where_the_same_patches_are(lab, workstation):
    lab.library.decide(reader=lab.ann, patches=[1, 2, 3], label=1)
    lab.library.exclude(reader=lab.ann, patches=[4], reason="torn")
    file = sent_labels(lab)
    with pytest.raises(UnknownKey):
        workstation.merge(file)
    found, changes = workstation.merge(file, trust=lab.fingerprint)
    assert changes.labels and found.report.unplaced == 0 and found.report.decisions == 4
    assert own_of(workstation.library) == own_of(lab.library)
    again, _ = workstation.merge(file)
    assert again.report.new == 0
    with workstation.library.read(unblinded=True) as connection:
        assert recomputation.differences(connection) == []
    assert verify(workstation.library.folder).problems == []


def test_what_was_read_in_a_reading_counts_there_too(lab, workstation):
    reading = lab.reading(reveal=Reveal.NEVER, repeats=0.2)
    for item in lab.library.reading_items(reading, lab.ann):
        lab.library.commit_item(reader=lab.ann, item=item.id, label=1)
    lab.library.finish_reading(reading=reading, reader=lab.ann)
    found, _ = workstation.merge(sent_labels(lab), trust=lab.fingerprint)
    assert found.report.unplaced == 0
    assert "1 reading came with them" in found.sentence
    assert own_of(workstation.library) == own_of(lab.library)
    there = workstation.library.readings()[0]
    theirs = {one.reader.name: (one.items, one.finished is None) for one in there.readers}
    ours = {
        one.reader.name: (one.items, one.finished is None)
        for one in lab.library.reading(reading).readers
    }
    assert theirs == ours
    assert verify(workstation.library.folder).problems == []


def test_labels_of_patches_that_are_not_there_wait_for_them(lab, workstation):
    cids = lab.library.add_reader("Cid Else", "CE").id
    with lab.library.write() as connection:
        connection.exec_driver_sql(
            "UPDATE files SET pixel_hash = ? WHERE patch_id = 1", ("0" * 64,)
        )
    lab.library.decide(reader=cids, patches=[1, 2], label=1)
    found, _ = workstation.merge(sent_labels(lab), trust=lab.fingerprint)
    assert (found.report.decisions, found.report.unplaced) == (2, 1)
    assert "Cid Else" in found.sentence


def test_labels_of_another_label_set_are_refused(lab, workstation):
    text = json.loads(lab.library.label_set.to_json())
    text["labels"][0]["name"] = "something else"
    lab.library.label_set = type(lab.library.label_set).from_json(json.dumps(text))
    with pytest.raises(Refused, match="other labels"):
        workstation.merge(sent_labels(lab), trust=lab.fingerprint)


def test_patches_that_nobody_else_could_tell_are_not_sent(lab):
    lab.library.decide(reader=lab.ann, patches=[1], label=1)
    with lab.library.write() as connection:
        connection.exec_driver_sql("UPDATE files SET pixel_hash = '' WHERE patch_id = 1")
    with pytest.raises(Refused, match="no pixel hash"):
        sent_labels(lab)
    assert not list(lab.folder.glob("*.glomlabels"))


def test_a_log_that_names_patients_is_told(lab):
    lab.library.comment(reader=lab.ann, patch=1, text="compare with S23-12345")
    written = lab.library.export_labels(target=lab.folder / "x.glomlabels")
    assert "1 of its titles and comments look" in written.sentence


def test_the_heads_of_a_sign_off_name_no_patient(lab):
    made = lab.library.create_reading(
        name="Study", patches=[1], protocol=Protocol(needed=1, repeats=0), readers=[lab.ann]
    )
    lab.library.finish_reading(reading=made.reading, reader=lab.ann, reason="so")
    lab.library.sign_off(reading=made.reading, reader=lab.ann, meaning=Meaning.READ)
    written = lab.library.export_labels(target=lab.folder / "x.glomlabels")
    assert "look" not in written.sentence


def test_a_reader_who_still_reads_blindly_writes_no_labels(lab):
    lab.reading()
    lab.library.viewer = lab.ann
    with pytest.raises(Refused, match="independently"):
        sent_labels(lab)


def test_what_comes_back_may_hold_our_own_acts(lab, workstation):
    lab.library.decide(reader=lab.ann, patches=[1], label=1)
    workstation.merge(sent_labels(lab), trust=lab.fingerprint)
    workstation.library.decide(reader=workstation.ann, patches=[2], label=0)
    back = workstation.folder / "back.glomlabels"
    workstation.library.export_labels(target=back)
    theirs = installation_key().fingerprint
    with machine(lab.place):
        found, _ = lab.merge(back, trust=theirs)
    assert found.report.refused == 0 and found.report.new and found.report.known


def test_nobody_writes_on_under_the_name_of_this_installation(lab, workstation):
    lab.library.decide(reader=lab.ann, patches=[1], label=1)
    workstation.merge(sent_labels(lab), trust=lab.fingerprint)
    with workstation.library.write() as connection:
        origin = connection.exec_driver_sql(
            "SELECT id FROM origins WHERE uuid = ?", (lab.library.origin,)
        ).scalar_one()
        for _ in range(5):
            journal.write(connection, origin, journal.Act.SETTING, "forged")
    forged = workstation.folder / "forged.glomlabels"
    workstation.library.export_labels(target=forged)
    before = lab.acts(but=())
    with machine(lab.place), pytest.raises(Refused, match="has not"):
        lab.merge(forged, trust=workstation.fingerprint)
    assert lab.acts(but=()) == before


def test_a_model_comes_as_a_candidate_with_its_threshold(lab, workstation):
    model = lab.add_model(seen=["a" * 64])
    lab.library.set_threshold(model, 0.75, reader=lab.ann, rule="by hand", reason="so")
    lab.library.rename_model(model, "swin")
    file = sent_model(lab, model)
    found, changes = workstation.merge(file, trust=lab.fingerprint)
    assert changes.models and found.model == model and "candidate" in found.sentence
    there = workstation.library.model(model)
    assert (there.name, there.threshold, there.active) == ("swin", 0.75, False)
    assert workstation.library.active_model() is None
    folder = workstation.library.paths.model(model)
    assert (folder / "weights.safetensors").read_bytes() == b"no weights"
    assert (folder / "seen.txt").read_text("utf-8").split() == ["a" * 64]
    again, _ = workstation.merge(file)
    assert "in this library already" in again.sentence
    assert len(workstation.library.models()) == 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("seen.txt", "case S23-12345\n"),
        ("splits.csv", f"hash,split,label,group\n{'a' * 64},train,1,Miller\n"),
    ],
)
def test_lists_that_hold_names_are_not_sent(lab, file, text):
    model = lab.add_model()
    (lab.library.paths.model(model) / file).write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="such as a name"):
        sent_model(lab, model)
    assert not list(lab.folder.glob("*.glommodel"))


def test_a_model_s_telling_name_is_replaced_and_a_telling_card_is_refused(lab):
    model = lab.add_model()
    lab.library.rename_model(model, "trained on S23-12345")
    with open_pack(sent_model(lab, model)) as pack:
        card = json.loads(pack.read("model/model.json"))
        assert card["name"] == "Model 1" and pack.manifest.payload["title"] == "Model 1 · 1"
    card_file = lab.library.paths.model(model) / "model.json"
    card = json.loads(card_file.read_text("utf-8"))
    card["recipe"] = {"note": "without S23-12345"}
    card_file.write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(Refused, match="recipe"):
        sent_model(lab, model, "other.glommodel")


def test_the_demo_s_own_card_can_be_sent(lab):
    from glomviewer.paths import resources_dir

    folder = resources_dir() / "demo" / "model"
    card = json.loads((folder / "model.json").read_text("utf-8"))
    target = lab.library.paths.model(card["id"])
    shutil.copytree(folder, target)
    lab.library.add_model(target, card)
    assert sent_model(lab, card["id"]).stat().st_size > 1000


def test_a_cancelled_or_broken_model_leaves_nothing(lab, workstation):
    file = sent_model(lab, lab.add_model())
    with pytest.raises(PackCancelled):
        workstation.merge(file, trust=lab.fingerprint, watching=Watching(cancelled=lambda: True))
    data = file.read_bytes()
    place = data.index(b"no weights")
    file.write_bytes(data[:place] + b"NO" + data[place + 2 :])
    with pytest.raises(PackError):
        workstation.merge(file, trust=lab.fingerprint)
    assert workstation.library.models() == []
    assert list(workstation.library.paths.models.iterdir()) == []


def test_predictions_and_readers_of_the_sender_do_not_come_with_a_model(lab, workstation):
    workstation.merge(sent_model(lab, lab.add_model()), trust=lab.fingerprint)
    assert len(workstation.library.readers()) == len(builders.plans(1, 2))
    assert not list((workstation.library.folder / "predictions").glob("*"))
