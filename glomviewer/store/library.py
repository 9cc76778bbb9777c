"""A library, and everything that can be done with it: one method is one transaction."""

from __future__ import annotations

from glomviewer.store.library_backups import BackupMethods
from glomviewer.store.library_disputes import DisputeMethods
from glomviewer.store.library_journal import JournalMethods
from glomviewer.store.library_models import ModelMethods
from glomviewer.store.library_packs import PackMethods
from glomviewer.store.library_readings import ReadingMethods
from glomviewer.store.library_rooms import RoomMethods
from glomviewer.store.library_training import TrainingMethods


class Library(
    PackMethods,
    ModelMethods,
    DisputeMethods,
    ReadingMethods,
    RoomMethods,
    TrainingMethods,
    BackupMethods,
    JournalMethods,
):
    """See `OpenLibrary.create` and `OpenLibrary.open`."""
