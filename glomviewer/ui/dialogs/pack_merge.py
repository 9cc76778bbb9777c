"""Merges a return, labels or a model: what it is, whose key, and what became of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from glomviewer.jobs.pack_jobs import merge_as_task
from glomviewer.jobs.session import Session
from glomviewer.store.exchange.glance import PackGlance
from glomviewer.store.exchange.merged import MergedPack
from glomviewer.store.packs.manifest import PackKind
from glomviewer.ui.dialogs.fields import Fields
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.dialogs.pack_fields import FingerprintCheck
from glomviewer.ui.dialogs.passphrase import secret_line
from glomviewer.ui.widgets.texts import Body, Secondary

FILES = "Returns, labels and models (*.glomreturn *.glomlabels *.glommodel)"
READING_PACK = "This is a reading pack. {what} Open it instead, which makes a library of it."


class PackMergeDialog(FormDialog):
    """Looks at the file at once; afterwards it shows what was new, known and refused."""

    def __init__(self, session: Session, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(title=f"Merge {path.name}", verb="Merge", width=560, parent=parent)
        self._session, self._path = session, path
        self._glance: PackGlance | None = None
        self.merged: MergedPack | None = None
        self.what = Body("Looking at the file…")
        self.passphrase = secret_line("Passphrase")
        self._secret = QWidget()
        fields = Fields()
        fields.setContentsMargins(0, 0, 0, 0)
        fields.add("Passphrase", self.passphrase)
        self._secret.setLayout(fields)
        self._secret.hide()
        self.fingerprint = FingerprintCheck()
        self.counts, self.report = Body(), Secondary()
        for part in (self.what, self._secret, self.fingerprint, self.counts, self.report):
            self.add(part)
        self.counts.say("")
        self.report.say("")
        self.passphrase.textChanged.connect(self._enable)
        self.fingerprint.changed.connect(self._enable)
        self.verb.setEnabled(False)
        self._look()

    def submit(self) -> None:
        self.trouble.say("")
        if self.merged is not None:
            self.accept()
        elif self._glance is None:
            self._look()
        else:
            self._merge()

    def _look(self) -> None:
        self.verb.setEnabled(False)
        passphrase = self.passphrase.text()
        self._session.ask(
            lambda library: library.glance_at_pack(self._path, passphrase=passphrase),
            self._on_looked,
            lane="look at a pack",
            failed=self._on_look_failed,
        )

    def _on_looked(self, found: PackGlance | None) -> None:
        if found is None:
            self.what.say("This file is encrypted; give the passphrase that belongs to it.")
            self._secret.show()
            self.passphrase.setFocus()
            self._enable()
            return
        if found.kind is PackKind.READING:
            self.what.say(READING_PACK.format(what=found.sentence))
            return
        self._glance = found
        self._secret.hide()
        self.what.say(found.sentence)
        whose = found.reader or "whoever wrote the file"
        self.fingerprint.show_key(found.fingerprint, known=found.known, whose=whose)
        self._enable()

    def _on_look_failed(self, sentence: str) -> None:
        self.trouble.say(sentence)
        if not self._secret.isVisible():
            self.what.say("")
        self._enable()

    def _merge(self) -> None:
        self.verb.setEnabled(False)
        self.counts.say("Merging…")
        task = merge_as_task(
            self._session,
            path=self._path,
            passphrase=self.passphrase.text(),
            trust=self.fingerprint.trust,
            merged=self._on_merged,
        )
        task.failed.connect(self._on_failed)
        task.cancelled.connect(self._on_cancelled)

    def _on_merged(self, found: MergedPack) -> None:
        self.merged = found
        self.fingerprint.hide()
        report = found.report
        if found.kind is not PackKind.MODEL:
            self.counts.say(
                f"New {report.new:,} · known already {report.known:,} · refused {report.refused:,}"
            )
        else:
            self.counts.say("")
        self.report.say("\n".join(found.sentences))
        self.verb.setText("Close")
        self.verb.setEnabled(True)
        if self.cancel is not None:
            self.cancel.hide()

    def _on_failed(self, sentence: str) -> None:
        self.counts.say("")
        self.trouble.say(sentence)
        self._enable()

    def _on_cancelled(self) -> None:
        self.counts.say("Cancelled; nothing was changed.")
        self._enable()

    def _enable(self) -> None:
        if self._glance is None:
            self.verb.setEnabled(bool(self.passphrase.text()))
        else:
            self.verb.setEnabled(self.fingerprint.ready)
