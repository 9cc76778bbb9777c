"""The library's methods about packs: what goes out to other machines, and what comes back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.changes import Changes
from glomviewer.store import clock, journal, readings
from glomviewer.store.call_knowledge import KEPT_BACK
from glomviewer.store.errors import Refused
from glomviewer.store.exchange import (
    known_keys,
    labels,
    machine_memory,
    model_packs,
    pack_library,
    reading_source,
    returning,
    taking_in,
    writing,
)
from glomviewer.store.exchange.glance import PackGlance, glance_at_home
from glomviewer.store.exchange.known_keys import KnownKey
from glomviewer.store.exchange.merged import MergedPack
from glomviewer.store.exchange.pack_library import PackLibrary
from glomviewer.store.exchange.reading_packs import Home, ReadingPackContent
from glomviewer.store.exchange.taking_in import Incoming
from glomviewer.store.exchange.watching import UNWATCHED, Watching
from glomviewer.store.exchange.writing import Outgoing, WrittenPack
from glomviewer.store.import_values import ImportCancelled
from glomviewer.store.journal import Act, program_version
from glomviewer.store.library_journal import JournalMethods, merge_changes
from glomviewer.store.library_models import ModelMethods
from glomviewer.store.made_knowing import KNOWN
from glomviewer.store.packs.errors import PackCancelled, PassphraseNeeded, WrongKind
from glomviewer.store.packs.keys import installation_key
from glomviewer.store.packs.manifest import PackKind
from glomviewer.store.packs.opening import open_pack
from glomviewer.store.packs.writing import Member, PackHead, write_pack


class PackMethods(ModelMethods, JournalMethods):
    def pack_library(self) -> PackLibrary | None:
        """What this library remembers about the pack that it was opened from; None for others."""
        with self.read(unblinded=True) as connection:
            return pack_library.pack_library(connection)

    def known_keys(self) -> list[KnownKey]:
        with self.read(unblinded=True) as connection:
            return known_keys.known_keys(connection)

    def withdraw_key(self, fingerprint: str, *, reason: str, by: int | None = None) -> Changes:
        """Know a key no longer: what is signed with it has to be compared again before it is
        taken in. What was taken in stays.

        Raises:
            Refused: no reason is given.
            UnknownRecord: no such key is known here.
        """
        if not reason.strip():
            raise Refused("Say why the key is no longer to be known; it is kept in the journal.")
        with self.write() as connection:
            key = known_keys.withdraw(connection, fingerprint)
            self.note(
                connection,
                Act.PACK,
                f"key of {key.name} withdrawn",
                reader=by,
                fingerprint=key.fingerprint,
                subjects=sorted(key.subjects),
                why=reason.strip(),
            )
        if known_keys.HOME in key.subjects:
            machine_memory.forget_home(key.fingerprint)
        return Changes(
            packs=True,
            sentence=f"The key {key.fingerprint} of {key.name} is no longer known here; what it "
            "signs is refused until it has been compared again.",
        )

    def glance_at_pack(self, path: Path, *, passphrase: str = "") -> PackGlance | None:
        """What a file says it is, before it is merged; None where it needs a passphrase.

        Raises:
            WrongPassphrase, PackError: it can't be used.
        """
        with self.read(unblinded=True) as connection:
            try:
                return glance_at_home(connection, path, passphrase=passphrase)
            except PassphraseNeeded:
                return None

    def export_reading_pack(
        self,
        *,
        reading: int,
        reader: int,
        target: Path,
        passphrase: str = "",
        by: int | None = None,
        watching: Watching = UNWATCHED,
    ) -> WrittenPack:
        """Write the pack of one reader of a reading: his patches, the protocol, and nothing that
        an independent reader must not know.

        Raises:
            Refused: he has finished, the reading is closed, or an image can't be read.
            PackUnwritable: the disk refuses, or the passphrase is too short.
            PackCancelled: nothing is left behind.
        """
        self._refuse_in_a_pack("packs are written")
        key = installation_key()
        with self.write() as connection:
            of = readings.reading(connection, reading)
            if not of.protocol.independent:
                self.refuse_while_blinded("Writing a pack of an open reading")
            reading_source.refuse_what_is_over(of, reader)
            source = reading_source.read_source(connection, self.paths, of, reader)
            at = journal.next_clock(connection) - 1
            home = Home(self.uuid, self.label_set, at, journal.heads(connection))
        content = ReadingPackContent(source, home, encrypted=bool(passphrase))

        def kept(connection: Connection, pack: str) -> Mapping[str, Any]:
            known = reading_source.known_items(connection, source, reader)
            connection.exec_driver_sql(
                "UPDATE reading_items SET sent_hash = ? WHERE id = ?",
                [(hashed, item) for item, hashed in content.sent.items()],
            )
            writing.keep_pack(
                connection,
                pack,
                PackKind.READING,
                fingerprint=key.fingerprint,
                reading=reading,
                reader=reader,
                note=target.name,
            )
            lists = {KNOWN: known, KEPT_BACK: list(source.kept_back)}
            return {name: items for name, items in lists.items() if items}

        outgoing = Outgoing(
            PackKind.READING,
            content.payload(),
            content.members(),
            len(source.items),
            f"reading pack of {of.name} written",
            {"reading": of.uuid, "for_reader": source.reader.uuid, "items": len(source.items)},
            kept,
        )
        told = f"{len(source.items):,} patches for {source.reader.name} are in {target.name}."
        if source.name != of.name:
            told += (
                f" The reading is called {source.name} in it, since its name could lead to a "
                "patient."
            )
        return self._send(outgoing, target, told, passphrase, by, watching, "Writing patches")

    def export_return(
        self,
        *,
        target: Path,
        passphrase: str = "",
        by: int | None = None,
        watching: Watching = UNWATCHED,
    ) -> WrittenPack:
        """Write what was decided in this pack's library so far, to be merged at home.

        Raises:
            Refused: this library was not opened from a pack.
            PackUnwritable, PackCancelled: as above.
        """
        self.refuse_unless_writable()
        with self.read(unblinded=True) as connection:
            of = pack_library.pack_library(connection)
            if of is None:
                raise Refused(
                    "This library was not opened from a reading pack, so there is nothing to "
                    "return; labels go to another library as an export of labels."
                )
            source = returning.return_source(connection, of, self.folder)
        images = returning.images_now(source, watching)
        payload = source.payload
        outgoing = Outgoing(
            PackKind.RETURN,
            payload.to_json(),
            (Member(returning.JOURNAL, self.export_log()), Member(returning.IMAGES, images)),
            payload.items,
            f"decisions of {source.reading.name} returned",
            {"answers": of.pack, "done": payload.done, "items": payload.items},
        )
        told = f"{payload.done:,} of {payload.items:,} patches are read"
        told += (
            f"; the return is {target.name}."
            if payload.finished
            else f" and the reading is not finished; the return is {target.name}. It can be "
            "returned again."
        )
        return self._send(outgoing, target, told, passphrase, by, watching, "Writing the return")

    def export_labels(
        self,
        *,
        target: Path,
        passphrase: str = "",
        by: int | None = None,
        watching: Watching = UNWATCHED,
    ) -> WrittenPack:
        """Write the whole log of this library, for another one that holds the same patches.

        Raises:
            Refused: there are decisions about patches that nobody else could tell, or the viewer
                still reads independently.
            PackUnwritable, PackCancelled: as above.
        """
        self.refuse_unless_writable()
        self.refuse_while_blinded("Writing labels for another library")
        with self.read(unblinded=True) as connection:
            payload = labels.labels_payload(connection, self.uuid, self.label_set)
            lists = labels.readings_to_bytes(connection)
            telling = labels.patient_like_texts(connection)
        outgoing = Outgoing(
            PackKind.LABELS,
            payload.to_json(),
            (Member(returning.JOURNAL, self.export_log()), Member(labels.READINGS, lists)),
            payload.decisions,
            "labels written for another library",
            {"decisions": payload.decisions},
        )
        told = f"{payload.decisions:,} decisions are in {target.name}."
        if telling:
            told += (
                f" {telling:,} of its titles and comments look like a patient's name or number and "
                "can't be replaced in a chained log: send it to nobody outside."
            )
        return self._send(outgoing, target, told, passphrase, by, watching, "Writing labels")

    def export_model_pack(
        self,
        *,
        model: str,
        target: Path,
        passphrase: str = "",
        by: int | None = None,
        watching: Watching = UNWATCHED,
    ) -> WrittenPack:
        """Write a model with the threshold that it has now, for another library.

        Raises:
            Refused: its weights are not here, or its card says what may name a patient.
            PackUnwritable, PackCancelled: as above.
        """
        record, folder = self.model(model), self.paths.model(model)
        model_packs.check_model_files(record, folder)
        with self.write() as connection:
            card = model_packs.sent_card(connection, record, folder)
        title = f"{card.name} · {card.version}"
        outgoing = Outgoing(
            PackKind.MODEL,
            model_packs.ModelPayload(self.uuid, record.id, title, record.threshold).to_json(),
            model_packs.model_members(card, folder),
            1,
            f"{record.title} written for another library",
            {"model": record.id, "data_hash": card.data_hash},
        )
        told = f"{title} is in {target.name}."
        return self._send(outgoing, target, told, passphrase, by, watching, "Writing the model")

    def merge_pack(
        self,
        path: Path,
        *,
        passphrase: str = "",
        trust: str = "",
        by: int | None = None,
        watching: Watching = UNWATCHED,
    ) -> tuple[MergedPack, Changes]:
        """Take in a return, another library's labels, or a model, whichever the file is. `trust`
        is the fingerprint that was compared with its sender's, needed once for each.

        Raises:
            UnknownKey, OtherKey, OtherPack, AlteredImages, Refused: nothing was changed.
            PackCancelled: nothing was changed.
            PackError: what else can be wrong with the file.
        """
        self.refuse_unless_writable()
        self._refuse_in_a_pack("files are merged")
        with open_pack(path, passphrase=passphrase) as pack:
            kind = pack.manifest.kind
            if kind is PackKind.READING:
                raise WrongKind(
                    f"{path.name} is a reading pack; open it, which makes a library of it, "
                    "instead of merging it."
                )
            incoming = Incoming(pack, path.name, trust, self._origin[0], by, watching)
            try:
                if kind is PackKind.MODEL:
                    return self._take_in_model(incoming)
                with self.write() as connection:
                    if kind is PackKind.RETURN:
                        found = taking_in.take_in_return(connection, incoming)
                    else:
                        found = taking_in.take_in_labels(connection, incoming, self.label_set)
            except ImportCancelled as error:
                raise PackCancelled from error
        return found, merge_changes(found.report) | Changes(packs=True, sentence=found.sentence)

    def _send(
        self,
        outgoing: Outgoing,
        target: Path,
        told: str,
        passphrase: str,
        by: int | None,
        watching: Watching,
        stage: str,
    ) -> WrittenPack:
        """Write the pack and take note of it; neither happens without the other."""
        if outgoing.kind is not PackKind.RETURN:
            self._refuse_in_a_pack("labels and models are sent")
        key, pack, encrypted = installation_key(), uuid.uuid4().hex, bool(passphrase)
        head = PackHead(outgoing.kind, pack, clock.now(), program_version(), outgoing.payload)
        total = outgoing.items if outgoing.kind is PackKind.READING else 0
        watching.progress(0, total, stage)
        with writing.drafted(target) as draft:
            write_pack(
                draft,
                head,
                outgoing.members,
                key,
                passphrase=passphrase,
                progress=lambda done: watching.progress(min(done, total), total, stage),
                cancelled=watching.cancelled,
            )
            with self.write() as connection:
                further = outgoing.kept(connection, pack)
                self.note(
                    connection,
                    Act.PACK,
                    outgoing.title,
                    reader=by,
                    pack=pack,
                    kind=outgoing.kind.value,
                    signed_by=key.fingerprint,
                    encrypted=encrypted,
                    **outgoing.facts,
                    **further,
                )
                writing.put_in_place(draft, target, watching)
        return WrittenPack(
            path=target,
            kind=outgoing.kind,
            uuid=pack,
            items=outgoing.items,
            fingerprint=key.fingerprint,
            encrypted=encrypted,
            sentence=writing.telling(told, key.fingerprint, encrypted=encrypted),
        )

    def _refuse_in_a_pack(self, what: str) -> None:
        with self.read(unblinded=True) as connection:
            pack_library.refuse_what_is_done_at_home(connection, what)

    def _take_in_model(self, incoming: Incoming) -> tuple[MergedPack, Changes]:
        """A model becomes a candidate here, and nothing more."""
        pack = incoming.pack
        payload = model_packs.read_model_payload(pack, incoming.file)
        with self.write() as connection:
            trusted = taking_in.trust_key(
                connection, incoming, known_keys.LIBRARIES, taking_in.SENDER
            )
        changes = Changes(packs=True)
        if any(model.id == payload.model for model in self.models()):
            sentence = f"{payload.title} is in this library already; nothing was changed."
        else:
            target = self.paths.model(payload.model)
            card = model_packs.take_out(pack, payload, target, incoming.file, incoming.watching)
            changes |= self.add_model(target, card, activate=False)
            sentence = (
                f"{payload.title} is in this library now as a candidate; it becomes active only "
                "when somebody promotes it."
            )
        with self.write() as connection:
            writing.keep_pack(
                connection, pack.manifest.uuid, PackKind.MODEL, fingerprint=pack.fingerprint
            )
        found = MergedPack(
            kind=PackKind.MODEL,
            file=incoming.file,
            fingerprint=pack.fingerprint,
            sentences=(sentence,),
            trusted=trusted,
            model=payload.model,
        )
        return found, changes | Changes(packs=True, sentence=sentence)
