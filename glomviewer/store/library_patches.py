"""The library's methods about patches: adding, looking up, where their files lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from glomviewer.domain.changes import Changes
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.patch_table import PatchTable
from glomviewer.domain.records import Decision, Patch
from glomviewer.domain.splits import Shares
from glomviewer.store import (
    adding,
    file_checks,
    pending,
    reading,
    roots,
    settings,
    sight,
    splitting,
    table,
)
from glomviewer.store.adding import NewPatch
from glomviewer.store.decisions import NAMED_AT_MOST
from glomviewer.store.exchange.pack_library import refuse_what_is_done_at_home
from glomviewer.store.image_file import ImageFile
from glomviewer.store.journal import Act
from glomviewer.store.opened import OpenLibrary
from glomviewer.store.roots import Root


class PatchMethods(OpenLibrary):
    def add_patches(
        self, rows: Iterable[NewPatch], *, root: Path, shares: Shares | None = None
    ) -> Changes:
        """Add patches that lie below `root`; what is there already is left as it is. With
        `shares`, splits are assigned at once."""
        self.refuse_while_blinded("Adding patches")
        with self.write() as connection:
            refuse_what_is_done_at_home(connection, "patches are imported")
            root_id = roots.add_root(connection, root, library=self.folder)
            added = adding.add_patches(connection, rows, root=root_id)
            pending.extend(connection)
            assigned = 0
            if shares is not None:
                assigned = splitting.assign(connection, shares=shares).assigned
            if added.ids:
                self.note(
                    connection,
                    Act.IMPORT,
                    f"{len(added.ids):,} patches added",
                    patches=len(added.ids),
                    known=added.known,
                    duplicates=added.duplicates,
                    splits=assigned,
                )
        sentence = f"{len(added.ids):,} patches added."
        if added.known:
            sentence += f" {added.known:,} were in the library already."
        if added.duplicates:
            sentence += f" {added.duplicates:,} are duplicates of others."
        return Changes(
            patches=added.ids if len(added.ids) <= NAMED_AT_MOST else (),
            all_patches=bool(added.ids),
            files=bool(added.ids),
            labels=bool(added.ids),
            splits=bool(added.ids),
            sentence=sentence,
        )

    def assign_splits(self, shares: Shares | None = None) -> Changes:
        """Assign every patch that has no split yet, for good."""
        with self.write() as connection:
            report = splitting.assign(connection, shares=shares)
            if report.assigned:
                self.note(
                    connection,
                    Act.SETTING,
                    f"splits of {report.assigned:,} patches assigned",
                    assigned=report.assigned,
                    shares=None if shares is None else list(shares),
                )
        sentence = f"{report.assigned:,} patches were given their split."
        return Changes(
            all_patches=report.assigned > 0,
            splits=report.assigned > 0,
            sentence=" ".join((sentence, *report.warnings)),
        )

    def load_table(self, reader: int | None) -> PatchTable:
        with self.read() as connection:
            return table.load_table(connection, reader, self.label_set.targets())

    def refresh_rows(
        self, patch_table: PatchTable, patches: Sequence[int], reader: int | None
    ) -> None:
        with self.read() as connection:
            table.refresh_rows(connection, patch_table, patches, reader)

    def patch(self, patch: int) -> Patch:
        return self.patches([patch])[0]

    def patches(self, ids: Sequence[int]) -> list[Patch]:
        with self.read() as connection:
            return reading.patches(connection, self.folder, ids)

    def paths_of(self, ids: Iterable[int]) -> dict[int, str]:
        with self.read() as connection:
            return reading.paths_of(connection, self.folder, ids)

    def image_sources_of(self, ids: Iterable[int]) -> dict[int, ImageFile]:
        """The file of each: what showing a patch needs, and no more. Those of patches that the
        viewer still reads independently tell nobody where they are."""
        wanted = list(ids)
        with self.read(unblinded=True) as connection:
            hidden: set[int] = set()
            if self.viewer is not None:
                hidden = sight.hidden_patches(connection, self.viewer, wanted)
            return reading.image_files_of(connection, self.folder, wanted, hidden)

    def names_of(self, ids: Iterable[int]) -> dict[int, str]:
        with self.read() as connection:
            return reading.names_of(connection, ids)

    def history(self, patch: int) -> list[Decision]:
        with self.read() as connection:
            return reading.history(connection, patch, self.label_set)

    def roots(self) -> list[Root]:
        with self.read() as connection:
            return roots.list_roots(connection, self.folder)

    def repoint_root(self, root: int, folder: Path) -> Changes:
        with self.write() as connection:
            old = roots.root_folders(connection, self.folder).get(root)
            roots.repoint(connection, root, folder)
            self.note(
                connection,
                Act.SETTING,
                "folder of images moved",
                root=root,
                old=str(old),
                new=str(folder.absolute()),
            )
        return Changes(files=True, all_patches=True, sentence=f"Images are read from {folder} now.")

    def check_files(
        self,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Changes:
        """Look for files that are missing or have changed; `progress` takes (done, total)."""
        self.refuse_unless_writable()
        # Of where files lie only their number is told.
        with self.read(unblinded=True) as connection:
            found = file_checks.look(
                connection, self.folder, progress=progress, cancelled=cancelled
            )
        if found:
            with self.write() as connection:
                file_checks.write(connection, found)
        missing = sum(one.state == file_checks.MISSING for one in found)
        changed = sum(one.state == file_checks.CHANGED for one in found)
        return Changes(
            patches=tuple(one.patch for one in found) if len(found) <= NAMED_AT_MOST else (),
            all_patches=len(found) > NAMED_AT_MOST,
            files=bool(found),
            sentence=f"Files looked for: {missing:,} newly missing, {changed:,} newly changed.",
        )

    def setting(self, key: str, default: Any = None) -> Any:
        """A value that was set under this key, else the default."""
        with self.read() as connection:
            return settings.value(connection, key, default)

    def set_setting(self, key: str, value: Any) -> Changes:
        """Keep a value that JSON can hold."""
        with self.write() as connection:
            old = settings.value(connection, key, None)
            settings.set_value(connection, key, value)
            if old != value:
                self.note(connection, Act.SETTING, f"setting {key}", key=key, old=old, new=value)
        return Changes(settings=True)

    def saved_filters(self) -> dict[str, PatchQuery]:
        with self.read() as connection:
            return settings.saved_filters(connection)

    def save_filter(self, name: str, query: PatchQuery) -> Changes:
        with self.write() as connection:
            settings.save_filter(connection, name, query)
        return Changes(settings=True, sentence=f"The filter {name} was saved.")

    def delete_filter(self, name: str) -> Changes:
        with self.write() as connection:
            settings.delete_filter(connection, name)
        return Changes(settings=True, sentence=f"The filter {name} was deleted.")
