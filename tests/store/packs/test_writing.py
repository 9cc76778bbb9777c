"""Writing leaves a whole pack or nothing."""

import hashlib
import json
import zipfile

import pytest

from glomviewer.store.packs.errors import PackCancelled, PackUnwritable
from glomviewer.store.packs.opening import open_pack
from glomviewer.store.packs.writing import Member, write_pack


def test_what_is_written_is_read(write, members, key, head):
    with open_pack(write()) as pack:
        assert {name: pack.read(name) for name in pack.names} == members
        assert pack.names == list(members)
        assert pack.signer == key.public
        assert pack.fingerprint == key.fingerprint
        assert pack.manifest.payload == head.payload
        assert (pack.manifest.kind, pack.manifest.uuid) == (head.kind, head.uuid)
        assert (pack.manifest.made_at, pack.manifest.program) == (head.made_at, head.program)
        pack.check()


def test_the_same_input_gives_the_same_bytes(write):
    assert write("a.glompack").read_bytes() == write("b.glompack").read_bytes()


def test_the_table_of_contents_is_plain_to_any_unzip(write, members):
    with zipfile.ZipFile(write()) as archive:
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())
        document = json.loads(archive.read("pack.json"))
    assert document["members"] == [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in members.items()
    ]


def test_members_stream_from_files_and_iterators(tmp_path, key, head):
    weights = tmp_path / "weights"
    weights.write_bytes(b"w" * 3_000_000)
    asked = []

    def content():
        for number in range(3):
            asked.append(number)
            yield bytes([number]) * 700_000

    def stream():
        yield Member("weights.safetensors", weights)
        assert asked == []
        yield Member("rows", content())
        assert asked == [0, 1, 2]

    path = tmp_path / "m.glommodel"
    write_pack(path, head, stream(), key)
    with open_pack(path) as pack:
        assert pack.read("weights.safetensors") == b"w" * 3_000_000
        assert (
            hashlib.sha256(pack.read("rows")).digest()
            == hashlib.sha256(b"".join(bytes([n]) * 700_000 for n in range(3))).digest()
        )


def test_the_payload_may_be_known_only_at_the_end(tmp_path, key, new_head):
    payload = {}

    def stream():
        yield Member("a", b"a")
        payload["count"] = 1

    path = tmp_path / "a.glompack"
    write_pack(path, new_head(payload=payload), stream(), key)
    with open_pack(path) as pack:
        assert pack.manifest.payload == {"count": 1}


def failing():
    yield b"a" * 100
    raise ZeroDivisionError


@pytest.mark.parametrize("locked", [False, True])
def test_a_failed_write_leaves_what_was_there(
    write, tmp_path, key, head, passphrase, cheap, locked
):
    path = write()
    before = path.read_bytes()
    options = {"passphrase": passphrase, "cost": cheap} if locked else {}
    with pytest.raises(ZeroDivisionError):
        write_pack(path, head, [Member("a", failing())], key, **options)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("after", range(6))
def test_a_cancelled_write_leaves_nothing(write, tmp_path, members, after):
    asked = iter(range(100))
    with pytest.raises(PackCancelled):
        write(cancelled=lambda: next(asked) >= min(after, 2))
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_members(write):
    told = []
    write(progress=told.append)
    assert told == [1, 2, 3]


def test_a_folder_that_is_not_there_is_told(tmp_path, key, head):
    with pytest.raises(PackUnwritable, match=r"^x.glompack could not be written .*try again\.$"):
        write_pack(tmp_path / "none" / "x.glompack", head, [], key)


def test_a_missing_file_of_a_member_is_told_without_its_name(tmp_path, key, head):
    with pytest.raises(PackUnwritable) as told:
        write_pack(tmp_path / "x.glompack", head, [Member("a", tmp_path / "S23-12345")], key)
    assert "S23" not in str(told.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../a",
        "/a",
        "a/../b",
        "a//b",
        "a\\b",
        "C:a",
        "a:stream",
        "nul.png",
        "patches/COM1",
        "a.",
        "a ",
        ".hidden",
        "ä",
        "pack.json",
        "Signature.JSON",
        "encryption.json",
        "a\n",
    ],
)
def test_names_that_could_land_elsewhere_are_never_written(tmp_path, key, head, name):
    with pytest.raises(ValueError, match="the member"):
        write_pack(tmp_path / "x.glompack", head, [Member(name, b"")], key)
    assert list(tmp_path.iterdir()) == []


def test_two_members_cannot_have_one_name(tmp_path, key, head):
    with pytest.raises(ValueError, match="is there twice"):
        write_pack(tmp_path / "x.glompack", head, [Member("a", b""), Member("A", b"")], key)


def test_a_short_passphrase_is_refused(write, tmp_path):
    with pytest.raises(PackUnwritable, match="at least 8 characters"):
        write(passphrase="short")
    assert list(tmp_path.iterdir()) == []
