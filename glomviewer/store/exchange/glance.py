"""What a file says it is, before anything is done with it: for dialogs and the command line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from glomviewer.store.exchange import known_keys, machine_memory
from glomviewer.store.exchange.labels import read_labels
from glomviewer.store.exchange.model_packs import read_model_payload
from glomviewer.store.exchange.reading_payload import read_payload
from glomviewer.store.exchange.returning import read_return
from glomviewer.store.packs.keys import installation_key
from glomviewer.store.packs.manifest import PackKind
from glomviewer.store.packs.opening import Pack, open_pack

_WHOSE = """
SELECT g.name, r.name FROM packs k JOIN readings g ON g.id = k.reading_id
JOIN readers r ON r.id = k.reader_id WHERE k.uuid = ?
"""


@dataclass(frozen=True, slots=True)
class PackGlance:
    """`items` are patches of a reading or decisions of labels; `sentence` says what it is. `known`
    says whether the sender's key was compared before: on this machine for a reading pack, in the
    library that looks for everything else."""

    path: Path
    kind: PackKind
    fingerprint: str
    encrypted: bool
    known: bool
    sentence: str
    title: str = ""
    reader: str = ""
    items: int = 0


def glance(path: Path, *, passphrase: str = "") -> PackGlance:
    """Look at a file; its signature is checked, its images are not.

    Raises:
        PassphraseNeeded, WrongPassphrase: it is encrypted.
        PackError: what else can be wrong with it.
    """
    with open_pack(path, passphrase=passphrase) as pack:
        title, reader, items, sentence = _told(pack, path.name)
        known = pack.signer == installation_key().public or machine_memory.knows_home(pack.signer)
        return PackGlance(
            path=path,
            kind=pack.manifest.kind,
            fingerprint=pack.fingerprint,
            encrypted=pack.encrypted,
            known=known,
            sentence=sentence,
            title=title,
            reader=reader,
            items=items,
        )


def glance_at_home(connection: Connection, path: Path, *, passphrase: str = "") -> PackGlance:
    """The same of a file that is to be merged into this library: whose it is, by what the library
    knows, and whether it knows the key for that.

    Raises:
        As `glance`.
    """
    found = glance(path, passphrase=passphrase)
    with open_pack(path, passphrase=passphrase) as pack:
        if found.kind is PackKind.READING:
            return found
        if found.kind is not PackKind.RETURN:
            known = known_keys.is_known(connection, pack.signer, known_keys.LIBRARIES)
            return replace(found, known=known)
        back = read_return(pack.manifest, path.name)
        row = connection.exec_driver_sql(_WHOSE, (back.pack,)).one_or_none()
        if row is None:
            return replace(found, known=known_keys.is_known(connection, pack.signer, back.reader))
        reading, reader = row
        end = "finished" if back.finished else "not finished yet"
        return replace(
            found,
            known=known_keys.is_known(connection, pack.signer, back.reader),
            title=reading,
            reader=reader,
            sentence=f"{reader} returns {reading}: {back.done:,} of {back.items:,} patches are "
            f"read, {end}.",
        )


def _told(pack: Pack, file: str) -> tuple[str, str, int, str]:
    """Title, reader, number of items, and a sentence."""
    kind = pack.manifest.kind
    if kind is PackKind.READING:
        reading = read_payload(pack.manifest, file)
        patches = "1 patch" if reading.items == 1 else f"{reading.items:,} patches"
        sentence = f"{reading.name}: {patches} for {reading.reader.name}."
        return reading.name, reading.reader.name, reading.items, sentence
    if kind is PackKind.RETURN:
        back = read_return(pack.manifest, file)
        end = "finished" if back.finished else "not finished"
        sentence = f"A return: {back.done:,} of {back.items:,} patches are read, {end}."
        return "", "", back.items, sentence
    if kind is PackKind.LABELS:
        decisions = read_labels(pack.manifest, file).decisions
        return "", "", decisions, f"Labels of another library: {decisions:,} decisions."
    model = read_model_payload(pack, file)
    return model.title, "", 1, f"The model {model.title}."
