"""All that can be asked of a library, or done to it, before the eyes of a blinded reader."""

from two_worlds import COPY, HIDDEN, NEVER_SHOWN, OPEN

from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.readings.records import Meaning
from glomviewer.store import schema
from glomviewer.store.errors import LibraryError
from glomviewer.store.export_values import ExportOptions
from glomviewer.store.exporting import export_class_folders, export_labels
from glomviewer.store.journal import Act
from glomviewer.store.patch_names import PatchNames, patches_by_name
from glomviewer.store.report_source import decision_rows, library_rows

ALL = (*HIDDEN, *OPEN, COPY)
FIRST = HIDDEN[0]

QUESTIONS = {
    "active_model": lambda w: w.library.active_model(),
    "backups": lambda w: len(w.library.backups()),
    "case_summaries": lambda w: w.library.case_summaries(w.ann),
    "check_passphrase": lambda w: w.library.check_passphrase(w.ann, "no"),
    "corrections_since": lambda w: w.library.corrections_since({}),
    "dispute": lambda w: [answered(lambda p=p: w.library.dispute(p)) for p in ALL],
    "dispute_counts": lambda w: [
        w.library.dispute_counts(),
        w.library.dispute_counts(reading=w.reading),
    ],
    "dispute_rows": lambda w: w.library.dispute_rows(ALL),
    "disputes": lambda w: [
        w.library.disputes(state, reading)
        for state in DisputeState
        for reading in (None, w.reading)
    ],
    "known_keys": lambda w: w.library.known_keys(),
    "pack_library": lambda w: w.library.pack_library(),
    "relabelling": lambda w: w.library.relabelling(),
    "folder": lambda w: w.library.folder,
    "history": lambda w: [w.library.history(patch) for patch in ALL],
    "image_sources_of": lambda w: w.library.image_sources_of(ALL),
    "journal": lambda w: w.library.journal(limit=1000),
    "journal_count": lambda w: [w.library.journal_count(kinds=(kind,)) for kind in Act],
    "labels_before_adjudication": lambda w: w.library.labels_before_adjudication(),
    "later_changes": lambda w: w.library.later_changes(w.reading),
    "load_model_scores": lambda w: w.library.load_model_scores(table_of(w), w.model),
    "load_model_view": lambda w: w.library.load_model_view(table_of(w), w.model, w.model),
    "load_table": lambda w: [w.library.load_table(who) for who in (w.ann, w.bob, None)],
    "log_position": lambda w: w.library.log_position(),
    "looks": lambda w: w.library.looks(),
    "model": lambda w: w.library.model(w.model),
    "model_call": lambda w: [w.library.model_call(patch, w.model) for patch in ALL],
    "models": lambda w: w.library.models(),
    "names_of": lambda w: w.library.names_of(ALL),
    "next_redo": lambda w: [w.library.next_redo(who) for who in (w.ann, w.bob, w.cara)],
    "next_undo": lambda w: w.library.next_undo(w.ann),
    "origin": lambda w: w.library.origin,
    "patch": lambda w: [w.library.patch(patch) for patch in ALL],
    "patch_scores": lambda w: w.library.patch_scores(w.model),
    "patches": lambda w: w.library.patches(ALL),
    "paths_of": lambda w: w.library.paths_of(ALL),
    "prediction_failures": lambda w: w.library.prediction_failures(w.model),
    "previous_model": lambda w: w.library.previous_model(),
    "still_read_in": lambda w: [w.library.still_read_in(patch) for patch in ALL],
    "waiting_readings": lambda w: [w.library.waiting_readings(who) for who in (w.ann, w.bob)],
    "promotions": lambda w: w.library.promotions(),
    "ratings": lambda w: [
        w.library.ratings(),
        answered(lambda: w.library.ratings(w.reading)),
    ],
    "read_only": lambda w: w.library.read_only,
    "read_only_sentence": lambda w: w.library.read_only_sentence,
    "reader": lambda w: w.library.reader(w.bob),
    "readers": lambda w: w.library.readers(),
    "reading": lambda w: w.library.reading(w.reading),
    "reading_items": lambda w: [
        answered(lambda who=who: w.library.reading_items(w.reading, who)) for who in (w.ann, w.bob)
    ],
    "reading_names": lambda w: w.library.reading_names(),
    "reading_patches": lambda w: w.library.reading_patches(w.reading),
    "readings": lambda w: w.library.readings(w.ann),
    "refresh_rows": lambda w: refreshed(w),
    "revealed_call": lambda w: [
        answered(lambda n=n: w.library.revealed_call(reader=w.ann, item=n)) for n in range(1, 21)
    ],
    "roots": lambda w: w.library.roots(),
    "run": lambda w: w.library.run("run"),
    "runs": lambda w: w.library.runs(),
    "saved_filters": lambda w: w.library.saved_filters(),
    "setting": lambda w: w.library.setting("threshold undo"),
    "signoffs": lambda w: [w.library.signoffs(), w.library.signoffs(w.reading)],
    "source_counts": lambda w: [
        w.library.source_counts(),
        *(w.library.source_counts([patch]) for patch in ALL),
    ],
    "threshold_history": lambda w: w.library.threshold_history(w.model),
    "training_counts": lambda w: w.library.training_counts(),
    "training_manifest": lambda w: w.library.training_manifest(),
    "why": lambda w: [answered(lambda p=p: w.library.why(p)) for p in ALL],
    "why_model_is_kept": lambda w: w.library.why_model_is_kept(w.model),
}
"""What can be asked, and has to be asked of every patch."""

ACTS = {
    "add_look": lambda w: w.library.add_look("so", w.ann),
    "add_patches": lambda w: w.library.add_patches([], root=w.folder),
    "add_reader": lambda w: w.library.add_reader("Dora New", "DN"),
    "add_run": lambda w: w.library.add_run("other", recipe="head"),
    "adjudicate": lambda w: on_each(
        lambda p: w.library.adjudicate(reader=w.ann, patch=p, label=1), ALL
    ),
    "assign_splits": lambda w: w.library.assign_splits(),
    "backup_if_due": lambda w: bool(w.library.backup_if_due()),
    "change_after_reveal": lambda w: on_each(
        lambda n: w.library.change_after_reveal(reader=w.ann, item=n, label=0), range(12, 21)
    ),
    "check_files": lambda w: w.library.check_files(lambda *_: None),
    "comment": lambda w: on_each(
        lambda p: w.library.comment(reader=w.ann, patch=p, text="so"), ALL
    ),
    "comment_on_item": lambda w: on_each(
        lambda n: w.library.comment_on_item(reader=w.ann, item=n, text="so"), range(1, 21)
    ),
    "commit_item": lambda w: on_each(
        lambda n: w.library.commit_item(reader=w.ann, item=n, label=1), range(1, 21)
    ),
    "count_look": lambda w: w.library.count_look("other", "so"),
    "create_reading": lambda w: w.library.create_reading(
        name="more", patches=ALL, protocol=NEVER_SHOWN, readers=[w.bob, w.cara], seed=2
    ),
    "decide": lambda w: on_each(
        lambda p: w.library.decide(reader=w.ann, patches=[p], label=1), ALL
    ),
    "decide_many": lambda w: answered(
        lambda: w.library.decide_many(reader=w.ann, labels=dict.fromkeys(ALL, 1))
    ),
    "delete_filter": lambda w: w.library.delete_filter("flagged"),
    "exclude": lambda w: on_each(
        lambda p: w.library.exclude(reader=w.ann, patches=[p], reason="so"), ALL
    ),
    "export_labels": lambda w: answered(
        lambda: w.library.export_labels(target=w.folder / "to.glomlabels")
    ),
    "export_model_pack": lambda w: answered(
        lambda: w.library.export_model_pack(model=w.model, target=w.folder / "to.glommodel")
    ),
    "export_reading_pack": lambda w: answered(
        lambda: w.library.export_reading_pack(
            reading=w.reading, reader=w.ann, target=w.folder / "to.glompack"
        )
    ),
    "export_return": lambda w: answered(
        lambda: w.library.export_return(target=w.folder / "to.glomreturn")
    ),
    "flag": lambda w: on_each(lambda p: w.library.flag(reader=w.ann, patches=[p]), ALL),
    "flag_item": lambda w: on_each(
        lambda n: w.library.flag_item(reader=w.ann, item=n), range(1, 21)
    ),
    "include": lambda w: on_each(lambda p: w.library.include(reader=w.ann, patches=[p]), ALL),
    "mark_seen": lambda w: w.library.mark_seen(reader=w.ann, patches=ALL),
    "note_model": lambda w: w.library.note_model(w.model, "so"),
    "promote": lambda w: answered(lambda: w.library.promote(w.model, reader=w.ann)),
    "record": lambda w: w.library.record(Act.EXPORT, "so", reader=w.ann),
    "refer": lambda w: on_each(
        lambda p: w.library.refer(reader=w.ann, patches=[p], to=Referral.CONSENSUS), ALL
    ),
    "remove_model": lambda w: answered(lambda: w.library.remove_model(w.model)),
    "rename_model": lambda w: w.library.rename_model(w.model, "other"),
    "roll_back": lambda w: answered(lambda: w.library.roll_back(reader=w.ann)),
    "save_filter": lambda w: w.library.save_filter("mine", PatchQuery()),
    "set_setting": lambda w: w.library.set_setting("mine", 1),
    "set_threshold": lambda w: w.library.set_threshold(w.model, 0.25, reader=w.ann),
    "sign_off": lambda w: answered(
        lambda: w.library.sign_off(reading=w.reading, reader=w.ann, meaning=Meaning.APPROVED)
    ),
    "store_predictions": lambda w: w.library.store_predictions(w.model, [(9, 0.25, "")]),
    "undo": lambda w: [answered(lambda: w.library.undo(reader=w.ann)) for _ in range(60)],
    "redo": lambda w: [answered(lambda: w.library.redo(reader=w.ann)) for _ in range(60)],
    "update_run": lambda w: w.library.update_run("run", message="so"),
    "withdraw_key": lambda w: answered(
        lambda: w.library.withdraw_key("ABCD-EFGH-IJKL-MNOP", reason="so")
    ),
    "close_reading": lambda w: answered(
        lambda: w.library.close_reading(reading=w.reading, reason="so")
    ),
}
"""What can be done, of which the answer is looked at too."""

NOT_ASKED = {
    "acting": "says who sits there",
    "add_model": "takes a folder, and says its own title",
    "backup_now": "writes beside the library's database, and says the copy's name",
    "close": "ends it",
    "create": "makes another library",
    "export_log": "goes into a signed file for another machine; see the tests of packs",
    "finish_reading": "ends the blindness",
    "glance_at_pack": "says what a file says of itself",
    "heads": "hashes of chains, which tell nothing of what they were made of",
    "merge": "reads a foreign log; the numbers of its rows are told",
    "merge_pack": "reads a file that others have signed; the numbers of its rows are told",
    "merge_library": "reads a foreign log; the numbers of its rows are told",
    "note": "writes into a given transaction",
    "open": "opens another library",
    "read": "is what the queries ask; its tables are walked as they are",
    "refuse_unless_writable": "refuses",
    "refuse_while_blinded": "refuses",
    "repoint_root": "says the folder that it was given",
    "set_passphrase": "is about the reader alone",
    "unpredicted": "patches for a worker: those without a prediction, in the order of their ids",
    "write": "a transaction sees what there is",
}
"""What is not walked here, and why it need not be."""

FUNCTIONS = {
    "PatchNames": lambda w: PatchNames(w.library),
    "patches_by_name": lambda w: patches_by_name(w.library, ["open 9", "Patch 1"]),
    "export_labels": lambda w: answered(
        lambda: export_labels(w.library, w.folder / "labels.csv", ExportOptions())
    ),
    "export_class_folders": lambda w: answered(
        lambda: export_class_folders(w.library, w.folder / "out", ExportOptions())
    ),
    "library_rows": lambda w: answered(lambda: library_rows(w.library, w.reading)),
    "decision_rows": lambda w: answered(lambda: list(decision_rows(w.library, w.reading))),
}


def answered(call):
    """The answer, or what was said instead of one."""
    try:
        return call()
    except LibraryError as error:
        return error


def on_each(act, subjects):
    return [answered(lambda subject=subject: act(subject)) for subject in subjects]


def table_of(world):
    return world.library.load_table(world.ann)


def refreshed(world):
    table = table_of(world)
    world.library.refresh_rows(table, ALL, world.ann)
    return table


def tables_of(world):
    """Every row of every table, as a query on them would find it."""
    with world.library.read() as connection:
        return {
            table: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
            for table in schema.metadata.tables
        }


def everything(world):
    """All answers, in an order in which none spoils the next."""
    told = {name: ask(world) for name, ask in (QUESTIONS | FUNCTIONS).items()}
    told["tables"] = tables_of(world)
    told |= {f"{name} done": answered(lambda act=act: act(world)) for name, act in ACTS.items()}
    return told
