"""The chapters on what came of a reading: disputes, changes of mind, model, cases, sign-off."""

from __future__ import annotations

from dataclasses import replace

from glomviewer.domain.agreement.percentages import RelabelledCase
from glomviewer.domain.report.study import Call, Dispute, StudyReport
from glomviewer.jobs.reporting import words
from glomviewer.jobs.reporting.agreement_chapters import matrix
from glomviewer.jobs.reporting.footnotes import Footnotes
from glomviewer.jobs.reporting.pages import Chapter, Grid, number, text
from glomviewer.store.scanning import natural_key


def disputes(report: StudyReport) -> Chapter:
    part = report.disputes
    shown = Grid(
        "Every patch on which calls differ, or did at first",
        (
            text("Patch", 9),
            text("Calls", 27),
            text("Stands", 14),
            text("Counts now as", 13),
            text("By, and when", 23),
            text("Reason", 14),
        ),
        tuple(map(_dispute, part.disputes)),
        note="Kept: the model's call was shown and the reader kept his own. Then: what he called "
        "it after the model's call was shown. Since: what he called it later without that.",
        empty="No calls differ, and none did at first.",
    )
    facts = (
        ("Disputes", words.count(len(part.disputes))),
        *((f"{text[:1].upper()}{text[1:]}", words.count(number)) for text, number in part.states),
        *((f"Settled: {text}", words.count(number)) for text, number in part.endings),
    )
    return Chapter("Disputes", (part.rule,) if part.rule else (), facts, (shown,))


def _dispute(one: Dispute) -> tuple[str, ...]:
    calls = [_call(call) for call in one.calls]
    if one.model:
        calls.append(f"Model: {one.model}")
    return (
        f"{one.patch}\n{one.case}" if one.case else one.patch,
        "\n".join(calls),
        one.standing,
        words.cell(one.outcome),
        f"{one.by}\n{words.moment(one.at)}" if one.by else words.NOTHING,
        words.cell(one.reason),
    )


def _call(call: Call) -> str:
    said = f"{call.reader}: {call.first or 'no call of his own'}"
    if call.final != call.first:
        said += f", {'then' if call.revealed else 'since'} {call.final or 'none'}"
    elif call.revealed:
        said += ", kept"
    return f"{said} “{call.comment}”" if call.comment else said


def reveals(report: StudyReport) -> Chapter:
    done = Grid(
        "What became of first calls",
        (
            text("Reader", 32),
            number("Shown the call", 17),
            number("Kept", 17),
            number("Changed", 17),
            number("Changed, and judged", 17),
        ),
        tuple(
            (
                one.reader,
                words.count(one.shown),
                words.count(one.shown - one.changed),
                words.count(one.changed),
                words.count(one.judged_changes),
            )
            for one in report.reveals
        ),
        empty="The model's call was shown to nobody after a call of his own.",
    )
    notes = Footnotes()
    judged = Grid(
        "Right calls overturned and wrong ones repaired",
        (
            text("Reader", 20),
            number("Overturned, of right ones", 20),
            number("of these, where the model was wrong", 20),
            number("Repaired, of wrong ones", 20),
            number("of these, where the model was right", 20),
        ),
        tuple(
            (
                one.reader,
                words.rate(one.judged.overturned, notes),
                words.rate(one.judged.overturned_by_wrong, notes),
                words.rate(one.judged.repaired, notes),
                words.rate(one.judged.repaired_by_right, notes),
            )
            for one in report.reveals
        ),
    )
    said = (
        "Right and wrong are by the reference label as no reveal can have touched it (see above), "
        "on patches that have one and that the model was not trained on. A change by which a "
        "dispute ended is judged only where somebody has adjudicated the patch."
    )
    grids = (done, replace(judged, note=notes.text)) if report.reveals else (done,)
    sentences = (said,) if report.reveals else ()
    return Chapter("Changes after the model's call was shown", sentences, grids=grids)


def model(report: StudyReport) -> Chapter:
    part = report.model
    if not part.name:
        return Chapter("Model on the reference labels", (part.reason or "There is no model.",))
    facts = (
        ("Model", part.name),
        ("Version", part.version),
        ("Threshold", part.threshold),
        ("Patches judged", words.count(part.patches)),
        ("Left out: trained on", words.count(part.trained_on)),
        ("Left out: no reference label", words.count(part.without_reference)),
        ("Left out: no prediction", words.count(part.without_call)),
    )
    notes = Footnotes()
    figures = Grid(
        "Against the reference labels, on patches that it was not trained on",
        (text("Figure", 40), number("Value (95 % interval)", 40), number("Patches", 20)),
        tuple((name, words.figure(one, notes), words.count(one.n)) for name, one in part.figures),
        empty=part.reason or "There is no patch to judge it on.",
    )
    figures = replace(figures, note=notes.text)
    grids = (figures,) if part.matrix is None else (figures, matrix(part.matrix))
    said = (
        "Judged by the reference label as no reveal can have touched it (see above); labels that "
        "are no class are left out."
    )
    return Chapter("Model on the reference labels", (said,), facts, grids)


def cases(report: StudyReport) -> Chapter:
    part = report.cases
    found = part.relabelling
    grid = Grid(
        "Globally sclerotic glomeruli per case, with 95 % interval (Wilson)",
        (
            text("Case", 16),
            number("Before", 20),
            number("Patches", 10),
            number("After", 20),
            number("Patches", 10),
            text(f"Category at {words.cut_offs(found.cut_offs)}", 24),
        ),
        tuple(
            _case(case, found.cut_offs)
            for case in sorted(found.cases, key=lambda one: natural_key(one.case))
        ),
        empty="No labelled patch of this reading belongs to a case.",
    )
    return Chapter(
        "Percentage globally sclerotic, before and after settling",
        (f"Before: {part.before}. After: {part.after}.", words.moved(found)),
        grids=(grid,),
    )


def _case(case: RelabelledCase, cut_offs: tuple[float, ...]) -> tuple[str, ...]:
    category = words.category(case.category_after, cut_offs)
    if case.changes_category:
        before = words.category(case.category_before, cut_offs)
        category = f"changes: {before} to {category}"
    return (
        case.case,
        words.proportion(case.before),
        words.of(case.before),
        words.proportion(case.after),
        words.of(case.after),
        category,
    )


def sign_offs(report: StudyReport) -> Chapter:
    signed = Grid(
        "Signed",
        (
            text("Reader", 17),
            text("Meaning", 11),
            text("When", 21),
            text("Note", 17),
            text("Heads of the chains", 34),
        ),
        tuple(
            (
                one.reader,
                one.meaning,
                words.moment(one.at),
                words.cell(one.note),
                words.cell(one.heads),
            )
            for one in report.sign_offs
        ),
        empty="Nobody has signed this reading off.",
    )
    late = Grid(
        "Changed after a sign-off",
        (
            text("Patch"),
            text("Reader"),
            text("What"),
            text("Old"),
            text("New"),
            text("When"),
            text("Reason"),
        ),
        tuple(
            (
                one.patch,
                one.reader,
                one.what,
                words.cell(one.old),
                words.cell(one.new),
                words.moment(one.at),
                words.cell(one.reason),
            )
            for one in report.late_changes
        ),
        empty="Nothing has been changed after a sign-off.",
    )
    return Chapter("Sign-off", grids=(signed, late))


def log(report: StudyReport) -> Chapter:
    chains = Grid(
        "Heads of the chains, one for each installation that has written here",
        (
            text("Origin", 14),
            text("Readers there", 14),
            number("Rows", 8),
            text("Head (SHA-256)", 64),
        ),
        tuple(
            (one.origin, words.cell(one.readers), words.count(one.rows), one.head)
            for one in report.chains
        ),
        note="Reports and backups are rows too; those at the end of a chain are not counted here, "
        "so that a report made again is the same.",
        empty="Nothing has been written yet.",
    )
    keys = Grid(
        "Keys whose signatures this library takes",
        (text("Whose"), text("Fingerprint"), text("Compared")),
        tuple((one.place, one.fingerprint, words.moment(one.trusted)) for one in report.keys),
        empty="No key of another installation is known.",
    )
    return Chapter("Log", grids=(chains, keys))
