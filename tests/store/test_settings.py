"""What a library remembers."""

from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.store.library import Library


def test_settings_hold_any_json_value_and_do_not_reach_the_librarys_own(library):
    library.set_setting("label_set", ["mine"])
    library.close()
    with Library.open(library.folder) as again:
        assert again.setting("label_set") == ["mine"]
        assert again.setting("unknown", 3) == 3
        assert again.label_set.labels


def test_filters_are_saved_by_name(library):
    query = PatchQuery(queue=Queue.DISPUTED, cases=("case 1",))
    library.save_filter("mine", PatchQuery())
    library.save_filter("mine", query)
    assert library.saved_filters() == {"mine": query}
    library.delete_filter("mine")
    assert library.saved_filters() == {}


def test_a_filter_of_another_version_is_left_out(library):
    with library.write() as connection:
        connection.exec_driver_sql("INSERT INTO saved_filters VALUES ('odd', '{\"queue\": 1}')")
    assert library.saved_filters() == {}


def test_a_reader_is_added_once(library):
    first = library.add_reader(" Ann Other ", "AO")
    assert library.add_reader("Ann Other", "AO") == first
    assert library.readers() == [first]
