"""What a reader does with patches: each function is one gesture, and one undo."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from glomviewer.domain.changes import Changes
from glomviewer.domain.disputes.records import Referral
from glomviewer.domain.patch_table import PatchTable
from glomviewer.store.library import Library


def label_patches(
    library: Library,
    *,
    reader: int,
    patches: Sequence[int],
    label: int,
    detail: str = "",
    comment: str = "",
    call_shown: bool | Mapping[int, bool] = False,
    model: str = "",
    on_screen: Collection[int] | None = None,
) -> Changes:
    """Label one or many patches. `on_screen` None means that all of them were on screen;
    `model` is whose call was shown, where one was."""
    return library.decide(
        reader=reader,
        patches=patches,
        label=label,
        detail=detail,
        comment=comment,
        call_shown=call_shown,
        model=model,
        on_screen=on_screen,
    )


def accept_calls(
    library: Library,
    *,
    reader: int,
    calls: Mapping[int, int],
    model: str,
    on_screen: Collection[int] | None = None,
) -> Changes:
    """Label patches by the model's calls, as `visible_calls` gives them."""
    codes = {call: library.label_set.codes_of_target(call)[0] for call in set(calls.values())}
    return library.decide_many(
        reader=reader,
        labels={patch: codes[call] for patch, call in calls.items()},
        call_shown=True,
        model=model,
        on_screen=on_screen,
    )


def visible_calls(table: PatchTable, patches: Sequence[int]) -> dict[int, int]:
    """The calls of these patches that the reader of the table may know, by patch."""
    rows = table.rows_of(tuple(patches))
    calls = table.view.calls()[rows]
    visible = table.call_visible()[rows] & (calls >= 0)
    ids = table.ids[rows][visible].tolist()
    return dict(zip(ids, calls[visible].tolist(), strict=True))


def flag_patches(
    library: Library, *, reader: int, patches: Sequence[int], flagged: bool
) -> Changes:
    """Flag patches to come back to, or take the flags off."""
    return library.flag(reader=reader, patches=patches, flagged=flagged)


def comment_on_patch(library: Library, *, reader: int, patch: int, text: str) -> Changes:
    """Add a comment to a patch; earlier ones stay."""
    return library.comment(reader=reader, patch=patch, text=text)


def exclude_patches(
    library: Library, *, reader: int, patches: Sequence[int], reason: str
) -> Changes:
    """Leave patches out of everything from now on, such as for a wrong stain."""
    return library.exclude(reader=reader, patches=patches, reason=reason)


def exclude_case(library: Library, *, reader: int, case: str, reason: str) -> Changes:
    """Leave every patch of a case out, such as for withdrawn consent."""
    return library.exclude(reader=reader, case=case, reason=reason)


def include_patches(library: Library, *, reader: int, patches: Sequence[int]) -> Changes:
    """Take excluded patches back in."""
    return library.include(reader=reader, patches=patches)


def include_case(library: Library, *, reader: int, case: str) -> Changes:
    """Take every patch of a case back in."""
    return library.include(reader=reader, case=case)


def adjudicate_patch(
    library: Library,
    *,
    reader: int,
    patch: int,
    label: int,
    reason: str = "",
    call_shown: bool = True,
    model: str = "",
) -> Changes:
    """Settle a disputed patch."""
    return library.adjudicate(
        reader=reader,
        patch=patch,
        label=label,
        reason=reason,
        call_shown=call_shown,
        model=model,
    )


def refer_patches(
    library: Library, *, reader: int, patches: Sequence[int], to: Referral, reason: str = ""
) -> Changes:
    """Send disputed patches back for another reading, put them onto the consensus list, or take
    them off either."""
    return library.refer(reader=reader, patches=patches, to=to, reason=reason)


def undo(library: Library, *, reader: int) -> Changes:
    """Take back the reader's last gesture that still holds."""
    return library.undo(reader=reader)


def redo(library: Library, *, reader: int) -> Changes:
    """Do again what the reader has undone last."""
    return library.redo(reader=reader)


def mark_seen(library: Library, *, reader: int, patches: Sequence[int]) -> Changes:
    """Remember that patches were on the reader's screen."""
    return library.mark_seen(reader=reader, patches=patches)
