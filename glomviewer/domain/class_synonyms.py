"""Which label people mean by a folder's name or a cell of a table, in their many spellings."""

from __future__ import annotations

import re
import unicodedata

from glomviewer.domain.labels import NO_LABEL, Split

SCLEROTIC = 1
NOT_SCLEROTIC = 0
CANNOT_TELL = 2
NOT_A_GLOMERULUS = 3

_OBJECTS = r"(?:glomerulus|glomeruli|glomerular|gloms?|gn|patches|patch|crops?|images?|tiles?)?"
_SCLEROSIS = (
    r"(?:global(?:ly)?)?(?:glomerulo)?(?:sclerotic|sclerosed|sclerosis|sclerose|scleroticus)"
)
_NEGATION = r"(?:non|not|no|without|un)"

_SCLEROTIC = re.compile(
    rf"(?:ggs|gs|obsolescent|obsolete|{_OBJECTS}{_SCLEROSIS}|{_SCLEROSIS}){_OBJECTS}"
)
_NOT_SCLEROTIC = re.compile(
    rf"(?:{_NEGATION}(?:ggs|gs)|{_NEGATION}(?:global(?:ly)?)?{_SCLEROSIS}"
    rf"|(?:global(?:ly)?)?{_NEGATION}{_SCLEROSIS}"
    rf"|segmental(?:ly)?{_SCLEROSIS}|normal|healthy|viable|patent|open|gn|gl|nongs){_OBJECTS}"
)
_CANNOT_TELL = re.compile(r"(?:cannottell|canttell|uncertain|unclear|borderline|indeterminate)")
_NOT_A_GLOMERULUS = re.compile(
    rf"(?:{_NEGATION}a?glom(?:erulus|eruli)?|background|artefact|artifact)"
)
_NO_LABEL = frozenset({"", "na", "nan", "none", "null", "unknown", "unlabelled", "unlabeled"})
_ONE = frozenset({"true", "yes", "positive", "pos", "class1", "label1"})
_ZERO = frozenset({"false", "no", "negative", "neg", "class0", "label0"})

_SPLITS: dict[str, Split] = {
    **dict.fromkeys(("", "none", "na", "nan"), Split.NONE),
    **dict.fromkeys(("train", "training", "trainset", "trainingset"), Split.TRAIN),
    **dict.fromkeys(("validation", "val", "valid", "dev", "validationset"), Split.VALIDATION),
    **dict.fromkeys(("test", "testing", "testset", "locked", "lockedtest"), Split.LOCKED),
    **dict.fromkeys(("final", "finaltest", "finalset"), Split.FINAL),
}


def label_meant(text: str) -> int | None:
    """The label code that a cell or a class name means, `NO_LABEL` for an empty one.

    None where nobody can know. `non_globally_sclerotic_glomeruli` contains
    `globally_sclerotic_glomeruli`, so names are matched as a whole, never by parts.
    """
    letters = _letters(text)
    if letters in _NO_LABEL:
        return NO_LABEL
    by_number = _whole_number(text)
    if by_number is not None:
        return by_number if by_number in (0, 1, 2, 3) else None
    if letters in _ONE:
        return SCLEROTIC
    if letters in _ZERO:
        return NOT_SCLEROTIC
    for pattern, code in (
        (_NOT_A_GLOMERULUS, NOT_A_GLOMERULUS),
        (_NOT_SCLEROTIC, NOT_SCLEROTIC),
        (_SCLEROTIC, SCLEROTIC),
        (_CANNOT_TELL, CANNOT_TELL),
    ):
        if pattern.fullmatch(letters):
            return code
    return None


def label_of_folder(name: str) -> int | None:
    """The label that a folder's name means; None for a folder that is no class.

    A leading number is only an order ("0_normal", "01 sclerotic") unless it stands alone.
    """
    stripped = name.strip()
    if stripped in ("0", "1"):
        return int(stripped)
    meant = label_meant(re.sub(r"^\d+[\s_.\-]+", "", stripped))
    words_only = re.search(r"[^\W\d_]", stripped) is not None
    return meant if words_only and meant is not None and meant != NO_LABEL else None


def split_meant(text: str) -> Split | None:
    """The split that a cell of a table means, None where nobody can know."""
    return _SPLITS.get(_letters(text))


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def _whole_number(text: str) -> int | None:
    """1 for "1", "1.0", "1,00"; None for what is no whole number."""
    match = re.fullmatch(r"\s*(-?\d{1,3})(?:[.,]0*)?\s*", text)
    return int(match.group(1)) if match else None
