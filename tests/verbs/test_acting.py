"""In a shell too, nobody acts as a reader who is locked, and what leaves the library is logged."""

import json

import pytest
from builders import add_model, make_library, plans

from glomviewer.__main__ import main
from glomviewer.store.journal import Act
from glomviewer.store.library import Library

PASSPHRASE = "correct horse"


@pytest.fixture
def folder(tmp_path):
    """Ann and Bob differ on patch 1; Bob has a passphrase."""
    readers = (("Ann Other", "AO"), ("Bob Else", "BE"))
    small = make_library(tmp_path, plans(), readers=readers, image_files=False)
    ann, bob = small.readers
    small.library.decide(reader=ann, patches=[1], label=1)
    small.library.decide(reader=bob, patches=[1], label=0)
    small.library.set_passphrase(bob, "", PASSPHRASE)
    add_model(small, {1: 1.0}, model_id="m1")
    small.library.close()
    return small.library.folder


@pytest.fixture
def shell(capsys):
    def run(*words):
        code = main([*map(str, words), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


AS_BOB = {
    "label": ["decide", "--reader", "BE", "--patches", "2", "--label", "1"],
    "undo": ["decide", "--reader", "BE", "--undo"],
    "adjudicate": ["disputes", "--reader", "BE", "--adjudicate", "1", "1", "--reason", "so"],
    "refer": ["disputes", "--reader", "BE", "--refer", "1", "consensus"],
}


@pytest.mark.parametrize("act", AS_BOB)
def test_a_locked_reader_is_acted_for_with_his_passphrase_alone(act, shell, folder, tmp_path):
    verb, *rest = AS_BOB[act]
    given = tmp_path / "passphrase.txt"
    given.write_text("another one entirely", encoding="utf-8")
    with Library.open(folder, write=False) as library:
        before = library.heads()
    for words in ((), ("--passphrase-file", given)):
        code, _, err = shell(verb, folder, *rest, *words)
        assert code == 2 and "passphrase" in err
    with Library.open(folder, write=False) as library:
        assert library.heads() == before
    given.write_text(PASSPHRASE, encoding="utf-8")
    code, told, _ = shell(verb, folder, *rest, "--passphrase-file", given)
    assert code == 0 and told["changed"]


EXPORTS = {
    "labels": lambda out: ["export", out / "labels.csv"],
    "manifest": lambda out: ["export", out / "manifest.csv", "--as", "manifest"],
    "card": lambda out: ["models", "--card", "m1", out],
}


@pytest.mark.parametrize("what", EXPORTS)
def test_an_export_from_a_shell_is_logged(what, shell, folder, tmp_path):
    verb, *rest = EXPORTS[what](tmp_path)
    code, _, err = shell(verb, folder, *rest)
    assert code == 0, err
    with Library.open(folder, write=False) as library:
        assert library.journal_count(kinds=[Act.EXPORT]) == 1


def test_an_export_that_can_not_be_logged_says_so(shell, folder, tmp_path):
    with Library.open(folder):
        code, _, err = shell("export", folder, tmp_path / "labels.csv")
    assert code == 0 and "journal" in err
