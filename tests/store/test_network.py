"""Which places count as network drives."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from glomviewer.store import network

MOUNTS = [
    ("/", "ext4"),
    ("/mnt", "nfs4"),
    ("/mnt/local disk", "ext4"),
    ("/home/ann/cloud", "fuse.sshfs"),
]


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/data/a.glomlib", "ext4"),
        ("/mnt/a.glomlib", "nfs4"),
        ("/mnt/local disk/a.glomlib", "ext4"),
        ("/mntlocal/a.glomlib", "ext4"),
        ("/home/ann/cloud/deep/a.glomlib", "fuse.sshfs"),
    ],
)
def test_the_deepest_mount_decides(place, kind):
    assert network.kind_of_mount(PurePosixPath(place), MOUNTS) == kind


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "vboxsf"])
def test_these_are_network_drives(kind, monkeypatch):
    monkeypatch.setattr(network, "_mounts", lambda: [("/", kind)])
    assert network.network_kind(Path("/a/b.glomlib")) == kind


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "overlay", "tmpfs", "ntfs", "apfs"])
def test_these_are_not(kind, monkeypatch):
    monkeypatch.setattr(network, "_mounts", lambda: [("/", kind)])
    assert network.network_kind(Path("/a/b.glomlib")) == ""


@pytest.mark.parametrize(
    ("place", "remote"),
    [
        (r"\\server\share\a.glomlib", True),
        (r"\\?\UNC\server\share\a.glomlib", True),
        (r"C:\a.glomlib", False),
        (r"\\?\C:\a.glomlib", False),
    ],
)
def test_unc_paths_are_network_drives(place, remote):
    kind = network.windows_network_kind(PureWindowsPath(place), drive_type=lambda anchor: 3)
    assert bool(kind) == remote


def test_a_mapped_drive_letter_is_a_network_drive():
    place = PureWindowsPath(r"Z:\a.glomlib")
    assert network.windows_network_kind(
        place, drive_type=lambda anchor: 4 if anchor == "Z:\\" else 3
    )


def test_escaped_mount_points_are_read():
    assert network.unescape(r"/mnt/my\040disk\134x") == "/mnt/my disk\\x"
