from hypothesis import given
from hypothesis import strategies as st

from hoeder.inventory.parts import PART_BYTES, PART_OBJECTS, Part, divide

SIZES = st.dictionaries(st.text(min_size=1, max_size=6), st.integers(0, 2 * PART_BYTES), max_size=30)


@given(SIZES)
def test_every_table_is_in_exactly_one_part_and_no_shared_part_is_too_large(sizes: dict[str, int]) -> None:
    parts = divide(sizes)
    assert sorted(name for part in parts for name in part) == sorted(sizes)
    for part in parts:
        assert len(part) == 1 or sum(sizes[name] for name in part) <= PART_BYTES


def test_a_large_table_is_read_by_a_task_of_its_own() -> None:
    sizes = {"a": 10, "big": PART_BYTES, "c": 10}
    assert sorted(divide(sizes)) == [["a", "c"], ["big"]]


def test_a_store_of_very_many_small_tables_is_divided_as_well() -> None:
    parts = divide({f"t{n:04}": 0 for n in range(2 * PART_OBJECTS + 1)})
    assert [len(part) for part in parts] == [PART_OBJECTS, PART_OBJECTS, 1]


@given(st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True), st.integers(0, 10**12), st.integers(1, 10**4))
def test_a_parts_name_leads_back_to_it(store: str, scan: int, part: int) -> None:
    assert Part.parse(str(Part(store, scan, part))) == Part(store, scan, part)
