"""Heat tables: the worst languages first, ten of them at once, shaded; marks where text is lost."""

import pyarrow as pa
import pytest

from tokaudit import grids, shades
from tokaudit.columns import count, figure
from tokaudit.grids import LOSSY, LOSSY_SUM
from tokaudit.tables import table

SCHEMA = pa.schema(
    [
        figure("torn", "share torn", "lower", heat=True),
        figure("kept", "share kept", "higher", heat=True),
        count("altered_rows", "rows altered"),
    ]
)


def rows(torn, kept=(), altered=0):
    """Lay shares out: `torn[spec][lang]`."""
    return table(
        SCHEMA,
        [
            (
                spec,
                lang,
                {"torn": share, "kept": dict(kept).get(lang, 1.0), "altered_rows": altered},
            )
            for spec, shares in torn.items()
            for lang, share in shares.items()
        ],
    )


def laid_out(found, *columns):
    specs = {spec: spec for spec in found["tokenizer"].unique().to_pylist()}
    return list(shades.main_grids(found, columns, specs))


def written(grid):
    return [[cell.text for cell in row] for row in grid.rows]


def test_languages_come_by_the_worst_figure_of_any_tokenizer():
    (grid,) = laid_out(
        rows({"one": {"a": 0.2, "b": 0.0, "c": None}, "two": {"a": 0.1, "b": 0.7, "c": 0.3}}),
        "torn",
    )
    assert [row[0].text for row in grid.rows] == ["b", "c", "a"]
    assert written(grid)[0][2:] == ["0.000", "█ 0.700"]
    assert written(grid)[1][2:] == ["–", "▓ 0.300"]
    assert written(grid)[2][2:] == ["▒ 0.200", "▒ 0.100"]
    assert shades.NOTE in grid.notes


def test_where_more_is_better_the_least_is_the_worst():
    (grid,) = laid_out(
        rows({"one": {"a": 0.0, "b": 0.0}, "two": {"a": 0.0, "b": 0.0}}, {"b": 0.5}.items()), "kept"
    )
    assert written(grid)[0][2:] == ["▓ 0.500", "▓ 0.500"]
    assert written(grid)[1][2:] == ["1.000", "1.000"]


@pytest.mark.parametrize("specs", [["one"], ["one", "two"]])
def test_the_worst_ten_are_shown_and_all_of_them_behind(specs):
    shares = {f"l{place:02}": place / 20 for place in range(20)}
    worst, every = laid_out(rows(dict.fromkeys(specs, shares)), "torn")
    assert [row[0].text for row in worst.rows] == [f"l{n:02}" for n in range(19, 9, -1)]
    assert "worst 10 of 20 languages" in worst.title
    assert not worst.detail and every.detail and len(every.rows) == 20


def test_one_language_is_a_table_of_tokenizers():
    (grid,) = laid_out(rows({"one": {"a": 0.5}, "two": {"a": 0.25}}), "torn", "kept")
    assert written(grid) == [["one", "0.500", "1.000"], ["two", "0.250", "1.000"]]


def test_a_tokenizer_that_loses_text_is_marked_in_every_table_and_never_the_best():
    found = rows({"one": {"a": 0.0, "b": 0.0}, "two": {"a": 0.5, "b": 0.5}}, altered=3)
    (grid,) = laid_out(found, "torn")
    assert all(text.endswith(LOSSY) for row in written(grid) for text in row[2:])
    assert not any(cell.best for row in grid.rows for cell in row)


def test_a_summary_marks_tokenizers_that_altered_rows():
    schema = pa.schema([count("languages", "languages"), count("altered_in", "altered in")])
    found = table(
        schema,
        [
            ("one", "mul", {"languages": 3, "altered_in": 0}),
            ("two", "mul", {"languages": 3, "altered_in": 2}),
        ],
    )
    (grid,) = grids.summary(found, {"one": "one", "two": "two"})
    assert [row[0].text for row in grid.rows] == ["one", f"two{LOSSY}"]
    assert grid.notes == (LOSSY_SUM,)
