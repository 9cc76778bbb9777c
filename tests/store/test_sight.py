"""What a reader may see while he reads independently: of every query that there is."""

import contextlib

import pytest
from telltales import leaves, telltales
from two_worlds import COPY, HIDDEN, NEVER_SHOWN, OPEN, make_world, steady

from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.store import pending, schema, sight, sight_views
from glomviewer.store.adding import NewPatch
from glomviewer.store.errors import LibraryError, Refused
from glomviewer.store.export_values import ExportOptions
from glomviewer.store.exporting import export_class_folders, export_labels
from glomviewer.store.journal import Act
from glomviewer.store.library import Library
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


@contextlib.contextmanager
def worlds(folder, monkeypatch):
    """Both worlds, one after the other in the same place: a path must not tell them apart."""
    made = []
    for number in (0, 1):
        steady(monkeypatch)
        made.append(make_world(folder / str(number), number))
    try:
        yield made
    finally:
        for world in made:
            world.library.close()


@pytest.fixture
def both(tmp_path, monkeypatch):
    with worlds(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def world(both):
    return both[0]


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """Both worlds, for tests that only look at them."""
    folder = tmp_path_factory.mktemp("standing")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GLOMVIEWER_HOME", str(folder / "home"))
        with worlds(folder, patched) as made:
            yield made


def seen_anew(standing):
    """What the tables of both worlds tell by the views as they are now."""
    told = []
    for world in standing:
        world.library._blinded_reads.close()
        told.append((world, tables_of(world)))
        world.library._blinded_reads.close()
    return differing(*told)


def differing(first, second):
    """Where the answers of two worlds differ."""
    told = [{place: world.plain(leaf) for place, leaf in leaves(answer)} for world, answer in
            (first, second)]  # fmt: skip
    places = told[0].keys() | told[1].keys()
    return sorted(
        f"{place}: {told[0].get(place)!r} / {told[1].get(place)!r}"
        for place in places
        if repr(told[0].get(place)) != repr(told[1].get(place))
    )


def test_every_public_method_is_asked_or_said_why_not():
    public = {name for name in dir(Library) if not name.startswith("_")}
    asked = QUESTIONS.keys() | ACTS.keys() | NOT_ASKED.keys()
    assert public == asked
    assert len(asked) == len(QUESTIONS) + len(ACTS) + len(NOT_ASKED)


def test_a_blinded_reader_finds_no_telltale_in_any_answer(both):
    for world in both:
        told = telltales(everything(world), world.texts, world.numbers)
        # The label set is no secret, and a gesture may have any number.
        assert [one for one in told if ".targets{" not in one and ".batch:" not in one] == []


def test_no_answer_depends_on_what_a_blinded_reader_may_not_know(both):
    answers = [everything(world) for world in both]
    for name in answers[0]:
        assert differing((both[0], answers[0][name]), (both[1], answers[1][name])) == [], name


def test_the_walk_finds_what_everybody_else_may_see(world):
    world.library.viewer = None
    for name in ("patches", "history", "names_of", "patch_scores", "ratings", "roots", "journal"):
        assert telltales(QUESTIONS[name](world), world.texts, world.numbers), name


def test_a_planted_query_is_found(world):
    class Leaky(Library):
        def leaked(self):
            with self.read() as connection:
                return connection.exec_driver_sql("SELECT name FROM main.files").scalars().all()

    world.library.__class__ = Leaky
    assert telltales(world.library.leaked(), world.texts)
    with pytest.raises(AssertionError):
        public = {name for name in dir(Leaky) if not name.startswith("_")}
        assert public == QUESTIONS.keys() | ACTS.keys() | NOT_ASKED.keys()


@pytest.mark.parametrize("table", sorted(sight_views.VIEWS))
def test_a_table_without_its_view_is_found(table, standing, monkeypatch):
    monkeypatch.delitem(sight_views.VIEWS, table)
    assert seen_anew(standing)


def test_by_all_views_the_tables_tell_both_worlds_alike(standing):
    assert seen_anew(standing) == []


def _masks():
    return [
        (table, column)
        for table, view in sight_views.VIEWS.items()
        for column in (*view.masks, *view.always)
    ]


# These can't differ as long as the rows that they could be in are not there.
NEVER_ALONE = {("reading_items", "repeat_of")}


@pytest.mark.parametrize(("table", "column"), sorted(set(_masks()) - NEVER_ALONE))
def test_a_column_without_its_mask_is_found(table, column, standing, monkeypatch):
    view = sight_views.VIEWS[table]
    for masks in (view.masks, view.always):
        if column in masks:
            monkeypatch.delitem(masks, column)
    assert seen_anew(standing)


def test_every_table_and_every_column_of_a_patch_is_classified():
    assert sight_views.VIEWS.keys() | sight_views.SEEN_AS_THEY_ARE == set(schema.metadata.tables)
    assert not sight_views.VIEWS.keys() & sight_views.SEEN_AS_THEY_ARE
    for table, seen in sight_views.SEEN_COLUMNS.items():
        view = sight_views.VIEWS[table]
        columns = set(schema.metadata.tables[table].columns.keys())
        assert columns == view.masks.keys() | view.always.keys() | seen


def test_a_repeat_is_not_told_by_any_table(world):
    sql = "SELECT count(repeat_of), count(*) FROM reading_items WHERE reading_id = 1"
    with world.library.read() as connection:
        rows = connection.exec_driver_sql(sql)
        assert rows.one() == (0, 10)
    world.library.viewer = None
    with world.library.read() as connection:
        rows = connection.exec_driver_sql(sql)
        assert rows.one() == (4, 20)


def test_nothing_changes_for_others(world):
    told = world.library.names_of([1])
    for who in (world.library.add_reader("Dora New", "DN").id, None):
        world.library.viewer = who
        assert world.library.names_of([1]) == {1: "sclerosed 1.png"}
        assert not world.library.image_sources_of([1])[1].is_hidden
    world.library.viewer = world.ann
    assert world.library.names_of([1]) == told
    assert told[1].startswith("Patch ")


def test_those_who_write_see_the_tables_themselves(world):
    world.library.load_table(world.ann)
    for _ in range(20):
        with world.library.write() as connection:
            views = connection.exec_driver_sql("SELECT count(*) FROM sqlite_temp_master")
            assert views.scalar_one() == 0
            name = connection.exec_driver_sql("SELECT name FROM files WHERE patch_id = 1")
            assert name.scalar_one() == "sclerosed 1.png"
        with world.library.read() as connection:
            name = connection.exec_driver_sql("SELECT name FROM files WHERE patch_id = 1")
            assert name.scalar_one().startswith("Patch ")


def test_a_blinded_connection_cannot_write(world):
    with world.library.read() as connection, pytest.raises(Exception, match=r"readonly|view"):
        connection.exec_driver_sql("UPDATE readers SET name = 'x'")


def test_all_is_told_once_the_reader_has_finished(world):
    world.library.finish_reading(reading=world.reading, reader=world.ann, reason="enough")
    assert world.library.names_of([1]) == {1: "sclerosed 1.png"}
    assert any(decision.reader.id == world.bob for decision in world.library.history(1))


def test_all_is_told_once_the_reading_is_closed(world):
    world.library.viewer = None
    world.library.close_reading(reading=world.reading, reason="enough")
    world.library.viewer = world.ann
    assert world.library.names_of([1]) == {1: "sclerosed 1.png"}


def test_a_reveal_tells_the_call_of_its_patch_alone(tmp_path, monkeypatch):
    steady(monkeypatch)
    protocol = Protocol(repeats=0, reveal=Reveal.AFTER, needed=2)
    world = make_world(tmp_path / "0", 0, protocol=protocol)
    with world.library as library:
        view = library.load_model_view(table_of(world), world.model)
        told = set(table_of(world).ids[view.calls() >= 0].tolist())
        done = {item.patch for item in library.reading_items(world.reading, world.ann)[:3]}
        assert told == (done | set(OPEN)) - {8}
        assert telltales(library.history(FIRST), world.texts) == []


def test_names_of_hidden_patches_tell_neither_order_nor_repeats(world):
    names = world.library.names_of(HIDDEN)
    numbers = [int(names[patch].removeprefix("Patch ")) for patch in HIDDEN]
    assert sorted(numbers) == sorted(set(numbers))
    assert numbers != sorted(numbers)
    table = table_of(world)
    ranked = sorted(HIDDEN, key=lambda patch: table["name_rank"][table.rows_of((patch,))[0]])
    assert ranked == sorted(HIDDEN, key=lambda patch: int(names[patch].split()[1]))


def test_a_copy_of_a_hidden_patch_is_hidden_with_it(world):
    assert world.library.names_of([COPY])[COPY].startswith("Patch ")
    world.library.viewer = None
    world.library.add_patches(
        [NewPatch("late.png", "late sclerosed.png", "e" * 64, "sclerosed pixels 4", 300, 311)],
        root=world.folder / "open slides",
    )
    world.library.viewer = world.ann
    assert world.library.names_of([14])[14].startswith("Patch ")
    with world.library.read(unblinded=True) as connection:
        assert pending.differences(connection) == 0


def test_an_image_file_says_nothing_of_itself(world):
    file = world.library.image_sources_of([FIRST])[FIRST]
    assert "sclerosed" in str(file.path)
    assert "sclerosed" not in f"{file!r} {file}"


def test_hidden_calls_are_those_of_the_asking_connection(world):
    with world.library.read() as connection:
        assert sight.hidden_calls(connection).tolist() == [*HIDDEN, COPY]
    with world.library.read(unblinded=True) as connection:
        assert sight.hidden_calls(connection).tolist() == []


def test_a_name_that_was_known_leads_nowhere(world):
    assert patches_by_name(world.library, ["sclerosed 1", "open 9"]) == {
        "sclerosed 1": [],
        "open 9": [9],
    }


@pytest.mark.parametrize("name", ["export_labels", "export_class_folders", "library_rows"])
def test_what_would_leave_the_library_is_refused(name, world):
    assert isinstance(FUNCTIONS[name](world), Refused)
    assert not (world.folder / "labels.csv").exists()
    assert not (world.folder / "out").exists()
