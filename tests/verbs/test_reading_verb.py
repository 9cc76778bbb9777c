"""Readings from the shell: made, listed, finished, closed and signed off."""

import pytest
from builders import make_library, plans

from glomviewer.__main__ import main
from glomviewer.store.library import Library


@pytest.fixture
def folder(tmp_path):
    """24 patches of 6 cases, and two readers, of whom Bob has a passphrase."""
    readers = (("Ann Other", "AO"), ("Bob Else", "BE"))
    with make_library(tmp_path, plans(), readers=readers, image_files=False).library as library:
        library.set_passphrase(library.readers()[1].id, "", "correct horse")
    return tmp_path / "small.glomlib"


def made(shell, folder, *words):
    return shell("reading", folder, "--new", "first", "--readers", "AO", "BE", *words)


def read_all(folder, initials):
    with Library.open(folder) as library:
        (reading,) = library.readings()
        reader = next(one.id for one in library.readers() if one.initials == initials)
        for item in library.reading_items(reading.id, reader):
            library.commit_item(reader=reader, item=item.id, label=1)


def test_a_reading_is_made_and_listed(shell, folder):
    code, told, _ = made(shell, folder, "--seed", 1)
    assert code == 0
    assert told["sentence"] == "The reading first was made: 24 patches for 2 readers."
    _, told, _ = shell("reading", folder)
    (reading,) = told["readings"]
    assert reading["sentence"].startswith("An independent reading: each patch is read by 2")
    assert [one["done"] for one in reading["readers"]] == [0, 0]


def test_people_get_a_line_a_reading(shell, folder, capsys):
    made(shell, folder)
    assert main(["reading", str(folder)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("first: 24 patches; AO 0 of 25, BE 0 of 25\n")


@pytest.mark.parametrize(
    ("words", "patches"),
    [
        (("--cases", "case 1", "case 2"), 8),
        (("--filter-ids", 1, 2, 3), 3),
        (("--random", 5), 5),
        (("--stratified", 6), 6),
        (("--whole-cases", 2), 8),
        (("--queue", "not yet seen"), 24),
    ],
)
def test_patches_are_chosen(words, patches, shell, folder):
    assert made(shell, folder, *words)[1]["reading"]["patches"] == patches


def test_the_protocol_is_as_asked(shell, folder):
    words = ("--protocol", "open", "--order", "by case", "--repeats", 0, "--needed", 1)
    reading = made(shell, folder, *words)[1]["reading"]
    assert (reading["independent"], reading["order"], reading["reveal"], reading["needed"]) == (
        False,
        "by case",
        "at once",
        1,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reveal", "at once"), "can't be shown at once"),
        (("--needed", 3), "needs 3 readings, and there are 2"),
        (("--repeats", 2), "share of hidden repeats"),
        (("--cases", "case 99"), "no case 'case 99'"),
        (("--random", 0), "at least 1 patch"),
        (("--saved-filter", "mine"), "No filter 'mine' was saved"),
        (("--from-disputes", "other"), "No single reading fits 'other'"),
        (("--filter-ids", 999), "no patch for 1 of the 1 numbers"),
    ],
)
def test_bad_input_is_one_sentence(words, said, shell, folder):
    code, told, err = made(shell, folder, *words)
    assert (code, told) == (2, None)
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_readers_are_asked_for(shell, folder):
    code, _, err = shell("reading", folder, "--new", "first")
    assert code == 2
    assert "Say who reads" in err


def test_disputes_become_a_reading(shell, folder):
    made(shell, folder, "--filter-ids", 1, 2)
    with Library.open(folder) as library:
        (reading,) = library.readings()
        for number, one in enumerate(reading.readers):
            for item in library.reading_items(reading.id, one.reader.id):
                label = number if item.patch == 1 else 1
                library.commit_item(reader=one.reader.id, item=item.id, label=label)
    code, told, _ = shell(
        "reading", folder, "--new", "again", "--from-disputes", "first", "--readers", "AO"
    )
    assert code == 0
    assert told["reading"]["patches"] == 1


def test_a_blinded_reader_makes_none_of_what_is_kept_from_him(shell, folder):
    words = ("reading", folder, "--new", "again", "--readers", "AO", "--queue", "disputed")
    made(shell, folder, "--needed", "1", "--filter-ids", "1", "2", "--seed", "1")
    with Library.open(folder) as library:
        ann, bob = library.readers()
        (pending,) = {item.patch for item in library.reading_items(1, ann.id)}
        cara = library.add_reader("Cara More", "CM")
        library.decide(reader=bob.id, patches=[pending], label=1)
        library.decide(reader=cara.id, patches=[pending], label=0)
    assert shell(*words, "--reader", "AO")[0] == 2
    assert shell(*words, "--reader", "CM")[0] == 0


def test_finishing_signing_and_closing(shell, folder, tmp_path):
    made(shell, folder)
    code, _, err = shell("reading", folder, "--finish", "first", "--reader", "AO")
    assert code == 2
    assert "25 of 25 patches of first are not read yet" in err
    read_all(folder, "AO")
    assert shell("reading", folder, "--finish", "first", "--reader", "AO")[0] == 0
    code, told, _ = shell("signoff", folder, "first", "--reader", "AO", "--meaning", "read")
    assert code == 0
    assert told["signoffs"][0]["meaning"] == "read"
    code, _, err = shell("reading", folder, "--close", "first", "--reason", "enough")
    assert code == 2
    assert "Say who decides with --reader" in err
    closing = ("reading", folder, "--close", "first", "--reader", "AO")
    code, _, err = shell(*closing)
    assert code == 2
    assert "say why it is closed before" in err
    assert shell(*closing, "--reason", "enough")[0] == 0


def test_a_passphrase_is_asked_for(shell, folder, tmp_path, monkeypatch):
    made(shell, folder)
    read_all(folder, "BE")
    words = ("reading", folder, "--finish", "first", "--reader", "BE")
    code, _, err = shell(*words)
    assert code == 2
    assert "Bob Else has a passphrase" in err
    wrong, right = tmp_path / "wrong.txt", tmp_path / "right.txt"
    wrong.write_text("battery staple\n", encoding="utf-8")
    right.write_text("correct horse\n", encoding="utf-8")
    assert "not the passphrase" in shell(*words, "--passphrase-file", wrong)[2]
    assert shell(*words, "--passphrase-file", right)[0] == 0
    signing = ("signoff", folder, "first", "--reader", "BE", "--meaning", "read")
    assert "passphrase is not right" in shell(*signing, "--passphrase-file", wrong)[2]
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _: "correct horse")
    assert shell(*signing)[0] == 0


def test_signing_for_nothing_is_refused(shell, folder):
    made(shell, folder)
    code, _, err = shell("signoff", folder, "first", "--reader", "AO")
    assert code == 2
    assert "Say with --meaning" in err
    code, told, _ = shell("signoff", folder, "first")
    assert (code, told["signoffs"], told["later_changes"]) == (0, [], [])
