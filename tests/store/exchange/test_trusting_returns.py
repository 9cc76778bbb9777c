"""Whose files are taken in, and what is refused because it is not what was sent."""

import shutil

import pytest
from read_elsewhere import read_elsewhere

from glomviewer.store.errors import Refused
from glomviewer.store.exchange.errors import AlteredImages, OtherKey, OtherPack, UnknownKey
from glomviewer.store.packs.errors import (
    PackError,
    PassphraseNeeded,
    WrongPassphrase,
)

PASSPHRASE = "a wet Tuesday in March"


def test_the_key_is_compared_once_for_each_reader(lab, laptop):
    reading = lab.reading()
    back = read_elsewhere(lab, laptop, reading, lab.bob)
    before = lab.labels(), lab.acts(but=())
    with pytest.raises(UnknownKey) as unknown:
        lab.merge(back)
    assert unknown.value.fingerprint == laptop.fingerprint
    assert "Bob Reader" in str(unknown.value)
    with pytest.raises(OtherKey):
        lab.merge(back, trust=lab.fingerprint)
    assert (lab.labels(), lab.acts(but=())) == before
    found, _ = lab.merge(back, trust=laptop.fingerprint.replace("-", " ").lower())
    assert found.trusted
    ann = read_elsewhere(lab, laptop, reading, lab.ann)
    with pytest.raises(UnknownKey):
        lab.merge(ann)


def test_a_return_to_another_library_is_refused(lab, laptop, tmp_path):
    back = read_elsewhere(lab, laptop, lab.reading(), lab.bob)
    elsewhere = type(lab)(tmp_path / "another lab")
    with pytest.raises(OtherPack, match="another library"):
        elsewhere.merge(back, trust=laptop.fingerprint)
    elsewhere.library.close()


def test_altered_images_are_found_and_counted(lab, laptop):
    reading = lab.reading()
    with laptop.open(lab.pack(reading, lab.bob)) as library:
        laptop.read(library)
        pictures = sorted((library.folder / "images" / "pack").iterdir())
        shutil.copy(pictures[1], pictures[0])
        pictures[2].unlink()
        back = laptop.write_return(library)
    before = lab.labels(), lab.acts(but=())
    with pytest.raises(AlteredImages, match="1 image is not as"):
        lab.merge(back, trust=laptop.fingerprint)
    assert (lab.labels(), lab.acts(but=())) == before


def test_an_image_that_is_gone_is_told_and_no_hindrance(lab, laptop):
    reading = lab.reading()
    with laptop.open(lab.pack(reading, lab.bob)) as library:
        laptop.read(library)
        sorted((library.folder / "images" / "pack").iterdir())[2].unlink()
        back = laptop.write_return(library)
    found, _ = lab.merge(back, trust=laptop.fingerprint)
    assert found.missing == 1 and "1 image was no longer there" in found.sentence


def test_a_return_that_was_tampered_with_is_refused(lab, laptop):
    back = read_elsewhere(lab, laptop, lab.reading(), lab.bob)
    data = back.read_bytes()
    before = lab.labels()
    for place in range(100, len(data), len(data) // 15):
        back.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises((PackError, Refused)):
            lab.merge(back, trust=laptop.fingerprint)
    assert lab.labels() == before


def test_acts_of_another_reader_in_a_return_are_refused(lab, laptop):
    reading = lab.reading()
    with laptop.open(lab.pack(reading, lab.bob)) as library:
        laptop.read(library)
        with lab.library.read() as connection:
            ann = connection.exec_driver_sql(
                "SELECT uuid FROM readers WHERE id = ?", (lab.ann,)
            ).scalar_one()
        with library.write() as connection:
            connection.exec_driver_sql(
                "INSERT INTO readers (id, uuid, name, initials, added_at) "
                "VALUES (9, ?, 'Ann', 'A', 1)",
                (ann,),
            )
        library.decide(reader=9, patches=[1], label=1)
        back = laptop.write_return(library)
    with pytest.raises(Refused, match="another reader"):
        lab.merge(back, trust=laptop.fingerprint)


def test_a_passphrase_locks_pack_and_return(lab, laptop):
    pack = lab.pack(lab.reading(), lab.bob, passphrase=PASSPHRASE)
    with pytest.raises(PassphraseNeeded):
        laptop.open(pack)
    with pytest.raises(WrongPassphrase):
        laptop.open(pack, passphrase="another one entirely")
    with laptop.open(pack, passphrase=PASSPHRASE) as library:
        laptop.read(library)
        back = laptop.write_return(library, passphrase=PASSPHRASE)
    with pytest.raises(PassphraseNeeded):
        lab.merge(back)
    found, _ = lab.merge(back, passphrase=PASSPHRASE, trust=laptop.fingerprint)
    assert found.finished


def test_a_sender_is_compared_once_on_a_machine(lab, laptop):
    reading = lab.reading()
    pack = lab.pack(reading, lab.bob)
    with pytest.raises(UnknownKey, match=lab.fingerprint):
        laptop.open(pack, trust="")
    with pytest.raises(OtherKey):
        laptop.open(pack, trust=laptop.fingerprint)
    laptop.open(pack).close()
    laptop.open(lab.pack(reading, lab.ann), trust="").close()


def test_what_a_withdrawn_key_signs_has_to_be_compared_again(lab, laptop):
    reading = lab.reading()
    with laptop.open(lab.pack(reading, lab.bob)) as library:
        laptop.read(library, [1], finish=False)
        lab.merge(laptop.write_return(library, "first.glomreturn"), trust=laptop.fingerprint)
        laptop.read(library)
        back = laptop.write_return(library)
    lab.library.withdraw_key(laptop.fingerprint, reason="the laptop was stolen", by=lab.ann)
    with pytest.raises(UnknownKey):
        lab.merge(back)
    assert lab.merge(back, trust=laptop.fingerprint)[0].trusted


def test_a_reader_s_own_passphrase_goes_along_in_an_encrypted_pack_alone(lab, laptop, other_laptop):
    lab.library.set_passphrase(lab.bob, "", "correct horse")
    reading = lab.reading()
    plain = lab.pack(reading, lab.bob, "plain.glompack")
    with laptop.open(plain) as library:
        assert not library.readers()[0].locked
    locked = lab.pack(reading, lab.bob, "locked.glompack", passphrase=PASSPHRASE)
    with other_laptop.open(locked, passphrase=PASSPHRASE) as library:
        (bob,) = library.readers()
        assert bob.locked and library.check_passphrase(bob.id, "correct horse")
        assert not library.check_passphrase(bob.id, PASSPHRASE)
