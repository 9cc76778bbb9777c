"""Whether a folder lies on a network drive, where SQLite's locks and flushes can't be trusted."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path, PurePath

import psutil

from glomviewer.store.errors import NetworkDrive

# fmt: off
NETWORK_FILE_SYSTEMS = frozenset({
    "nfs", "nfs3", "nfs4", "cifs", "smb", "smbfs", "smb2", "smb3", "afpfs", "afs", "ncpfs",
    "ncp", "coda", "davfs", "davfs2", "webdav", "fuse.davfs2", "fuse.sshfs", "sshfs",
    "fuse.rclone", "rclone", "fuse.s3fs", "s3fs", "fuse.gcsfuse", "fuse.smbnetfs",
    "fuse.gvfsd-fuse", "gvfs", "glusterfs", "fuse.glusterfs", "ceph", "fuse.ceph",
    "lustre", "beegfs", "gpfs", "orangefs", "pvfs2", "panfs", "9p", "prl_fs", "vboxsf",
    "vmhgfs", "fuse.vmhgfs-fuse", "virtiofs", "acfs",
})
# fmt: on
_WINDOWS_REMOTE_DRIVE = 4


def refuse_network_drive(folder: Path) -> None:
    """Raises:
    NetworkDrive: the folder is on a network drive; the sentence names its kind.
    """
    kind = network_kind(folder)
    if kind:
        raise NetworkDrive(
            f"The library {folder.name} would lie on a network drive ({kind}), where a database "
            "can be damaged; keep the library on a disk of this machine (the images may stay)."
        )


def network_kind(folder: Path) -> str:
    """The kind of network drive that holds the folder, or "" for a disk of this machine."""
    target = _nearest_existing(folder)
    if sys.platform == "win32":
        return windows_network_kind(target, _drive_type)
    kind = kind_of_mount(target, _mounts())
    return kind if kind.lower() in NETWORK_FILE_SYSTEMS else ""


def kind_of_mount(target: PurePath, mounts: list[tuple[str, str]]) -> str:
    """The file system of the deepest mount point above `target`; the later of two on one point."""
    best, kind = -1, ""
    for point, file_system in mounts:
        path = PurePath(point)
        if target.is_relative_to(path) and len(path.parts) >= best:
            best, kind = len(path.parts), file_system
    return kind


def _nearest_existing(folder: Path) -> Path:
    path = Path(os.path.realpath(folder))
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def _mounts() -> list[tuple[str, str]]:
    table = Path("/proc/self/mounts")
    if table.exists():
        text = table.read_text(encoding="utf-8", errors="surrogateescape")
        rows = (line.split(" ") for line in text.splitlines())
        return [(unescape(row[1]), row[2]) for row in rows if len(row) > 2]
    return [(p.mountpoint, p.fstype) for p in psutil.disk_partitions(all=True)]


def unescape(field: str) -> str:
    """Undo the octal escapes of /proc/mounts."""
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field


def windows_network_kind(target: PurePath, drive_type: Callable[[str], int]) -> str:
    """The same for Windows; `drive_type` is that system's GetDriveTypeW."""
    anchor = target.anchor
    if anchor.upper().startswith("\\\\?\\UNC\\"):
        return "a UNC path"
    if anchor.startswith("\\\\") and not anchor.startswith(("\\\\?\\", "\\\\.\\")):
        return "a UNC path"
    return "a mapped network drive" if drive_type(anchor) == _WINDOWS_REMOTE_DRIVE else ""


def _drive_type(anchor: str) -> int:
    windll = getattr(ctypes, "windll", None)
    return 0 if windll is None else int(windll.kernel32.GetDriveTypeW(anchor))
