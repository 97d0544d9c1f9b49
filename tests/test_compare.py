"""Two tokenizers or more on the same text: differences, how sure they are, and who wins."""

import hashlib
import json
import math
import random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests import parts, train
from tokaudit import engine, renderers
from tokaudit.audits.digits import Digits
from tokaudit.audits.fertility import Fertility
from tokaudit.comparing import reporting, weights
from tokaudit.comparing.closely import Found
from tokaudit.comparing.drawn import drawn
from tokaudit.comparing.pairs import Terms
from tokaudit.comparing.replicated import log_ratio, mean
from tokaudit.comparing.verdicts import BETTER, NOT_SHOWN, WORSE, adjusted, holm, verdict
from tokaudit.corpus import Corpus
from tokaudit.engine import Options
from tokaudit.errors import BadUsage
from tokaudit.parallel import Alignment
from tokaudit.plan import Plan
from tokaudit.renderers import terminal
from tokaudit.standings.languages import both_ends
from tokaudit.text import Absent

WORDS = ["a", "bb", "water", "Haus", "ağaç", "çöl", "นํ้า", "42"]
GROUPS = 32
sums = st.lists(st.integers(1, 10**6), min_size=GROUPS, max_size=GROUPS)


def lines(langs=("en", "tr"), rows=120, seed=7):
    chance = random.Random(seed)
    return [
        {
            "lang": lang,
            "id": str(row),
            "text": " ".join(chance.choices(WORDS, k=chance.randint(1, 9))),
        }
        for lang in langs
        for row in range(rows)
    ]


def written(folder, rows):
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), folder / "c.parquet", row_group_size=50)
    return Corpus((str(folder / "c.parquet"),))


def compared(corpus, *specs, beside=None, options=None, **terms):
    """Compare tokenizers as the command does; no digits unless they are asked for."""
    readers = tuple(train.loaded(spec) for spec in specs)
    terms = Terms(**{"against": readers[0].spec, **terms})
    options = options or Options(baseline=terms.against)
    audits = {"fertility": Fertility}
    measuring, totals = engine.added_up(audits, readers, corpus, options)
    base = engine.report(measuring, totals, options)
    return reporting.report(Found(totals, corpus, options, readers), base, beside or {}, terms)


def rows_of(report, name="compare_languages"):
    return report.tables[name].to_pylist()


# Against a computation of its own


def independently(rows, seed=1):
    """Work out bytes against tokens by group, and the jackknife, from texts and the library."""
    library = tokenizers.Tokenizer.from_file(str(train.path("gpt2")))
    tokens, octets = np.zeros(GROUPS), np.zeros(GROUPS)
    for row in rows:
        salt = seed.to_bytes(8, "little")
        hashed = hashlib.blake2b(row["id"].encode(), digest_size=8, key=salt).digest()
        group = int.from_bytes(hashed, "little") % GROUPS
        tokens[group] += len(library.encode(row["text"]).ids)
        octets[group] += len(row["text"].encode())
    value = math.log(octets.sum() / tokens.sum())
    without = np.array(
        [
            math.log((octets.sum() - octets[g]) / (tokens.sum() - tokens[g]))
            if tokens[g]
            else value
            for g in range(GROUPS)
        ]
    )
    return value, without, tokens > 0


def jackknife(value, without):
    groups = len(without)
    error = math.sqrt((groups - 1) / groups * sum((without - without.mean()) ** 2))
    width = stats.t.ppf(0.975, groups - 1) * error
    return width, 2 * stats.t.sf(abs(value) / error, groups - 1)


def test_differences_and_verdicts_are_those_of_another_computation(tmp_path):
    texts = lines(("en", "tr", "th"))
    report = compared(written(tmp_path, texts), "gpt2", "builtin:bytes")
    found = {lang: independently([r for r in texts if r["lang"] == lang]) for lang in ("en", "tr")}
    for row in rows_of(report):
        if row["lang"] not in found:
            continue
        value, without, there = found[row["lang"]]
        width, p = jackknife(value, without[there])
        assert row["log_ratio"] == pytest.approx(value, rel=1e-12)
        assert row["log_ratio_ci95"] == pytest.approx(width, rel=1e-9)
        assert row["p"] == pytest.approx(p, rel=1e-6)
        assert row["difference"] == pytest.approx(math.exp(value) - 1, rel=1e-12)
        assert row["difference_high"] == pytest.approx(math.exp(value + width) - 1, rel=1e-9)
        assert row["verdict"] == WORSE and row["rows"] == 120 and not row["few"]


def test_the_mean_leaves_a_group_out_of_all_languages_at_once(tmp_path):
    texts = lines()
    given_weights = {"en": 1.0, "tr": 3.0}
    report = compared(written(tmp_path, texts), "gpt2", "builtin:bytes", weights=given_weights)
    en, tr = (independently([r for r in texts if r["lang"] == lang]) for lang in ("en", "tr"))
    value = (en[0] + 3 * tr[0]) / 4
    without = (en[1] + 3 * tr[1]) / 4
    width, _ = jackknife(value, without[en[2] | tr[2]])
    _, row = rows_of(report, "compare")
    assert row["log_ratio"] == pytest.approx(value, rel=1e-12)
    assert row["log_ratio_ci95"] == pytest.approx(width, rel=1e-9)
    assert (row["languages"], row["worse"], row["better"], row["undecided"]) == (2, 2, 0, 0)


def test_figures_per_word_are_those_of_fertility_and_their_differences(tmp_path):
    report = compared(written(tmp_path, lines()), "gpt2", "bpe")
    fertility = {(r["tokenizer"], r["lang"]): r for r in rows_of(report, "fertility")}
    a, b = (train.loaded(name).spec for name in ("gpt2", "bpe"))
    for row in rows_of(report):
        for name in ("fertility", "single_token_words"):
            one, other = fertility[b, row["lang"]][name], fertility[a, row["lang"]][name]
            assert (row[name], row[f"{name}_against"]) == (one, other)
            assert row[f"{name}_difference"] == pytest.approx(one - other, abs=1e-15)
            assert row[f"{name}_difference_ci95"] > 0


# Laws


@settings(max_examples=40)
@given(sums, sums)
def test_exchanged_tokenizers_differ_by_the_sign_alone(one, other):
    ours, theirs = np.array(one), np.array(other)
    there, back = log_ratio(ours, theirs), log_ratio(theirs, ours)
    assert back.value == -there.value
    assert np.array_equal(back.without, -there.without)
    assert (back.width, back.p) == (there.width, there.p)


@settings(max_examples=40)
@given(sums)
def test_a_tokenizer_against_itself_is_no_difference(one):
    found = log_ratio(np.array(one), np.array(one))
    assert (found.value, found.width, found.p) == (0, 0, 1)
    assert verdict(found.value, found.p, 0.05, (0, 0)) == NOT_SHOWN


@settings(max_examples=20)
@given(st.lists(sums, min_size=2, max_size=3), sums)
def test_the_mean_of_one_language_weighted_alone_is_that_language(others, base):
    figures = [log_ratio(np.array(each), np.array(base)) for each in others]
    alone = mean(figures, [1.0, *(0.0 for _ in figures[1:])])
    assert alone.value == figures[0].value
    assert alone.width == pytest.approx(figures[0].width, rel=1e-9)


def test_a_report_against_itself_says_that_nothing_differs(tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "tokenizer.json").write_bytes(train.path("gpt2").read_bytes())
    report = compared(written(tmp_path, lines()), "gpt2", str(copy))
    for row in rows_of(report):
        figures = ("log_ratio", "log_ratio_ci95", "difference_low", "difference_high")
        assert [row[name] for name in figures] == [0, 0, 0, 0]
        assert (row["p"], row["verdict"]) == (1, NOT_SHOWN)
    assert rows_of(report, "compare_words") == rows_of(report, "compare_rows") == []
    assert "no difference shown in all 2" in report.verdicts["compare"][str(copy)]


def test_a_report_the_other_way_round_has_the_other_signs(tmp_path):
    corpus = written(tmp_path, lines())
    there, back = compared(corpus, "gpt2", "bpe"), compared(corpus, "bpe", "gpt2")
    for one, other in zip(rows_of(there), rows_of(back), strict=True):
        assert one["log_ratio"] == -other["log_ratio"] != 0
        assert one["log_ratio_ci95"] == other["log_ratio_ci95"]
        assert one["p_adjusted"] == other["p_adjusted"]
        opposite = {BETTER: WORSE, WORSE: BETTER, NOT_SHOWN: NOT_SHOWN}
        assert one["verdict"] == opposite[other["verdict"]]
    one, other = rows_of(there, "compare")[1], rows_of(back, "compare")[1]
    assert one["log_ratio"] == -other["log_ratio"]
    assert (one["better"], one["worse"]) == (other["worse"], other["better"])


# Verdicts


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == [1.0, 1.0] and holm([]) == []
    assert holm([0.02, 0.02]) == [0.04, 0.04]


@given(st.lists(st.floats(0, 1), max_size=20))
def test_holm_lies_between_no_correction_and_bonferroni(found):
    for p, corrected in zip(found, holm(found), strict=True):
        assert p <= corrected <= min(1, len(found) * p) + 1e-12


def test_tests_that_were_not_made_do_not_count():
    none = Absent("none")
    assert adjusted([0.01, none, 0.04], "holm") == [0.02, none, 0.04]
    assert adjusted([0.01, none, 0.04], "none") == [0.01, none, 0.04]


def test_who_alters_text_cannot_win_but_can_lose():
    assert isinstance(verdict(-0.5, 0.0, 0.05, (3, 0)), Absent)
    assert isinstance(verdict(0.5, 0.0, 0.05, (0, 3)), Absent)
    assert verdict(0.5, 0.0, 0.05, (3, 0)) == WORSE
    assert verdict(-0.5, 0.0, 0.05, (0, 3)) == BETTER
    assert verdict(-0.5, 0.05, 0.05, (0, 0)) == NOT_SHOWN


def test_a_tokenizer_that_alters_text_is_marked_and_is_never_the_best(tmp_path):
    report = compared(written(tmp_path, lines()), "builtin:bytes", "gpt2", "wordpiece")
    _, gpt2, wordpiece = rows_of(report, "compare")
    assert wordpiece["difference"] < gpt2["difference"] and wordpiece["altered_in"] == 2
    assert wordpiece["best"] is None and "altered" in dict(wordpiece["absent"])["best"]
    assert gpt2["best"] is True and wordpiece["better"] == 0 and wordpiece["not_judged"] == 2
    page = terminal.render(report).decode()
    assert any("wordpiece" in each and "*" in each for each in page.splitlines())


@pytest.mark.parametrize(("rows", "reason"), [(29, "fewer than 30"), (8, "fewer than 30")])
def test_few_documents_have_a_difference_and_no_verdict(tmp_path, rows, reason):
    texts = [*lines(("en",)), *lines(("tr",), rows)]
    report = compared(written(tmp_path, texts), "gpt2", "builtin:bytes")
    en, tr = rows_of(report)
    assert en["p"] == en["p_adjusted"], "a language without a test is not counted"
    assert tr["log_ratio"] > 0 and tr["verdict"] is None and tr["few"]
    assert reason in dict(tr["absent"])["verdict"]
    assert "not judged in 1 (tr)" in report.verdicts["compare"]["builtin:bytes"]


def test_documents_in_few_groups_have_no_interval(tmp_path):
    texts = [{**row, "id": "same"} for row in lines(("en",), 60)]
    report = compared(written(tmp_path, texts), "gpt2", "builtin:bytes")
    (row,) = rows_of(report)
    assert row["log_ratio"] > 0 and row["log_ratio_ci95"] is None and row["verdict"] is None
    assert "groups" in dict(row["absent"])["verdict"]


def test_rows_that_failed_leave_a_language_out_for_all(tmp_path):
    spec = parts.refusing(tmp_path)
    texts = [{**r, "text": "the tree"} for r in lines()]
    texts[0]["text"] = "ʘ𓀀"
    report = compared(written(tmp_path, texts), "gpt2", spec, "bpe")
    own = {(r["tokenizer"], r["lang"]): r for r in rows_of(report)}
    bpe = train.loaded("bpe").spec
    failed = own[spec, "en"]
    assert failed["log_ratio"] is None and "failed to encode" in dict(failed["absent"])["verdict"]
    assert own[bpe, "en"]["log_ratio"] is not None
    assert [row["languages"] for row in rows_of(report, "compare")] == [1, 1, 1]


def test_the_best_are_those_that_chance_does_not_set_apart(tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "tokenizer.json").write_bytes(train.path("gpt2").read_bytes())
    report = compared(written(tmp_path, lines()), "builtin:bytes", "gpt2", str(copy))
    assert [row["best"] for row in rows_of(report, "compare")] == [False, True, True]
    assert "No other" in report.verdicts["compare"][str(copy)]


def test_with_another_one_to_compare_with_signs_are_its_own(tmp_path):
    corpus = written(tmp_path, lines())
    report = compared(corpus, "gpt2", "builtin:bytes", against="builtin:bytes")
    assert {row["tokenizer"] for row in rows_of(report)} == {train.loaded("gpt2").spec}
    assert all(row["verdict"] == BETTER for row in rows_of(report))


# What changed most


def test_rows_are_drawn_the_same_in_any_order(tmp_path):
    texts = lines(rows=200)
    plan = Plan(Alignment(Absent("none")), 1)
    once = drawn(written(tmp_path / "a", texts), plan, 20)
    again = drawn(written(tmp_path / "b", texts[::-1]), plan, 20)
    assert once == again and [len(found) for found in once.values()] == [20, 20]
    everything = drawn(written(tmp_path / "c", texts), plan, 1_000)
    assert {lang: len(found) for lang, found in everything.items()} == {"en": 200, "tr": 200}
    assert all(once[lang] == everything[lang][:20] for lang in once), "ascending hashes"


def test_words_and_rows_that_changed_by_hand(tmp_path):
    """Bytes against the same bytes behind a vocabulary that knows `water`."""
    texts = [{"lang": "en", "id": str(n), "text": "water ağaç" if n else "water"} for n in range(9)]
    report = compared(written(tmp_path, texts), "gpt2", "builtin:bytes")
    words = {row["word"]: row for row in rows_of(report, "compare_words")}
    library = tokenizers.Tokenizer.from_file(str(train.path("gpt2")))
    assert words["ağaç"]["count"] == 8 and words["water"]["count"] == 9
    assert words["ağaç"]["tokens"] == 6 * 8 and words["water"]["tokens"] == 5 * 9
    assert words["water"]["tokens_against"] == 9 * len(library.encode("water").ids)
    assert words["ağaç"]["cut"] == "a│\\xc4│\\x9f│a│\\xc3│\\xa7"
    assert words["water"]["cut"] == "w│a│t│e│r"
    first, _ = rows_of(report, "compare_rows")
    assert first["ratio"] == first["tokens"] / first["tokens_against"] > 1


# As people see it


@pytest.mark.parametrize(("better", "worse"), [(30, 1), (30, 30), (2, 30), (0, 3), (5, 5)])
def test_the_first_screen_shows_both_ends_in_order(better, worse):
    values = [-0.1 - n / 100 for n in range(better)] + [0.05 + n / 100 for n in range(worse)]
    judged = [
        {"lang": f"l{n}", "log_ratio": value, "verdict": BETTER if value < 0 else WORSE}
        for n, value in enumerate(values)
    ]
    none = {"lang": "x", "log_ratio": None, "verdict": None}
    found = [row["log_ratio"] for row in both_ends([none, *judged])]
    screen = found[: min(20, better + worse)]
    assert screen == sorted(screen) and len(found) == better + worse + 1 and found[-1] is None
    assert sum(value > 0 for value in screen) == min(worse, max(10, 20 - better))
    if worse:
        assert screen[-1] == max(values)
    if better:
        assert screen[0] == min(values)


def test_twelve_tokenizers_are_readable_at_a_hundred_columns(tmp_path):
    specs = [*train.NAMES, "builtin:bytes"]
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        config = train.path("gpt2").read_bytes()
        (tmp_path / name / "tokenizer.json").write_bytes(config)
        specs.append(str(tmp_path / name))
    page = terminal.render(compared(written(tmp_path, lines()), *specs), 100).decode()
    rows = page.splitlines()
    assert len(specs) == 12 and max(map(len, rows)) <= 100
    begin = next(n for n, row in enumerate(rows) if row.startswith("tokenizer ")) + 1
    columns = [len(row.split()) for row in rows[begin : begin + 12]]
    assert min(columns) >= 10, "each tokenizer is one line"
    assert sum("most / fewest" in row for row in rows) == 1


def test_names_and_texts_that_are_hostile_are_shown_and_do_nothing(tmp_path):
    evil = "[/INST]\x1b[31m<script>|`\u202e::error"
    home = tmp_path / evil.replace("/", "")
    home.mkdir()
    (home / "tokenizer.json").write_bytes(train.path("gpt2").read_bytes())
    texts = [{**row, "text": f"{row['text']} {evil}"} for row in lines((evil, "en"), 40)]
    report = compared(written(tmp_path, texts), "builtin:bytes", str(home), "bpe")
    two = compared(written(tmp_path, texts), "builtin:bytes", str(home))
    written_as_text = [name for name in renderers.names() if name != "parquet"]
    pages = [renderers.get(n).render(r).decode() for n in written_as_text for r in (report, two)]
    assert not any(sign in page for page in pages for sign in ("\x1b", "\u202e"))
    markdown, _, _ = renderers.get("markdown").render(two).decode().partition("```text")
    assert "<script>" not in markdown and "::error" not in markdown


# The command


def test_the_command_gives_a_page_and_data_and_the_same_bits_from_two_processes(tokaudit, tmp_path):
    written(tmp_path, lines(rows=40))
    given_options = ["--corpus", tmp_path / "c.parquet", "--correction", "none", "--alpha", "0.01"]
    asked = ["compare", train.path("gpt2"), train.path("bpe"), *given_options]
    code, page, _ = tokaudit(*asked, "--beside", "fertility")  # none besides, to be quick
    assert code == 0 and "tokens of" in page and "not corrected" in page
    found = []
    for jobs in (1, 2):
        code, out, _ = tokaudit(*asked, "-f", "json", "--jobs", jobs, "--beside", "fertility")
        found.append(json.loads(out))
        assert code == 0
    assert found[0] == found[1]
    assert found[0]["conditions"]["alpha"] == 0.01
    assert "digits" in dict(found[0]["tables"]["compare"][1]["absent"])


def test_other_audits_stand_side_by_side(tmp_path):
    report = compared(
        written(tmp_path, lines()), "gpt2", "single_digits", beside={"digits": Digits}
    )
    a, b = rows_of(report, "compare")
    assert (a["digits"], b["digits"]) == ("bpe", "single")
    headlines = {(row["tokenizer"], row["figure"]): row["value"] for row in headlines_of(report)}
    assert headlines[a["tokenizer"], "digits: strategy"] == "bpe"
    markdown = renderers.get("markdown").render(report).decode()
    assert "digits: match probability" in markdown


def headlines_of(report):
    return rows_of(report, "compare_headlines")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "name two tokenizers or more"),
        (("builtin:bytes",), "is named twice"),
        (("cl100k_base", "--against", "gpt9"), "is not among the tokenizers"),
        (("cl100k_base", "--alpha", "1"), "no probability"),
        (("cl100k_base", "--weights", "xx=1"), "which the corpus lacks"),
        (("cl100k_base", "--weights", "eng_Latn"), "cannot be read"),
        (("cl100k_base", "--weights", "eng_Latn=-1"), "gives no weight"),
        (("cl100k_base", "--beside", "nothing"), "not among the audits"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(tokaudit, options, said):
    code, out, err = tokaudit("compare", "builtin:bytes", *options)
    assert (code, out) == (2, "") and said in err and "Traceback" not in err


def test_weights_are_read_from_the_command_line_and_from_a_file(tmp_path):
    assert weights.read("en=1, tr = 2.5") == {"en": 1, "tr": 2.5}
    file = tmp_path / "weights"
    file.write_text("# how much text\n\nen=1\na,b=3\n", encoding="utf-8")
    assert weights.read(str(file)) == {"en": 1, "a,b": 3}


@pytest.mark.parametrize("bad", ["en=1,en=2", "en=0", "en=nan", "=1", "en=x", "", "nowhere"])
def test_weights_that_are_none_are_refused(bad):
    with pytest.raises(BadUsage, match="weight"):
        weights.read(bad)
