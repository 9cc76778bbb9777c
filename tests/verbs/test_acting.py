"""In a shell too, nobody acts as a reader who is locked, and what leaves the library is logged."""

import pytest
from builders import add_model, make_library, plans

from glomviewer.settings import SettingsFile
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
    add_model(small, dict.fromkeys(small.ids, 1.0), model_id="m1")
    add_model(small, {1: 1.0}, model_id="m2", version=2)
    small.library.close()
    return small.library.folder


AS_BOB = {
    "label": ["decide", "--reader", "BE", "--patches", "2", "--label", "1"],
    "undo": ["decide", "--reader", "BE", "--undo"],
    "adjudicate": ["disputes", "--reader", "BE", "--adjudicate", "1", "1", "--reason", "so"],
    "threshold": ["models", "threshold", "--reader", "BE", "--at", "0.4", "--reason", "so"],
    "plain threshold": ["models", "--reader", "BE", "--threshold", "m1", "0.4", "--reason", "so"],
    "look": ["models", "threshold", "--reader", "BE", "--locked"],
    "promotion": ["promote", "m2", "--reader", "BE", "--overrule", "--reason", "so"],
    "making a reading": ["reading", "--reader", "BE", "--new", "So", "--readers", "AO"],
    "refer": ["disputes", "--reader", "BE", "--refer", "1", "consensus"],
}


@pytest.mark.parametrize("act", AS_BOB)
def test_a_locked_reader_is_acted_for_with_his_passphrase_alone(act, shell, folder, tmp_path):
    said = AS_BOB[act]
    verbs, rest = (said[:2], said[2:]) if said[1] == "threshold" else (said[:1], said[1:])
    given = tmp_path / "passphrase.txt"
    given.write_text("another one entirely", encoding="utf-8")
    with Library.open(folder, write=False) as library:
        before = library.heads()
    for words in ((), ("--passphrase-file", given)):
        code, _, err = shell(*verbs, folder, *rest, *words)
        assert code == 2 and "passphrase" in err
    with Library.open(folder, write=False) as library:
        assert library.heads() == before
    given.write_text(PASSPHRASE, encoding="utf-8")
    code, _, err = shell(*verbs, folder, *rest, "--passphrase-file", given)
    assert code == 0, err
    with Library.open(folder, write=False) as library:
        assert library.heads() != before


def test_a_locked_reader_sends_with_his_passphrase_alone(shell, folder, tmp_path):
    SettingsFile().change(reader_name="Bob Else", reader_initials="BE")
    given = tmp_path / "passphrase.txt"
    given.write_text(PASSPHRASE, encoding="utf-8")
    words = ("pack", "export", folder, "--labels", "--out", tmp_path)
    code, _, err = shell(*words)
    assert code == 2 and "--reader-passphrase-file" in err
    code, _, err = shell(*words, "--reader-passphrase-file", given)
    assert code == 0, err
    with Library.open(folder, write=False) as library:
        (act,) = library.journal(limit=1)
    assert act.reader is not None and act.reader.name == "Bob Else"


MAKING = ("--new", "So", "--readers", "AO", "BE")


@pytest.mark.parametrize(
    ("reader", "acted"), [(("Ann Other", "AO"), "Ann Other"), (("Bob Else", "BE"), None)]
)
def test_the_reader_of_the_settings_acts_where_none_is_named_unless_locked(
    reader, acted, shell, folder
):
    name, initials = reader
    SettingsFile().change(reader_name=name, reader_initials=initials)
    code, _, err = shell("reading", folder, *MAKING)
    assert code == 0, err
    with Library.open(folder, write=False) as library:
        (act,) = library.journal(limit=1)
    assert (act.reader and act.reader.name) == acted


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
