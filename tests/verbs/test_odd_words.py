"""What shells, editors and terminals hand over: bytes that are no text, marks, namesakes."""

import io
import json

import pytest
from builders import make_library, plans

from glomviewer.__main__ import main
from glomviewer.store.library import Library

NAMESAKES = (("Ann Other", "AN"), ("Abe North", "AN"), ("an", "XX"), ("Cara More", "CM"))
NO_TEXT = "a\udcff"
HUGE = str(10**23)


@pytest.fixture
def folder(tmp_path):
    small = make_library(tmp_path, plans(), readers=NAMESAKES, image_files=False)
    small.library.set_passphrase(small.readers[3], "", "correct horsé")
    small.library.close()
    return small.library.folder


@pytest.fixture
def shell(capsys):
    def run(*words):
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.mark.parametrize(
    "words",
    [
        ("decide", "--new-reader", NO_TEXT, "NN"),
        ("reading", "--new", NO_TEXT, "--readers", "XX"),
        ("decide", "--reader", "XX", "--patches", "1", "--label", "1", "--comment", NO_TEXT),
        ("decide", "--reader", "XX", "--patches", "1", "--exclude", ""),
        ("disputes", "--why", HUGE),
    ],
    ids=["reader", "reading", "comment", "no reason", "number"],
)
def test_what_can_not_be_kept_is_one_sentence(shell, folder, words):
    code, out, err = shell(words[0], folder, *words[1:])
    assert (code, out) == (2, "")
    assert err.startswith("error: ") and len(err.strip().splitlines()) == 1


def test_nobody_acts_as_one_of_two_namesakes(shell, folder):
    code, _, err = shell("decide", folder, "--reader", "AN", "--label", "1", "--patches", "1")
    assert code == 2 and "Ann Other" in err and "Abe North" in err
    for name in ("Ann Other", "abe north", "an", "XX"):
        assert shell("decide", folder, "--reader", name, "--label", "1", "--patches", "1")[0] == 0
    with Library.open(folder, write=False) as library:
        acted = {one.reader.name for one in library.history(1) if one.reader is not None}
    assert acted == {"Ann Other", "Abe North", "an"}


def test_a_passphrase_file_may_come_from_an_editor_of_windows(shell, folder, tmp_path):
    file = tmp_path / "passphrase.txt"
    file.write_bytes("\ufeffcorrect horsé\r\n".encode())
    words = ("--reader", "CM", "--label", "1", "--patches", "1", "--passphrase-file", file)
    assert shell("decide", folder, *words)[0] == 0


def test_no_passphrase_where_nobody_types(shell, folder, monkeypatch):
    def closed(_prompt):
        raise EOFError

    monkeypatch.setattr("getpass.getpass", closed)
    words = ("--reader", "CM", "--label", "1", "--patches", "1", "--ask-passphrase")
    code, _, err = shell("decide", folder, *words)
    assert code == 2 and "passphrase" in err


def test_json_is_json_in_every_terminal(folder, monkeypatch):
    assert main(["decide", str(folder), "--new-reader", "سارة", "SA"]) == 0
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr("sys.stdout", terminal)
    assert main(["decide", str(folder), "--new-reader", "سارة", "SA", "--json"]) == 0

    terminal.seek(0)
    assert "سارة" in json.loads(terminal.read())["sentence"]
