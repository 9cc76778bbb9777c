"""A study on three machines: made and packed, read by two, merged, adjudicated and reported."""

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from audit import Critic
from dispute_steps import (
    ask_why,
    disputes,
    go_to_patch,
    look_at_model,
    open_queue,
    refer,
    see_relabelling,
    settle_as,
)
from machines import machine
from pack_steps import choosing, export_packs, merge, open_pack, return_pack
from pypdf import PdfReader
from PySide6.QtCore import Qt
from reading_steps import (
    add_reader,
    begin,
    call,
    comment,
    conduct,
    finish,
    flag,
    go_on,
    make_reading,
    only_reading,
    pause,
    read_on,
    sign_off,
)
from report_arithmetic import ANN, BOB, Read
from report_checks import check_all
from report_read import read_report
from seat import CONTROL, Seat
from shots import shoot
from study_library import MONA, make_study_library
from study_table import (
    ADJUDICATED,
    BY_PATCH,
    CHANGED,
    COMMENT,
    COMMENTED,
    DISPUTED,
    FLAGGED,
    NAMES,
    PATCHES,
    READING,
    REASONS,
    REFERRED_BECAUSE,
    REPEATED_PERCENT,
    REPEATS,
    SENT_BACK,
    TO_CONSENSUS,
    UNSURE_BECAUSE,
    Row,
)

from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.readings.records import ItemState, Meaning
from glomviewer.store.verify import FileCheck, verify
from glomviewer.ui.agreement.page import AgreementPage
from glomviewer.ui.page_bar import PageName

Key = Qt.Key
BEFORE_THE_PAUSE = 11


@dataclass
class Known:
    """What those who sit outside know: where things lie, and which patch an item shows."""

    packs: dict[str, Path] = field(default_factory=dict)
    returns: dict[str, Path] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    patches: dict[str, int] = field(default_factory=dict)
    """By uuid of the item; a pack has names and numbers of its own."""
    calls: dict[str, list[Read]] = field(default_factory=dict)
    libraries: list[Path] = field(default_factory=list)


class Reader:
    """Ann or Bob before his own machine."""

    def __init__(self, known: Known, who: str) -> None:
        self._known, self._who = known, who
        self._seen: set[int] = set()
        self._looked: set[str] = set()
        known.calls[who] = []

    def read(self, seat: Seat, item: ItemState, critic: Critic) -> None:
        patch = self._known.patches[item.uuid]
        again, row = patch in self._seen, BY_PATCH[patch]
        self._seen.add(patch)
        first, last = self._says(row, again=again)
        self._look(seat, critic, "Reading")
        if self._who == ANN and not again and patch == FLAGGED:
            flag(seat)
        if self._who == ANN and not again and patch == COMMENTED:
            comment(seat, COMMENT, critic)
        call(seat, first, UNSURE_BECAUSE)
        self._known.calls[self._who].append(Read(patch, first, again))
        now = conduct(seat).item
        is_told = now is not None and now.id == item.id
        assert is_told is bool(row.model)
        if is_told:
            self._look(seat, critic, "The call told")
        if last != first:
            call(seat, last)
            shoot(seat.window, "reading changed")
        go_on(seat, item)

    def _says(self, row: Row, *, again: bool) -> tuple[str, str]:
        """At first and at last; Bob calls the first patch that comes again otherwise."""
        if self._who == ANN:
            return row.ann, row.ann
        if not again:
            return row.bob, row.last
        is_first = not any(one.again for one in self._known.calls[self._who])
        said = {"S": "N", "N": "S", "U": "N"}[row.bob] if is_first else row.bob
        return said, said

    def _look(self, seat: Seat, critic: Critic, where: str) -> None:
        """Over the screen, the first time that it shows this."""
        if where in self._looked:
            return
        self._looked.add(where)
        critic.look(f"{self._who}: {where}")
        critic.tab_through(f"{self._who}: {where}")
        shoot(seat.window, f"{where} {self._who[:3]}")


@pytest.mark.timeout(300)
def test_a_study_from_its_making_to_its_report(sit_down, tmp_path, monkeypatch):
    choose = choosing(monkeypatch)
    known = Known()
    critics: list[Critic] = []
    home, post = tmp_path / "machine of Mona", tmp_path / "post"
    report = tmp_path / "report"
    post.mkdir()

    def sit(at: Path, story, *arguments: str) -> None:
        def told(seat: Seat) -> None:
            critics.append(Critic(seat))
            story(seat, critics[-1])

        with machine(at):
            sit_down(told, *arguments)

    def make_and_pack(seat: Seat, critic: Critic) -> None:
        seat.settle()
        make_reading(seat, critic, READING, ("Ann Other", "Bob Else"), repeats=REPEATED_PERCENT)
        ann, bob = only_reading(seat).readers
        for one in (ann, bob):
            assert (one.items, one.done) == (PATCHES + REPEATS, 0)
            items = seat.library.reading_items(only_reading(seat).id, one.reader.id)
            known.patches |= {item.uuid: item.patch for item in items}
        packs, known.keys["home"] = export_packs(seat, critic, choose, post)
        known.packs = dict(zip((ANN, BOB), packs, strict=True))
        seat.press(Key.Key_Q, CONTROL)

    with machine(home):
        known.libraries.append(make_study_library(tmp_path / "lab"))
    sit(home, make_and_pack, str(known.libraries[0]))
    for who, has_a_pause in ((ANN, True), (BOB, False)):
        _read_pack(sit, known, who, tmp_path / f"machine of {who[:3]}", post, choose, has_a_pause)

    def take_in(seat: Seat, critic: Critic) -> None:
        seat.settle()
        for who in (BOB, ANN):
            found = merge(seat, critic, choose, known.returns[who], known.keys[who])
            assert found.new > PATCHES and not found.refused
        found = merge(seat, critic, choose, known.returns[BOB])
        assert not found.new and found.known > PATCHES and not found.refused
        critic.look("Merged readings")
        shoot(seat.window, "readings merged")
        assert [one.done for one in only_reading(seat).readers] == [PATCHES + REPEATS] * 2

    def settle_and_report(seat: Seat, critic: Critic) -> None:
        seat.settle()
        add_reader(seat, "Cora More")
        _adjudicate(seat, critic)
        sign_off(seat, Meaning.ADJUDICATED, "all six", critic)
        _become(seat, MONA[0])
        sign_off(seat, Meaning.APPROVED, "", critic)
        critic.look("Signed")
        shoot(seat.window, "signed")
        _look_at_agreement(seat, critic)
        choose(report)
        seat.press(Key.Key_R, CONTROL)
        seat.wait(lambda: _agreement(seat).report.folder is not None)
        critic.look("The report is written")
        shoot(seat.window, "reported")

    sit(home, take_in)
    sit(home, settle_and_report)
    check_all(read_report(report / "report.html"), known.calls)
    _check_pdf(report)
    _check_decisions(report / "decisions.csv")
    _check_disputes(report / "disputes.csv")
    remarks = [remark for critic in critics for remark in critic.remarks]
    assert not remarks, "\n".join(remarks)
    assert len(known.libraries) == 3
    for library in known.libraries:
        assert verify(library, files=FileCheck.HASH).problems == []


def _read_pack(
    sit, known: Known, who: str, at: Path, post: Path, choose, has_a_pause: bool
) -> None:
    """Open the pack, read all of it, with the window closed in the middle or not, return it."""
    reader = Reader(known, who)

    def evening(seat: Seat, critic: Critic) -> None:
        open_pack(seat, critic, choose, known.packs[who], known.keys["home"])
        known.libraries.append(seat.session.folder)
        assert seat.window.page is PageName.READINGS
        critic.look("Opened")
        critic.tab_through("Opened")
        shoot(seat.window, f"opened {who[:3]}")
        begin(seat)
        if has_a_pause:
            read = lambda seat, item: reader.read(seat, item, critic)  # noqa: E731
            assert read_on(seat, read, BEFORE_THE_PAUSE) == BEFORE_THE_PAUSE
            pause(seat)
            critic.look("Paused")
            shoot(seat.window, "paused")
            seat.press(Key.Key_Q, CONTROL)
        else:
            to_the_end(seat, critic)

    def morning(seat: Seat, critic: Critic) -> None:
        seat.settle()
        begin(seat)
        assert conduct(seat).walk.place == BEFORE_THE_PAUSE
        to_the_end(seat, critic)

    def to_the_end(seat: Seat, critic: Critic) -> None:
        read_on(seat, lambda seat, item: reader.read(seat, item, critic))
        finish(seat, critic)
        sign_off(seat, Meaning.READ, "all of it", critic)
        critic.look("Signed")
        known.returns[who], known.keys[who] = return_pack(seat, critic, choose, post)
        seat.press(Key.Key_Q, CONTROL)

    sit(at, evening)
    if has_a_pause:
        sit(at, morning)
    assert len(known.calls[who]) == PATCHES + REPEATS


def _adjudicate(seat: Seat, critic: Critic) -> None:
    seat.go_to(PageName.DISPUTES)
    critic.look("Disputes")
    critic.tab_through("Disputes")
    shoot(seat.window, "disputes")
    assert tuple(sorted(open_queue(seat, DisputeState.OPEN))) == ADJUDICATED
    go_to_patch(seat, TO_CONSENSUS)
    assert look_at_model(seat, critic).startswith("Globally sclerotic")
    ask_why(seat, critic)
    refer(seat, Key.Key_K, REFERRED_BECAUSE[TO_CONSENSUS])
    go_to_patch(seat, SENT_BACK)
    refer(seat, Key.Key_R, REFERRED_BECAUSE[SENT_BACK])
    for patch in ADJUDICATED:
        if patch not in (TO_CONSENSUS, SENT_BACK):
            go_to_patch(seat, patch)
            settle_as(seat, BY_PATCH[patch].truth, REASONS[patch])
    critic.look("Some settled")
    shoot(seat.window, "disputes settled")
    seat.press(Key.Key_T)
    seat.wait(lambda: disputes(seat).queue.state is DisputeState.CONSENSUS)
    seat.settle()
    critic.look("Consensus meeting")
    shoot(seat.window, "meeting")
    assert list(disputes(seat).queue.ids) == [TO_CONSENSUS]
    settle_as(seat, BY_PATCH[TO_CONSENSUS].truth, REASONS[TO_CONSENSUS])
    seat.press(Key.Key_Escape)
    assert open_queue(seat, DisputeState.SENT_BACK) == [SENT_BACK]
    settle_as(seat, BY_PATCH[SENT_BACK].truth, REASONS[SENT_BACK])
    assert tuple(sorted(open_queue(seat, DisputeState.SETTLED))) == ADJUDICATED
    critic.look("All settled")
    shoot(seat.window, "settled")
    cases = see_relabelling(seat, critic)
    assert [row[0] for row in cases if row[-1] == "below 20 %"] == ["case 2"]


def _become(seat: Seat, name: str) -> None:
    """By the menu of readers."""
    seat.choose_reader(name)
    seat.wait(lambda: name in seat.window.bar.reader.text())
    seat.settle()


def _agreement(seat: Seat) -> AgreementPage:
    page = seat.window.page_widget(PageName.AGREEMENT)
    assert isinstance(page, AgreementPage)
    return page


def _look_at_agreement(seat: Seat, critic: Critic) -> None:
    seat.go_to(PageName.AGREEMENT)
    page = _agreement(seat)
    seat.wait(lambda: page.result.shows_content and "95 %" in page.head.intervals.text())
    assert "agree on 17 of 24 patches. Kappa 0.43 (" in page.head.headline.text()
    assert "AC1 0.65 (" in page.head.headline.text()
    critic.look("Agreement")
    critic.tab_through("Agreement")
    page.head.reading.setFocus()
    shoot(seat.window, "agreement")


def _check_pdf(report: Path) -> None:
    """The PDF says every number that the HTML says."""
    html = (report / "report.html").read_text(encoding="utf-8")
    said = re.sub(r"<[^>]+>", " ", html.split("</nav>")[1])
    text = " ".join(page.extract_text() for page in PdfReader(report / "report.pdf").pages)
    missing = Counter(re.findall(r"\b\d\.\d{3}\b", said))
    missing.subtract(re.findall(r"\b\d\.\d{3}\b", text))
    assert not +missing
    for words in (READING, *REASONS.values()):
        assert "".join(words.split()) in "".join(text.split())


def _check_disputes(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["patch"] for row in rows] == [f"Patch {patch}" for patch in DISPUTED]
    for patch, row in zip(DISPUTED, rows, strict=True):
        one = BY_PATCH[patch]
        how = "adjudicated" if patch in ADJUDICATED else "the readers agree since"
        assert (row["state"], row["settled how"]) == ("settled", how)
        assert (row["counts now as"], row["reason"]) == (NAMES[one.truth], REASONS.get(patch, ""))
        calls = tuple(row[f"{who} {when}"] for who in ("AO", "BE") for when in ("at first", "now"))
        assert calls == tuple(NAMES[letter] for letter in (one.ann, one.ann, one.bob, one.last))


def _check_decisions(path: Path) -> None:
    """60 first labels, a change of mind, a flag and a comment; 2 referrals, 6 adjudications."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert Counter(row["what"] for row in rows) == {
        "label": 2 * (PATCHES + REPEATS) + 1,
        "flag": 1,
        "comment": 1,
        "referral": 2,
        "adjudication": 6,
    }
    seen = {
        (row["who"], row["patch"], row["what"], row["old"], row["new"])
        for row in rows
        if "no call" not in row["having seen"]
    }
    looked = f"{TO_CONSENSUS}"
    assert seen == {
        ("Bob Else", f"{CHANGED}", "label", NAMES["S"], NAMES["N"]),
        ("Cora More", looked, "adjudication", "", NAMES["N"]),
    }
    assert {row["why"] for row in rows if row["what"] == "adjudication"} == set(REASONS.values())
    assert {row["why"] for row in rows if row["new"] == NAMES["U"]} == {UNSURE_BECAUSE}
    assert {row["origin"] for row in rows if row["who"] == "Ann Other"}.isdisjoint(
        row["origin"] for row in rows if row["who"] == "Bob Else"
    )
