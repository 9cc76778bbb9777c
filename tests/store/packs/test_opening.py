"""A pack that is not just as it was signed is refused in one sentence."""

import hashlib
import json
import re
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.store.packs.canonical import canonical
from glomviewer.store.packs.errors import (
    DamagedPack,
    ForgedPack,
    NewerPack,
    NotAPack,
    PackCancelled,
    PackError,
    PackUnreadable,
    PackUnwritable,
    UnsoundContent,
    WrongKind,
)
from glomviewer.store.packs.keys import SigningKey
from glomviewer.store.packs.manifest import PackKind
from glomviewer.store.packs.opening import is_encrypted, open_pack
from glomviewer.store.packs.signature import signature_of, signer_of

SENTENCE = re.compile(r"^[^\n]+\.$")


def everything(path, passphrase=""):
    with open_pack(path, passphrase=passphrase) as pack:
        pack.check()
        return pack.manifest, pack.signer, [(name, pack.read(name)) for name in pack.names]


def rewrite(path, change):
    """The pack's members through `change`, a function of their dict, into a new zip."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members = change(members) or members
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def resign(path, key, change):
    """pack.json through `change`, signed again: what a sender with a key of his own could write."""

    def changed(members):
        document = json.loads(members["pack.json"])
        document = change(document) or document
        members["pack.json"] = canonical(document).encode()
        members["signature.json"] = signature_of(members["pack.json"], key)

    return rewrite(path, changed)


def refused(error, path, **options):
    with pytest.raises(error) as told:
        everything(path, **options)
    assert SENTENCE.match(str(told.value)), str(told.value)
    assert path.name in str(told.value)
    return str(told.value)


@pytest.mark.parametrize("locked", [False, True])
def test_any_changed_byte_is_refused_or_changes_nothing(write, passphrase, locked):
    given_passphrase = passphrase if locked else ""
    path = write(passphrase=given_passphrase)
    whole = path.read_bytes()
    expected = everything(path, given_passphrase)
    tampered = path.with_name("tampered.glompack")

    @given(st.integers(0, len(whole) - 1), st.integers(1, 255))
    def check(at, mask):
        data = bytearray(whole)
        data[at] ^= mask
        tampered.write_bytes(data)
        try:
            seen = everything(tampered, given_passphrase)
        except PackError as error:
            assert SENTENCE.match(str(error))
        else:
            assert seen == expected

    check()


def test_every_changed_bit_of_a_member_is_refused(write, members):
    path = write()
    whole = path.read_bytes()
    content = members["patches/000001.png"]
    start = whole.index(content)
    for at in range(start, start + len(content)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        refused(DamagedPack, path)


@pytest.mark.parametrize("locked", [False, True])
def test_any_truncation_is_refused(write, passphrase, locked):
    given_passphrase = passphrase if locked else ""
    path = write(passphrase=given_passphrase)
    whole = path.read_bytes()
    for length in range(0, len(whole), 13):
        path.write_bytes(whole[:length])
        refused(PackError, path, passphrase=given_passphrase)


def test_a_truncated_pack_says_copy_it_again(write):
    path = write()
    path.write_bytes(path.read_bytes()[:-30])
    assert "copy it again" in refused(DamagedPack, path)


def test_a_table_that_points_before_the_file_is_damage(write):
    path = write()
    whole = bytearray(path.read_bytes())
    at = whole.rindex(b"PK\x05\x06") + 16
    whole[at : at + 4] = (2**31).to_bytes(4, "little")
    path.write_bytes(whole)
    assert "copy it again" in refused(DamagedPack, path)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.glompack"
    for start in (b"", b"PK\x03\x04", b"PK\x05\x06"):
        path.write_bytes(start + data)
        refused(PackError, path)


def test_what_is_no_pack_is_told(tmp_path):
    path = tmp_path / "x.glompack"
    refused(PackUnreadable, path)
    path.write_bytes(b"\x89PNG")
    refused(NotAPack, path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "")
    refused(NotAPack, path)
    path.unlink()
    path.mkdir()
    refused(PackUnreadable, path)


def test_a_changed_table_of_contents_breaks_the_signature(write):
    def change(members):
        members["pack.json"] = members["pack.json"].replace(b'"AO"', b'"BE"')

    refused(ForgedPack, rewrite(write(), change))


def test_a_foreign_signature_is_refused(write, key):
    def change(members):
        members["signature.json"] = signature_of(b"something else", key)

    refused(ForgedPack, rewrite(write(), change))


def test_a_signature_without_the_purpose_is_refused(write, key):
    def change(members):
        signature = json.loads(members["signature.json"])
        signature["signature"] = key.sign(members["pack.json"]).hex()
        members["signature.json"] = canonical(signature).encode()

    refused(ForgedPack, rewrite(write(), change))


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_signature_document_is_refused(value):
    document = {"algorithm": "Ed25519", "key": value, "signature": value}
    for data in (document, value, [value]):
        with pytest.raises(ForgedPack):
            signer_of(b"", json.dumps(data).encode(), "x.glompack")


def test_signing_again_with_another_key_shows_the_other_key(write, key):
    other = SigningKey.generate()
    path = resign(write(), other, lambda document: document)
    with open_pack(path) as pack:
        assert pack.fingerprint == other.fingerprint != key.fingerprint


def test_a_newer_format_is_told_before_anything_else(write, key):
    path = resign(write(), key, lambda document: {"format": 2, "news": True})
    assert "install a newer version" in refused(NewerPack, path)


@pytest.mark.parametrize("field", ["payload", "uuid", "kind", "made_at", "program", "members"])
@pytest.mark.parametrize(
    "value", [None, -1, 1.5, "x", [], [[]], [{}], ["a"], {"a": 1}, 2**80, True]
)
def test_a_field_of_another_kind_is_refused(write, key, field, value):
    if (field, value) in (("program", "x"), ("members", []), ("payload", {"a": 1})):
        return
    path = resign(write(), key, lambda document: document | {field: value})
    refused(UnsoundContent, path)


def test_a_field_too_few_or_too_many_is_refused(write, key):
    refused(UnsoundContent, resign(write(), key, lambda document: document | {"more": 1}))

    def less(document):
        del document["program"]

    refused(UnsoundContent, resign(write(), key, less))


@pytest.mark.parametrize(
    "name", ["../a", "/etc/passwd", "a\\b", "C:/a", "pack.json", "nul", 7, None]
)
def test_a_signed_path_trick_is_refused(write, key, name):
    def change(document):
        document["members"][0]["name"] = name

    refused(UnsoundContent, resign(write(), key, change))


def test_a_member_listed_twice_is_refused(write, key):
    def change(document):
        document["members"].append(document["members"][0])

    assert "twice" in refused(UnsoundContent, resign(write(), key, change))


def test_a_member_beyond_the_list_is_refused(write):
    path = rewrite(write(), lambda members: members | {"more.txt": b"see here"})
    assert "not signed" in refused(DamagedPack, path)


def test_a_missing_member_is_refused(write):
    def change(members):
        del members["items.json"]

    refused(DamagedPack, rewrite(write(), change))


def test_a_member_stored_twice_is_refused(write):
    path = write()
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("items.json", b'{"n":3}')
    assert "twice" in refused(DamagedPack, path)


def test_another_size_than_listed_is_refused_before_reading(write, key):
    def change(document):
        document["members"][0]["size"] += 1

    path = resign(write(), key, change)
    with pytest.raises(DamagedPack):
        open_pack(path)


def test_a_compressed_member_is_refused_unread(write):
    path = write()
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pack.json", b"0" * 50_000_000)
    path.write_bytes(bomb.getvalue())
    assert "no pack has" in refused(DamagedPack, path)


def test_members_that_share_their_bytes_are_refused(tmp_path):
    """Many directory entries over one place in the file: a bomb without compression."""
    path = tmp_path / "x.glompack"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"0" * 100_000)
        first = archive.infolist()[0]
        for number in range(10):
            info = zipfile.ZipInfo(f"b{number}")
            info.file_size = info.compress_size = first.file_size
            info.CRC, info.header_offset = first.CRC, first.header_offset
            archive.filelist.append(info)
            archive.NameToInfo[info.filename] = info
    assert "more than fits" in refused(DamagedPack, path)


def test_a_wrong_kind_is_told_by_name(write):
    path = write()
    with pytest.raises(WrongKind, match="is a reading pack, and a return is wanted here"):
        open_pack(path, kind=PackKind.RETURN)
    open_pack(path, kind=PackKind.READING).close()


def test_a_member_is_copied_whole_or_not_at_all(write, tmp_path, members):
    path = write()
    target = tmp_path / "out.png"
    with open_pack(path) as pack:
        pack.copy("patches/000001.png", target)
        assert target.read_bytes() == members["patches/000001.png"]
        target.unlink()
        with pytest.raises(PackUnwritable):
            pack.copy("patches/000001.png", tmp_path / "none" / "out.png")
        with pytest.raises(DamagedPack, match="no member"):
            pack.read("other")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"one picture", b"two picture"))
    with open_pack(path) as pack, pytest.raises(DamagedPack):
        pack.copy("patches/000001.png", target)
    assert list(tmp_path.iterdir()) == [path]


def test_checking_can_be_cancelled(write):
    told = []
    with open_pack(write()) as pack:
        pack.check(progress=told.append)
        with pytest.raises(PackCancelled):
            pack.check(cancelled=lambda: True)
    assert told == [1, 2, 3]


def test_the_digest_names_the_table_of_contents(write):
    path = write()
    with zipfile.ZipFile(path) as archive:
        expected = hashlib.sha256(archive.read("pack.json")).hexdigest()
    with open_pack(path) as pack:
        assert pack.digest == expected
    assert not is_encrypted(path)


def test_a_refused_pack_is_not_held_open(write, tmp_path):
    path = write()
    path.write_bytes(path.read_bytes()[:-5])
    refused(PackError, path)
    path.replace(tmp_path / "moved")
