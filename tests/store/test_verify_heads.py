"""Ends of chains that were written down elsewhere are looked for in the journal."""

import json
import sqlite3
from contextlib import closing

import pytest

from glomviewer.store.errors import Refused
from glomviewer.store.packs.errors import PassphraseNeeded
from glomviewer.store.verify import verify
from glomviewer.store.verify_heads import WrittenHead, heads_in


@pytest.fixture
def read(library, ann):
    for label in (0, 1, 2):
        library.decide(reader=ann, patches=[1], label=label)
    return library


def test_heads_are_found_in_what_verify_says_and_in_lists(read, tmp_path):
    (head,) = read.heads()
    written = WrittenHead(head.origin, head.sequence, head.hash)
    said = tmp_path / "said.json"
    said.write_text(json.dumps({"facts": {"heads": [[*vars_of(head)]]}, "sound": True}))
    assert heads_in(said) == [written]
    assert verify(read.folder, heads=heads_in(said)).problems == []


def vars_of(head):
    return head.origin, head.sequence, head.hash


@pytest.mark.parametrize("name", ["report.html", "chains.csv"])
def test_heads_are_found_in_reports(read, tmp_path, name):
    (head,) = read.heads()
    cells = [head.origin[:8], "AO, BE", "1,234", head.hash]
    row = (
        "<tr>" + "".join(f"<td>{cell}</td>\n" for cell in cells) + "</tr>"
        if name.endswith("html")
        else ";".join(f'"{cell}"' for cell in cells)
    )
    file = tmp_path / name
    file.write_text(f"something before {'f' * 64}\n{row}\n")
    assert heads_in(file) == [WrittenHead(head.origin[:8], 1234, head.hash)]


def test_heads_are_found_in_an_encrypted_pack_by_its_passphrase(library, tmp_path):
    written = [WrittenHead(one.origin, one.sequence, one.hash) for one in library.heads()]
    pack = tmp_path / "labels.glomlabels"
    library.export_labels(target=pack, passphrase="a wet Tuesday in March")
    assert heads_in(pack, "a wet Tuesday in March") == written != []
    with pytest.raises(PassphraseNeeded):
        heads_in(pack)


def test_a_file_without_heads_is_refused_in_a_sentence(tmp_path):
    for name, content in (
        ("a.txt", b"nothing"),
        ("b.bin", b"\xff\xfe\x00"),
        ("c.json", b"{}"),
        ("d.pdf", b"%PDF-1.4"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Refused, match="names no heads"):
            heads_in(tmp_path / name)
    with pytest.raises(Refused, match="can't be read"):
        heads_in(tmp_path / "gone.html")


def test_an_end_cut_off_and_hidden_with_care_is_told_by_its_head_elsewhere(read, ann):
    head, before = read.heads()[0], read.journal(limit=2)[1]
    written = [WrittenHead(head.origin, head.sequence, head.hash)]
    read.close()
    cut(read, before)
    assert not any("journal" in one for one in verify(read.folder).problems)
    (told,) = [one for one in verify(read.folder, heads=written).problems if "journal" in one]
    assert f"reached act {head.sequence}" in told and "was deleted" in told
    with type(read).open(read.folder, backup=False) as again:
        again.decide(reader=ann, patches=[2], label=0)
    (told,) = [one for one in verify(read.folder, heads=written).problems if "journal" in one]
    assert "another act has that number now" in told


def cut(library, last):
    """Delete everything after an act, and write anew what would tell."""
    with closing(sqlite3.connect(library.paths.database)) as connection:
        for table in ("journal", "batches", "decisions"):
            (guard,) = connection.execute(
                "SELECT sql FROM sqlite_master WHERE name = ?", (f"{table}_delete_refused",)
            ).fetchone()
            connection.execute(f"DROP TRIGGER {table}_delete_refused")
            connection.execute(f"DELETE FROM {table} WHERE clock > ?", (last.clock,))
            connection.execute(guard)
        connection.execute(
            "UPDATE settings SET value = ? WHERE key = ?",
            (f"{last.sequence} {last.hash}", f"head:{last.origin}"),
        )
        connection.execute(
            "UPDATE current_labels SET (decision_id, label, first_id, first_label, made_at) = "
            "(SELECT id, label, id, label, made_at FROM decisions ORDER BY id DESC LIMIT 1)"
        )
        connection.commit()
