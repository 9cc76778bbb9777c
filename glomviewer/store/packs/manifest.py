"""pack.json: what a pack is, who wrote it when, and every other member with size and digest."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from glomviewer.store.packs.canonical import canonical, parsed_canonical
from glomviewer.store.packs.errors import DamagedPack, NewerPack, UnsoundContent

FORMAT = 1
MANIFEST_NAME = "pack.json"
SIGNATURE_NAME = "signature.json"
ENCRYPTION_NAME = "encryption.json"

# What the members are called in an encrypted pack, where a name would tell something.
MANIFEST_NUMBER = 0
SIGNATURE_NUMBER = 1
FIRST_MEMBER = 2

MANIFEST_LIMIT = 64 * 1024 * 1024
"""Bytes; half a million members."""

_FIELDS = frozenset({"format", "kind", "made_at", "members", "payload", "program", "uuid"})
_UUID = re.compile(r"[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}(?:/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}){0,4}")
# Windows takes these for devices, whatever follows the first dot.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_TAKEN = frozenset({MANIFEST_NAME, SIGNATURE_NAME, ENCRYPTION_NAME})
_LATEST = 2**53


class PackKind(StrEnum):
    """What a file is for. `suffix` is how its name ends."""

    READING = "reading"
    RETURN = "return"
    LABELS = "labels"
    MODEL = "model"

    @property
    def suffix(self) -> str:
        return _SUFFIXES[self]

    @property
    def noun(self) -> str:
        return _TITLES[self]


_SUFFIXES = {
    PackKind.READING: ".glompack",
    PackKind.RETURN: ".glomreturn",
    PackKind.LABELS: ".glomlabels",
    PackKind.MODEL: ".glommodel",
}
_TITLES = {
    PackKind.READING: "reading pack",
    PackKind.RETURN: "return",
    PackKind.LABELS: "file of labels",
    PackKind.MODEL: "model",
}


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """`size` in bytes and `sha256` in hex are those of the content, before any encryption."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made_at` in UTC microseconds since 1970; `payload` is any JSON object, by kind."""

    kind: PackKind
    uuid: str
    made_at: int
    program: str
    payload: Mapping[str, Any]
    members: tuple[MemberEntry, ...]

    def to_bytes(self) -> bytes:
        """Raises ValueError or TypeError where the payload is no JSON."""
        members = [
            {"name": entry.name, "sha256": entry.sha256, "size": entry.size}
            for entry in self.members
        ]
        document = {
            "format": FORMAT,
            "kind": self.kind.value,
            "made_at": self.made_at,
            "members": members,
            "payload": dict(self.payload),
            "program": self.program,
            "uuid": self.uuid,
        }
        return canonical(document).encode("utf-8")


def name_objection(name: str, taken: Collection[str] = ()) -> str:
    """Why a member can't be called so ("" if it can); `taken` are lower-case names before it."""
    if not _NAME.fullmatch(name) or any(part.endswith(".") for part in name.split("/")):
        return "is no plain relative name"
    if any(_DEVICE.fullmatch(part) for part in name.split("/")):
        return "is a device's name on Windows"
    if name.lower() in _TAKEN:
        return "is a name that the pack itself uses"
    if name.lower() in taken:
        return "is there twice"
    return ""


def read_manifest(data: bytes, file: str) -> Manifest:
    """pack.json of the pack called `file`; its signature has to be checked beside this.

    Raises:
        NewerPack, DamagedPack, UnsoundContent
    """
    try:
        document = parsed_canonical(data)
    except ValueError as error:
        raise DamagedPack(
            f"{file} is damaged: its table of contents can't be read ({error}); ask for it again."
        ) from error
    check_format(document, file)
    kind, uuid, made_at = document.get("kind"), document.get("uuid"), document.get("made_at")
    program, payload = document.get("program"), document.get("payload")
    if document.keys() != _FIELDS or kind not in PackKind.__members__.values():
        raise unsound(file, "its kind or its fields are unknown")
    if not isinstance(uuid, str) or not _UUID.fullmatch(uuid):
        raise unsound(file, "its uuid is none")
    if type(made_at) is not int or not 0 <= made_at < _LATEST:
        raise unsound(file, "its date is none")
    if not isinstance(program, str) or len(program) > 100 or not isinstance(payload, dict):
        raise unsound(file, "its program or payload is none")
    return Manifest(
        PackKind(kind), uuid, made_at, program, payload, _members(document["members"], file)
    )


def check_format(document: Any, file: str) -> None:
    """Raises NewerPack, UnsoundContent."""
    version = document.get("format") if isinstance(document, dict) else None
    if type(version) is not int or version < 1:
        raise unsound(file, "its format has no number")
    if version > FORMAT:
        raise NewerPack(
            f"{file} has format {version}, and this program reads formats up to {FORMAT}; "
            "install a newer version of the program."
        )


def unsound(file: str, what: str) -> UnsoundContent:
    return UnsoundContent(f"{file} can't be used: {what}; ask its sender to write it again.")


def _members(listed: Any, file: str) -> tuple[MemberEntry, ...]:
    if not isinstance(listed, list):
        raise unsound(file, "its list of members is none")
    names: set[str] = set()
    members: list[MemberEntry] = []
    for entry in listed:
        if not isinstance(entry, dict) or entry.keys() != {"name", "sha256", "size"}:
            raise unsound(file, "its list of members has an entry without name, size and digest")
        name, sha256, size = entry["name"], entry["sha256"], entry["size"]
        if not isinstance(name, str):
            raise unsound(file, "the name of a member is none")
        if objection := name_objection(name, names):
            raise unsound(file, f"the member {ascii(name)[:60]} {objection}")
        if type(size) is not int or not 0 <= size < _LATEST:
            raise unsound(file, f"the size of its member {name} is none")
        if not isinstance(sha256, str) or not _DIGEST.fullmatch(sha256):
            raise unsound(file, f"the digest of its member {name} is none")
        names.add(name.lower())
        members.append(MemberEntry(name, size, sha256))
    return tuple(members)
