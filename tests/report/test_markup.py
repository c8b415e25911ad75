"""Tables that would be too wide come in parts."""

from __future__ import annotations

from synaspis.report.markup import MOST_COLUMNS, tables_of

LEAD = [("nation", "c"), ("at risk", "n")]
ROWS = [(["TUR", "25 M"], ["0", "0"]), (["AUT", "0"], ["0", "0"]), (["ROU", "2 M"], ["1", "2"])]


def test_readings_stand_side_by_side_where_they_fit() -> None:
    told = tables_of("Each nation", LEAD, ["a", "b"], [("protected", ROWS), ("leakers", ROWS)])
    assert told.count("<table>") == 1
    assert 'colspan="2"' in told and "protected" in told and "leakers" in told
    assert told.count("AUT") == 1


def test_each_reading_has_a_table_of_its_own_where_they_do_not() -> None:
    names = [f"regime {i}" for i in range(MOST_COLUMNS)]
    rows = [(["TUR", "25 M"], ["0"] * MOST_COLUMNS), (["ROU", "2 M"], ["1"] * MOST_COLUMNS)]
    told = tables_of("Each nation", LEAD, names, [("protected", rows), ("leakers", rows)])
    assert told.count("<table>") == 2
    assert "Each nation: protected" in told and "Each nation: leakers" in told
    assert told.count("regime 3") == 2


def test_a_table_of_its_own_leaves_out_who_has_nothing_at_all() -> None:
    rows = [(lead, cells * 5) for lead, cells in ROWS]
    names = [f"regime {i}" for i in range(10)]
    told = tables_of("Each nation", LEAD, names, [("protected", rows)])
    assert "AUT" not in told
    assert "TUR" in told and "ROU" in told
    batteries = tables_of("Rounds", [("battery", "c")], names, [("kills", [(["north"], ["0"] * 10)])])
    assert "north" in batteries
