"""What a reader may see while he reads independently: of every query that there is."""

import contextlib

import pytest
from asked_blind import (
    ACTS,
    FIRST,
    FUNCTIONS,
    NOT_ASKED,
    QUESTIONS,
    everything,
    table_of,
    tables_of,
)
from telltales import leaves, telltales
from two_worlds import COPY, HIDDEN, OPEN, make_world, steady

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.store import pending, schema, sight, sight_views
from glomviewer.store.adding import NewPatch
from glomviewer.store.errors import Refused
from glomviewer.store.library import Library
from glomviewer.store.patch_names import patches_by_name


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
