"""What each table looks like to a reader who still reads some patches independently.

A temporary view of the same name stands before each table, so that any query, also one that is
written later, sees of such a patch nothing but its size and where its pixels are. Each column and
each table has to be named here; a test says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

HIDDEN = "temp.hidden"
"""A table of the patches that the viewer still reads independently, kept by `sight`."""

TABLES = (
    "CREATE TEMP TABLE hidden (patch_id INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE hidden_numbers (patch_id INTEGER PRIMARY KEY, number INTEGER)",
)
FILL = (
    "DELETE FROM temp.hidden",
    "DELETE FROM temp.hidden_numbers",
    "INSERT INTO temp.hidden_numbers (patch_id, number) SELECT patch_id, min(number) "
    "FROM main.pending WHERE reader_id = {viewer} GROUP BY patch_id",
    "INSERT INTO temp.hidden (patch_id) SELECT patch_id FROM temp.hidden_numbers",
)
"""A query looks each patch up there several times; in `pending` that would take far longer."""

_PENDING_READINGS = "(SELECT reading_id FROM main.pending WHERE reader_id = {viewer})"
_NUMBER = "(SELECT n.number FROM temp.hidden_numbers n WHERE n.patch_id = t.patch_id)"
_NAME = f"'Patch ' || {_NUMBER}"
_SORT_KEY = f"'patch ' || char(48 + length({_NUMBER})) || {_NUMBER}"
"""As `adding.sort_key` makes it of the name."""

OPEN_ROOT = 0
"""The root of patches whose place is hidden; it lies nowhere."""


@dataclass(frozen=True, slots=True)
class View:
    """How a table is seen.

    `masks` are what stands in columns of a hidden patch, by the name of the column; `patch` is
    the column that says whose row it is. `always` are masks for every row, `rows` is a condition
    that rows have to meet to be there at all, and `more` is appended.
    """

    patch: str = ""
    masks: dict[str, str] = field(default_factory=dict)
    always: dict[str, str] = field(default_factory=dict)
    rows: str = ""
    more: str = ""


_NOT_HIDDEN = f"t.patch_id NOT IN {HIDDEN}"


_IS_CURRENT = (
    "EXISTS (SELECT 1 FROM main.pending p WHERE p.reader_id = {viewer} "
    "AND p.patch_id = i.patch_id AND p.reading_id = i.reading_id)"
)
"""Whether the item `i` belongs to a reading that he still reads; what he said in one before is kept
from him as well, since he is to look at the patch anew."""


def _is_own(item: str) -> str:
    """Whether this item is the viewer's, and no repeat: what is said on one would say that the
    patch came twice."""
    return (
        f"(SELECT i.reader_id = {{viewer}} AND i.repeat_of IS NULL AND {_IS_CURRENT} "
        f"FROM main.reading_items i WHERE i.id = {item})"
    )


def _is_own_decision(decision: str) -> str:
    return _is_own(f"(SELECT d.item_id FROM main.decisions d WHERE d.id = {decision})")


VIEWS: dict[str, View] = {
    "patches": View(
        patch="id",
        masks={
            "case_id": "NULL",
            "slide_id": "NULL",
            "imported_label": "-1",
            "imported_split": "-1",
        },
        always={
            "duplicate_of": f"iif(t.id IN {HIDDEN} OR t.duplicate_of IN {HIDDEN}, NULL, "
            "t.duplicate_of)"
        },
    ),
    "files": View(
        patch="patch_id",
        masks={
            "root_id": str(OPEN_ROOT),
            "path": _NAME,
            "name": _NAME,
            "sort_key": _SORT_KEY,
            "sha256": "''",
            "pixel_hash": "''",
            "bytes": "0",
            "modified_ns": "0",
            "added_at": "0",
        },
    ),
    "patch_states": View(
        patch="patch_id",
        masks={
            "reference": "-1",
            "source": "0",
            "blind": "0",
            "gate_label": "-1",
            "disputed": "0",
            "referral": "''",
            "referral_id": "NULL",
            "adjudication_id": "NULL",
            "flag_id": "NULL",
            "flagged": "0",
            "exclusion_id": "NULL",
            "excluded": "0",
            "comments": "0",
            "decided_at": "0",
        },
    ),
    # What he said of a patch before the reading is kept from him too: he is to look at it anew.
    "current_labels": View(
        patch="patch_id",
        masks={
            "first_id": f"iif({_is_own_decision('t.first_id')}, t.first_id, NULL)",
            "first_label": f"iif({_is_own_decision('t.first_id')}, t.first_label, -1)",
        },
        rows=f"{_NOT_HIDDEN} OR (t.reader_id = {{viewer}} AND {_is_own_decision('t.decision_id')})",
    ),
    # The rows of an undo say what holds without it, whoever said that.
    "decisions": View(
        rows=f"{_NOT_HIDDEN} OR (t.reader_id = {{viewer}} AND t.kind = 'do' AND "
        f"{_is_own('t.item_id')} AND NOT EXISTS "
        "(SELECT 1 FROM main.withdrawn w WHERE w.batch_id = t.batch_id))",
    ),
    # What he once called a patch that he is to look at anew is in the title of that gesture.
    "batches": View(
        always={
            "title": "iif(EXISTS (SELECT 1 FROM main.decisions d WHERE d.batch_id = t.id "
            f"AND d.patch_id IN {HIDDEN} AND NOT EXISTS (SELECT 1 FROM main.reading_items i "
            f"WHERE i.id = d.item_id AND {_IS_CURRENT})), 'an earlier gesture', t.title)"
        },
        rows="t.reader_id = {viewer} OR NOT EXISTS (SELECT 1 FROM main.decisions d "
        f"WHERE d.batch_id = t.id AND d.patch_id IN {HIDDEN})",
    ),
    "journal": View(rows="t.reader_id = {viewer} AND t.kind = 'gesture'"),
    "made_knowing": View(
        rows="EXISTS (SELECT 1 FROM main.decisions d WHERE d.id = t.decision_id "
        f"AND d.patch_id NOT IN {HIDDEN})"
    ),
    "unplaced": View(rows="0"),
    "seen": View(rows=f"{_NOT_HIDDEN} OR t.reader_id = {{viewer}}"),
    "pending": View(rows="t.reader_id = {viewer}"),
    "reading_items": View(
        patch="patch_id",
        masks={"repeat_of": "NULL"},
        rows=f"{_NOT_HIDDEN} OR t.reader_id = {{viewer}}",
    ),
    "signoffs": View(rows=f"t.reader_id = {{viewer}} OR t.reading_id NOT IN {_PENDING_READINGS}"),
    "packs": View(rows="t.reader_id = {viewer}"),
    "pseudonyms": View(rows="0"),
    "sealed_calls": View(rows="0"),
    # Cases, slides and folders of which all that he could see is hidden.
    "cases": View(
        rows="EXISTS (SELECT 1 FROM main.patches p WHERE p.case_id = t.id AND p.id NOT IN "
        f"{HIDDEN}) OR NOT EXISTS (SELECT 1 FROM main.patches p WHERE p.case_id = t.id)"
    ),
    "slides": View(
        rows="EXISTS (SELECT 1 FROM main.patches p WHERE p.slide_id = t.id AND p.id NOT IN "
        f"{HIDDEN}) OR NOT EXISTS (SELECT 1 FROM main.patches p WHERE p.slide_id = t.id)"
    ),
    "roots": View(
        always={
            "path": "iif(EXISTS (SELECT 1 FROM main.files f WHERE f.root_id = t.id) AND NOT EXISTS "
            "(SELECT 1 FROM main.files f WHERE f.root_id = t.id AND f.patch_id NOT IN "
            f"{HIDDEN}), 'Folder ' || t.id, t.path)"
        },
        more=f"SELECT {OPEN_ROOT}, '', 0",
    ),
    # A list or a search that somebody kept under a name can say what is in it.
    "saved_filters": View(
        rows="json_extract(t.query, '$.ids') IS NULL AND json_extract(t.query, '$.text') = '' "
        "AND json_array_length(t.query, '$.cases') = 0 "
        "AND json_array_length(t.query, '$.slides') = 0"
    ),
    "settings": View(rows="t.key NOT LIKE 'sealed calls of %'"),
    # A run may have failed over a file, and says its name.
    "runs": View(always={"message": "iif(t.message = '', '', 'Told once you have finished.')"}),
}

SEEN_AS_THEY_ARE = frozenset(
    {
        "origins",
        "readers",
        "withdrawn",
        "readings",
        "reading_readers",
        "known_keys",
        "models",
        "model_seen",
        "thresholds",
        "promotions",
        "looks",
    }
)
"""Tables that say nothing of single patches."""

SEEN_COLUMNS: dict[str, frozenset[str]] = {
    "patches": frozenset({"id", "width", "height", "microns_per_pixel", "split", "file_state"}),
    "files": frozenset({"patch_id"}),
    "patch_states": frozenset({"patch_id"}),
}
"""Columns of patches that a hidden one keeps: a table that is masked names all of its columns."""


def statements(viewer: int, columns: dict[str, list[str]]) -> list[str]:
    """The views for this reader; `columns` are those of each table, in their order."""
    return [
        f"CREATE TEMP VIEW {table} AS {_select(table, view, columns[table])}".replace(
            "{viewer}", str(int(viewer))
        )
        for table, view in VIEWS.items()
    ]


def _select(table: str, view: View, columns: list[str]) -> str:
    shown = ", ".join(_column(view, column) for column in columns)
    where = f" WHERE {view.rows}" if view.rows else ""
    more = f" UNION ALL {view.more}" if view.more else ""
    return f"SELECT {shown} FROM main.{table} t{where}{more}"


def _column(view: View, column: str) -> str:
    if column in view.always:
        return f"{view.always[column]} AS {column}"
    if column not in view.masks:
        return f"t.{column} AS {column}"
    return f"iif(t.{view.patch} IN {HIDDEN}, {view.masks[column]}, t.{column}) AS {column}"
