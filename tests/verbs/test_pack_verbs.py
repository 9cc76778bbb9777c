"""`glomviewer pack export | open | return | merge`: the whole way of a reading from a shell."""

import json
from contextlib import contextmanager
from pathlib import Path

import builders
import pytest
from machines import machine

from glomviewer.__main__ import main
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.store.exchange import known_keys
from glomviewer.store.library import Library
from glomviewer.store.packs.keys import SigningKey, installation_key

ANN, BOB = ("Ann Reader", "AR"), ("Bob Reader", "BR")


@pytest.fixture
def lab(tmp_path):
    """The folder of a library with a reading for two."""
    small = builders.make_library(
        tmp_path / "lab", builders.plans(cases=4, each=2), readers=(ANN, BOB)
    )
    builders.add_model(small, dict.fromkeys(small.ids, 1.0))
    small.library.create_reading(
        name="Study",
        patches=small.ids,
        protocol=Protocol(reveal=Reveal.NEVER, repeats=0.0),
        readers=small.readers,
        seed=3,
    )
    small.library.close()
    return small.library.folder


def run(capsys, *arguments):
    code = main([str(one) for one in arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def facts(capsys, *arguments):
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


@contextmanager
def laptop(tmp_path):
    with machine(tmp_path / "laptop settings"):
        yield


def read_all(folder):
    with Library.open(Path(folder), backup=False) as library:
        reading, reader = library.readings()[0].id, library.readers()[0].id
        for item in library.reading_items(reading, reader):
            library.commit_item(reader=reader, item=item.id, label=1)
        library.finish_reading(reading=reading, reader=reader)


def test_a_reading_goes_out_and_comes_home(lab, tmp_path, capsys):
    out = facts(capsys, "pack", "export", lab, "--out", tmp_path / "out")
    names = sorted(one["file"].rsplit("/")[-1] for one in out["packs"])
    assert names == ["Study-AR.glompack", "Study-BR.glompack"]
    pack = tmp_path / "out" / "Study-BR.glompack"
    key = out["packs"][0]["fingerprint"]
    with laptop(tmp_path):
        code, _, err = run(capsys, "pack", "open", pack)
        assert code == 2 and key in err and "--trust" in err
        opened = facts(capsys, "pack", "open", pack, "--trust", key)
        assert opened["reader"] == "Bob Reader" and opened["items"] == 8
        assert opened["command"].startswith("glomviewer ")
        assert facts(capsys, "pack", "open", pack)["was_there"]
        read_all(opened["library"])
        back = facts(capsys, "pack", "return", opened["library"], "--out", tmp_path / "back")
        theirs = installation_key().fingerprint
    assert back["file"].endswith("Study-BR.glomreturn")
    code, _, err = run(capsys, "pack", "merge", lab, back["file"])
    assert code == 2 and theirs in err and "Traceback" not in err
    merged = facts(capsys, "pack", "merge", lab, back["file"], "--trust", theirs)["merged"][0]
    assert (merged["finished"], merged["read"], merged["refused"]) == (True, 8, 0)
    assert merged["decisions"] == 8 and merged["newly_trusted"]
    again = facts(capsys, "pack", "merge", lab, back["file"])["merged"][0]
    assert again["new"] == 0


def test_the_own_key_is_said_for_others_to_compare(capsys):
    told = facts(capsys, "pack", "key")
    assert told == {"fingerprint": installation_key().fingerprint}
    assert run(capsys, "pack", "key")[1].strip() == told["fingerprint"]


def test_known_keys_are_listed_and_withdrawn(lab, capsys):
    key = SigningKey.generate()
    with Library.open(lab, backup=False) as library, library.write() as connection:
        known_keys.trust(connection, key.public, known_keys.LIBRARIES, "ward")
        (reader,) = connection.exec_driver_sql("SELECT min(initials) FROM readers").scalars()
    (told,) = facts(capsys, "pack", "key", "list", lab)["keys"]
    assert (told["fingerprint"], told["signs"]) == (key.fingerprint, "labels and models")
    words = ("pack", "key", "withdraw", lab, key.fingerprint, "--reader", reader)
    code, _, err = run(capsys, *words)
    assert code == 2 and "Say why" in err
    facts(capsys, *words, "--reason", "stolen")
    assert facts(capsys, "pack", "key", "list", lab) == {"keys": []}
    code, _, err = run(capsys, *words, "--reason", "stolen")
    assert code == 2 and "knows no key" in err


def test_one_reader_s_pack_is_locked_by_a_passphrase_from_a_file(lab, tmp_path, capsys):
    secret = tmp_path / "secret.txt"
    secret.write_text("a wet Tuesday\n", encoding="utf-8")
    code, told, _ = run(
        capsys, "pack", "export", lab, "--reading", "study", "--reader", "BR",
        "--out", tmp_path / "out", "--passphrase-file", secret,
    )  # fmt: skip
    assert code == 0 and "encrypted" in told
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["Study-BR.glompack"]
    pack = tmp_path / "out" / "Study-BR.glompack"
    code, _, err = run(capsys, "pack", "open", pack)
    assert code == 2 and "passphrase" in err
    code, told, _ = run(capsys, "pack", "open", pack, "--passphrase-file", secret)
    assert code == 0 and "glomviewer " in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "{lab}", "--labels", "--reader", "AR"), "--reader chooses"),
        (("export", "{lab}", "--reader", "nobody"), "Say who"),
        (("export", "{lab}", "--passphrase-file", "nowhere.txt"), "can't be read"),
        (("return", "{lab}"), "was not opened from a reading pack"),
        (("open", "nowhere.glompack"), "can't be read"),
        (("open", "x.glompack", "--at", "folder"), ".glomlib"),
        (("merge", "{lab}", "nowhere.glomreturn"), "can't be read"),
    ],
)
def test_what_can_not_be_done_is_one_sentence(lab, capsys, arguments, said):
    code, out, err = run(capsys, "pack", *(one.format(lab=lab) for one in arguments))
    assert code == 2 and said in err and not out
    assert err.startswith("error: ") and err.count("\n") == 1


def test_labels_and_a_model_go_to_another_machine(lab, tmp_path, capsys):
    with Library.open(lab, backup=False) as library:
        model = library.models()[0].id
        cid = library.add_reader("Cid Else", "CE").id
        library.decide(reader=cid, patches=[1, 2, 3], label=0)
    sent = facts(capsys, "pack", "export", lab, "--labels", "--out", tmp_path / "out")["packs"][0]
    model_file = facts(capsys, "pack", "export", lab, "--model", model, "--out", tmp_path / "out")
    with laptop(tmp_path):
        other = builders.make_library(tmp_path / "other", builders.plans(cases=4, each=2))
        other.library.close()
        merged = facts(
            capsys, "pack", "merge", other.library.folder, sent["file"],
            model_file["packs"][0]["file"], "--trust", sent["fingerprint"],
        )["merged"]  # fmt: skip
        with Library.open(other.library.folder, backup=False) as library:
            assert [one.id for one in library.models()] == [model]
            assert library.active_model() is None
            assert [one.label for one in library.history(1)] == [0]
    assert [one["kind"] for one in merged] == ["labels", "model"]
    assert merged[0]["unplaced"] == 0 and merged[1]["model"] == model
