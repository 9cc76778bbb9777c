"""An encrypted pack shows nothing, and opens with its passphrase alone."""

import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.store.packs.canonical import canonical
from glomviewer.store.packs.encryption import (
    CHUNK,
    TAG,
    EncryptionHeader,
    PackCipher,
    content_size,
    read_header,
)
from glomviewer.store.packs.errors import (
    DamagedPack,
    NewerPack,
    PackError,
    PassphraseNeeded,
    UnsoundContent,
    WrongPassphrase,
)
from glomviewer.store.packs.opening import is_encrypted, open_pack
from glomviewer.store.passphrases import KdfCost


def test_the_passphrase_opens_it(write, members, passphrase, key, head):
    path = write(passphrase=passphrase)
    assert is_encrypted(path)
    with open_pack(path, passphrase=passphrase) as pack:
        assert pack.encrypted
        assert {name: pack.read(name) for name in pack.names} == members
        assert pack.signer == key.public
        assert pack.manifest.payload == head.payload
        pack.check()


def test_composed_and_decomposed_accents_are_one_passphrase(write):
    path = write(passphrase="Müllerstraße")
    open_pack(path, passphrase="Mu\u0308llerstraße").close()


def test_nothing_of_the_content_is_to_be_seen(write, passphrase, members):
    path = write(passphrase=passphrase)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["encryption.json", "2", "3", "4", "0", "1"]
    data = path.read_bytes()
    for shown in (b"patches", b"items", b"picture", b"protocol", b"reading", b"AO", b"sha256"):
        assert shown not in data


def test_no_two_packs_share_a_key(write, passphrase):
    first = write("a.glompack", passphrase=passphrase).read_bytes()
    assert write("b.glompack", passphrase=passphrase).read_bytes() != first


def test_without_and_with_a_wrong_passphrase(write, passphrase):
    path = write(passphrase=passphrase)
    with pytest.raises(PassphraseNeeded, match="is encrypted; give the passphrase"):
        open_pack(path)
    with pytest.raises(WrongPassphrase, match=r"does not open test\.glompack"):
        open_pack(path, passphrase=passphrase + "!")


def test_members_cannot_be_exchanged(write, passphrase):
    path = write(passphrase=passphrase, members={"a": b"1234", "b": b"5678"})
    with zipfile.ZipFile(path) as archive:
        stored = {name: archive.read(name) for name in archive.namelist()}
    stored["2"], stored["3"] = stored["3"], stored["2"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in stored.items():
            archive.writestr(name, content)
    with open_pack(path, passphrase=passphrase) as pack, pytest.raises(DamagedPack):
        pack.check()


def test_a_member_beyond_the_list_is_refused(write, passphrase):
    path = write(passphrase=passphrase)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("5", b"x" * 40)
    with pytest.raises(DamagedPack, match="not signed"):
        open_pack(path, passphrase=passphrase)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_chunks_fit_together_at_every_border(cheap, size):
    cipher = PackCipher("a passphrase", EncryptionHeader.fresh(cheap))
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    sealed = list(cipher.encrypt(7, [content[: size // 3], content[size // 3 :]]))
    assert all(len(chunk) == CHUNK + TAG for chunk in sealed[:-1])
    assert content_size(sum(map(len, sealed))) == size
    assert b"".join(cipher.decrypt(7, sealed, size)) == content


def test_a_member_cannot_be_cut_at_a_chunk(write, passphrase):
    path = write(passphrase=passphrase, members={"a": b"a" * (2 * CHUNK)})
    with zipfile.ZipFile(path) as archive:
        stored = {name: archive.read(name) for name in archive.namelist()}
    stored["2"] = stored["2"][: CHUNK + TAG]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in stored.items():
            archive.writestr(name, content)
    with pytest.raises(DamagedPack):
        open_pack(path, passphrase=passphrase)


@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 100 * 1024 * 1024},
        {"iterations": 1_000_000},
        {"lanes": 4096},
        {"memory_kib": 8, "lanes": 4},
        {"memory_kib": True},
        {"iterations": 1.0},
        {"salt": "00"},
        {"salt": "zz" * 16},
        {"salt": 5},
        {"cipher": "ROT13"},
        {"kdf": []},
        {"more": 1},
    ],
)
def test_a_forged_header_cannot_ask_for_much(cheap, change):
    document = json.loads(EncryptionHeader.fresh(cheap).to_bytes())
    with pytest.raises(UnsoundContent):
        read_header(canonical(document | change).encode(), "x.glompack")


def test_a_newer_encryption_is_told():
    with pytest.raises(NewerPack):
        read_header(b'{"format":2}', "x.glompack")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(json_values)
def test_any_header_is_read_or_refused(value):
    with pytest.raises(PackError):
        read_header(json.dumps(value).encode(), "x.glompack")


@given(st.dictionaries(st.sampled_from(["memory_kib", "iterations", "lanes", "salt"]), json_values))
def test_a_header_with_any_field_is_read_or_refused(change):
    document = json.loads(EncryptionHeader(KdfCost(64, 1, 1), b"s" * 16).to_bytes())
    try:
        data = canonical(document | change).encode()
    except ValueError:
        return
    with suppress(PackError):
        assert read_header(data, "x.glompack").cost.bounded
