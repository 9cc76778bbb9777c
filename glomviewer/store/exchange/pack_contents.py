"""Filling a new library with what a reading pack holds."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from glomviewer.store import adding, clock, journal, pending, roots, sealed_calls
from glomviewer.store.adding import NewPatch
from glomviewer.store.exchange import known_keys, pack_library
from glomviewer.store.exchange.pack_library import PackLibrary
from glomviewer.store.exchange.reading_payload import (
    CALLS,
    ITEMS,
    PackedItem,
    ReadingPayload,
    picture_name,
    read_calls,
    read_items,
)
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.installation import current_origin, installation_id, start_origin
from glomviewer.store.journal import Act
from glomviewer.store.opened import OpenLibrary
from glomviewer.store.packs.opening import Pack

_FOLDER = "pack"


def fill(
    library: OpenLibrary, pack: Pack, payload: ReadingPayload, file: str, watching: Watching
) -> None:
    """Copy the pictures into a library that is still empty and write down reading and items.

    Raises:
        PackCancelled, PackError: the library must be thrown away.
    """
    items = read_items(pack.read(ITEMS), payload, file)
    calls = read_calls(pack.read(CALLS), items, file) if payload.secret else {}
    images = library.paths.images / _FOLDER
    images.mkdir(parents=True)
    digests = {entry.name: entry.sha256 for entry in pack.manifest.members}
    patches: list[NewPatch] = []
    for place, item in enumerate(items):
        watching.check()
        watching.progress(place, len(items), "Taking out patches")
        name = f"patch-{place + 1:0{max(4, len(str(len(items))))}d}.png"
        member = picture_name(place)
        pack.copy(member, images / name, durable=False)
        patches.append(_patch(images / name, digests[member], item))
    with library.write() as connection:
        root = roots.add_root(connection, images, library=library.folder)
        added = adding.add_patches(connection, patches, root=root)
        # A patch that comes again must not be known by its pixels either.
        connection.exec_driver_sql("UPDATE patches SET duplicate_of = NULL")
        reading = _add_reading(connection, payload, items, added.ids)
        if payload.secret:
            sealed_calls.keep(connection, payload.reading, payload.secret, calls)
        pending.begin(connection, reading)
        _remember(connection, pack, payload)


def _patch(picture: Path, sha256: str, item: PackedItem) -> NewPatch:
    status = picture.stat()
    return NewPatch(
        path=picture.name,
        name=picture.name,
        sha256=sha256,
        pixel_hash=item.pixel_hash,
        width=item.width,
        height=item.height,
        bytes=status.st_size,
        modified_ns=status.st_mtime_ns,
        microns_per_pixel=item.microns_per_pixel,
        case=item.case,
    )


def _add_reading(
    connection: Connection,
    payload: ReadingPayload,
    items: list[PackedItem],
    patches: tuple[int, ...],
) -> int:
    who = payload.reader
    connection.exec_driver_sql(
        "INSERT INTO readers (id, uuid, name, initials, passphrase, added_at) "
        "VALUES (1, ?, ?, ?, ?, ?)",
        (who.uuid, who.name, who.initials, payload.passphrase, clock.now()),
    )
    connection.exec_driver_sql(
        "INSERT INTO readings (id, uuid, name, protocol, created_at, zone) "
        "VALUES (1, ?, ?, ?, ?, ?)",
        (
            payload.reading,
            payload.name,
            payload.protocol.to_json(),
            payload.created_at,
            payload.zone,
        ),
    )
    connection.exec_driver_sql("INSERT INTO reading_readers (reading_id, reader_id) VALUES (1, 1)")
    connection.exec_driver_sql(
        "INSERT INTO reading_items (uuid, reading_id, reader_id, place, patch_id, turn, sent_hash) "
        "VALUES (?, 1, 1, ?, ?, 0, ?)",
        [
            (item.uuid, place, patch, item.pixel_hash)
            for place, (item, patch) in enumerate(zip(items, patches, strict=True))
        ],
    )
    return 1


def _remember(connection: Connection, pack: Pack, payload: ReadingPayload) -> None:
    known_keys.trust(connection, pack.signer, known_keys.HOME, "the pack's sender")
    pack_library.keep(
        connection,
        PackLibrary(
            pack=pack.manifest.uuid,
            home=payload.home,
            fingerprint=pack.fingerprint,
            reading=payload.reading,
            reader=payload.reader.uuid,
        ),
    )
    installation = installation_id()
    origin = current_origin(connection, installation) or start_origin(connection, installation)
    journal.write(
        connection,
        origin[0],
        Act.PACK,
        f"reading pack of {payload.name} opened",
        reader=1,
        body={
            "pack": pack.manifest.uuid,
            "signed_by": pack.fingerprint,
            "digest": pack.digest,
            "home": payload.home,
            "heads": [list(head) for head in payload.heads],
            "reading": payload.reading,
            "items": payload.items,
        },
        after=payload.clock,
    )
