"""Finding patches of a library by the names that people write."""

from __future__ import annotations

from collections.abc import Iterable

from glomviewer.store.file_index import FileIndex
from glomviewer.store.library import Library


class PatchNames:
    """All patches by path and name, with or without extension, as of now."""

    def __init__(self, library: Library) -> None:
        with library.read() as connection:
            # In an order that tells no path, as that of an index would.
            rows = connection.exec_driver_sql(
                "SELECT patch_id, root_id, path FROM files ORDER BY patch_id"
            ).all()
        self._patches = {f"{root}/{path}": int(patch) for patch, root, path in rows}
        self._index = FileIndex(self._patches)

    def find(self, name: str, *, path: str = "") -> list[int]:
        """The patches that a name may mean; `path` (relative to a root) decides between several."""
        found = self._index.find(name)
        if len(found) > 1 and path:
            found = [key for key in found if key.split("/", 1)[1] == path] or found
        return [self._patches[key] for key in found]


def patches_by_name(library: Library, names: Iterable[str]) -> dict[str, list[int]]:
    """The patches that each of these names may mean."""
    wanted = list(names)
    if not wanted:
        return {}
    known = PatchNames(library)
    return {name: known.find(name) for name in wanted}
