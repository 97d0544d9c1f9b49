"""Two tokenizers that should be one: every way in which they can differ is found and named."""

import hashlib
import json
import re
import shutil
from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import loaders, renderers
from tokaudit.corpus import Corpus
from tokaudit.errors import NothingToAudit
from tokaudit.findings import RULES
from tokaudit.parity import (
    comparison,
    examples,
    findings,
    probes,
    recorded,
    reporting,
    stages,
    tally,
)
from tokaudit.parity.recorded import Recorded
from tokaudit.parity.sides import Answer, Running, parts

DIGITS = "7 times 1234 is 8638"


def side(spec):
    return Running(train.loaded(str(spec)))


def compare(a, b, texts=(), tmp_path=None, **scope):
    """Compare sides on the probes and on these texts."""
    corpus = None
    if texts:
        pq.write_table(
            pa.table({"text": texts, "lang": ["en"] * len(texts)}), tmp_path / "c.parquet"
        )
        corpus = Corpus((str(tmp_path / "c.parquet"),))
    return comparison.compare(a, b, comparison.Scope(corpus, **scope))


def changed(folder, change, name="gpt2"):
    """Write a trained tokenizer.json again with its configuration changed, and give its path."""
    config = json.loads(train.path(name).read_text(encoding="utf-8"))
    change(config)
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps(config), encoding="utf-8")
    return str(folder)


def ids_file(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


# Equal


@pytest.mark.parametrize("name", train.NAMES)
def test_a_tokenizer_is_equal_to_itself(name):
    found = compare(side(name), Running(loaders.load(str(train.path(name)))))
    assert found.equal
    assert found.total.rows + found.total.refused == sum(map(len, probes.PROBES.values()))
    assert found.total.tokens_a == found.total.tokens_b > 0
    assert (found.worst, found.changes) == ([], {})


def test_llama_3_is_equal_to_itself(shared, tokaudit):
    path = str(shared / "tokenizers" / "llama3")
    code, out, err = tokaudit("parity", path, path, "builtin:parallel", "--lang", "hin_Deva")
    assert (code, err) == (0, "")
    assert "Equal to " in out
    assert "rows that were compared are the same." in " ".join(out.split())


def test_two_libraries_are_compared_by_ids(shared):
    """GPT-2's own file and OpenAI's ranks: the same ids, computed by two libraries."""
    found = compare(side(shared / "tokenizers" / "gpt2"), side("r50k_base"))
    assert found.equal and found.total.rows > 200


# A class that rebuilds what the file says


@pytest.fixture(params=["GPT2Tokenizer", "Qwen2Tokenizer"])
def declared(request, tmp_path):
    """A tokenizer of ours, groups of three digits, declared to be of another class."""
    folder = tmp_path / request.param
    folder.mkdir()
    shutil.copy(train.path("digits_from_left"), folder / "tokenizer.json")
    config = json.dumps({"tokenizer_class": request.param})
    (folder / "tokenizer_config.json").write_text(config)
    return folder


def rebuilt(declared):
    """Save what transformers makes of a folder."""
    transformers = pytest.importorskip("transformers")
    built = transformers.AutoTokenizer.from_pretrained(str(declared)).backend_tokenizer
    folder = declared.parent / "rebuilt"
    folder.mkdir()
    built.save(str(folder / "tokenizer.json"))
    return folder


def plain(folder):
    backend = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    backend.encode_special_tokens = True
    return lambda text: backend.encode(text, add_special_tokens=False).ids


@pytest.mark.filterwarnings("ignore")
def test_the_rows_that_a_rebuilt_tokenizer_changes_are_found(declared, tmp_path):
    texts = [*train.sentences("eng_Latn", "hin_Deva"), DIGITS]
    built = rebuilt(declared)
    found = compare(side(declared), side(built), texts, tmp_path)
    own, other = plain(declared), plain(built)
    expected = [text for text in texts if own(text) != other(text)]
    mine = found.tallies["en", None]
    assert (mine.rows, mine.differing) == (len(texts), len(expected))
    assert DIGITS in expected and 5 < len(expected) < len(texts)
    assert found.tallies["zxx", "digits"].differing > 15
    assert set(mine.stages) == {stages.PRE_TOKENIZER}, "no merge and no id was changed"
    assert sum(len(other(text)) - len(own(text)) for text in texts) == mine.gained - mine.lost


@pytest.mark.skipif("auto" not in loaders.names(), reason="there is no loader auto:")
@pytest.mark.filterwarnings("ignore")
def test_parity_between_a_path_and_auto_finds_the_rows_that_change(declared, tokaudit):
    code, out, _ = tokaudit("parity", declared, f"auto:{declared}", "-f", "json")
    assert code == 1
    kinds = {row["kind"]: row for row in json.loads(out)["tables"]["parity_probes"]}
    assert kinds["digits"]["differing_rows"] > 15
    assert kinds["digits"]["tokens_b"] > kinds["digits"]["tokens_a"]


# Stages


def lower(config):
    config["normalizer"] = {"type": "Lowercase"}


def single_digits(config):
    digits = {"type": "Digits", "individual_digits": True}
    config["pre_tokenizer"] = {
        "type": "Sequence",
        "pretokenizers": [digits, config["pre_tokenizer"]],
    }


def prefix_space(config):
    config["pre_tokenizer"]["add_prefix_space"] = True


def fewer_merges(config):
    config["model"]["merges"] = config["model"]["merges"][:100]


def other_ids(config):
    vocab = config["model"]["vocab"]
    config["model"]["vocab"] = {token: 2_999 - number for token, number in vocab.items()}
    config["added_tokens"] = []


def added_token(config):
    token = {"content": "boat", "single_word": False, "lstrip": False, "rstrip": False}
    token |= {"id": len(config["model"]["vocab"]), "normalized": False, "special": False}
    config["added_tokens"].append(token)


@pytest.mark.parametrize(
    ("change", "stage"),
    [
        (lower, stages.NORMALISER),
        (single_digits, stages.PRE_TOKENIZER),
        (prefix_space, stages.PRE_TOKENIZER),
        (fewer_merges, stages.MODEL),
        (other_ids, stages.IDS),
        (added_token, stages.ADDED),
    ],
)
def test_the_first_stage_that_differs_is_named(tmp_path, change, stage):
    found = compare(side("gpt2"), side(changed(tmp_path / "b", change)))
    assert not found.equal
    assert set(found.total.stages) == {stage}
    rules = {each.rule for each in reporting.report(found).findings}
    assert findings.RULES[stage] in rules


def test_what_is_done_in_another_stage_and_comes_out_equal_is_no_difference(tmp_path):
    """B lower-cases and has fewer merges: what is in lower case already blames the merges."""

    def both(config):
        lower(config)
        fewer_merges(config)

    small, large = train.sentences("eng_Latn")[0].lower(), train.sentences("eng_Latn")[0].upper()
    found = compare(side("gpt2"), side(changed(tmp_path / "b", both)), [small, large], tmp_path)
    assert found.tallies["en", None].stages == {stages.MODEL: 1, stages.NORMALISER: 1}


def test_a_library_without_stages_is_said_to_have_none():
    found = compare(side("bpe"), side("nmt"))
    assert stages.UNKNOWN in found.total.stages
    (said,) = (each for each in reporting.report(found).findings if each.rule == "TA407")
    assert "sentencepiece does not show the stages of" in said.message


def test_tokens_around_the_text_are_the_post_processor(tmp_path):
    special = int(train.loaded("gpt2").vocabulary.ids[train.loaded("gpt2").vocabulary.special][0])
    encode = plain(train.path("gpt2").parent)
    rows = [{"text": text, "ids": [special, *encode(text)]} for text in ("a boat", "two boats")]
    rows.append({"text": "no boats", "ids": [special, 9, *encode("no boats")]})
    found = compare(side("gpt2"), Recorded.open(ids_file(tmp_path / "b.jsonl", *rows)))
    assert found.total.stages == {stages.POST_PROCESSOR: 2, stages.UNKNOWN: 1}
    (said,) = (each for each in reporting.report(found).findings if each.rule == "TA407")
    assert said.message.endswith("b.jsonl holds ids only")


def test_parity_itself_is_explained_with_its_columns(tokaudit):
    code, out, _ = tokaudit("explain", "parity")
    assert code == 0
    assert out.startswith("Is the tokenizer you load the tokenizer you have?")
    assert "tokens_lost: " in out and "parity_examples" in out


def test_every_stage_has_a_rule_that_is_explained(tokaudit):
    assert set(findings.RULES.values()) <= set(RULES)
    code, out, _ = tokaudit("explain", "TA403")
    assert code == 0
    assert "pre-tokenizer differs" in out


# Counting


def files(tmp_path):
    a = [
        {"text": "same", "ids": [1, 2], "lang": "en"},
        {"text": "longer in b", "ids": [1, 2], "lang": "en"},
        {"text": "shorter in b", "ids": [1, 2, 3], "lang": "tr"},
        {"text": "as long", "ids": [1, 2], "lang": "tr"},
        {"text": "a alone", "ids": [1]},
        {"text": "b refuses", "ids": [4]},
        {"text": "both refuse", "ids": None},
        {"text": "", "ids": []},
    ]
    b = [
        {"text": "", "ids": []},
        {"text": "both refuse", "ids": None},
        {"text": "b refuses", "ids": None},
        {"text": "as long", "ids": [1, 3]},
        {"text": "longer in b", "ids": [1, 2, 3, 4]},
        {"text": "shorter in b", "ids": [9]},
        {"text": "same", "ids": [1, 2]},
        {"text": "b alone", "ids": [7], "lang": "fi"},
    ]
    return ids_file(tmp_path / "a.jsonl", *a), ids_file(tmp_path / "b.jsonl", *b)


def test_every_row_of_two_files_is_counted_once(tmp_path):
    a, b = files(tmp_path)
    found = compare(Recorded.open(a), Recorded.open(b))
    by_lang = {lang: total for (lang, kind), total in found.tallies.items() if kind is None}
    cannot = stages.UNKNOWN
    one, two = Counter({cannot: 1}), Counter({cannot: 2})
    assert by_lang["en"] == tally.Tally(rows=2, tokens_a=4, tokens_b=6, gained=2, stages=one)
    assert by_lang["tr"] == tally.Tally(rows=2, tokens_a=5, tokens_b=3, lost=2, stages=two)
    assert by_lang["und"] == tally.Tally(rows=1, only_a=1, refused_b=1, refused=1)
    assert by_lang["fi"] == tally.Tally(only_b=1)


def test_order_of_rows_and_files_changes_nothing(tmp_path):
    a, b = files(tmp_path)
    (tmp_path / "x").mkdir()
    lines = (tmp_path / "b.jsonl").read_text().splitlines()
    shuffled = tmp_path / "x" / "b.jsonl"
    shuffled.write_text("\n".join([*lines[3:], *lines[:3], lines[0]]) + "\n")
    one = reporting.report(compare(Recorded.open(a), Recorded.open(b)))
    other = reporting.report(compare(Recorded.open(a), Recorded.open(str(shuffled))))
    for name in ("parity", "parity_examples", "parity_stages"):
        tables = [each.tables[name].drop(["tokenizer"]).to_pylist() for each in (one, other)]
        assert tables[0] == tables[1]


def test_chosen_languages_are_the_only_ones_compared(tmp_path):
    a, b = files(tmp_path)
    found = compare(Recorded.open(a), Recorded.open(b), langs=("en",))
    assert {lang for lang, kind in found.tallies if kind is None} == {"en"}


def test_rows_of_a_corpus_are_not_compared_a_second_time(tmp_path):
    _, b = files(tmp_path)
    found = compare(side("gpt2"), Recorded.open(b), ["same", "same", "of neither"], tmp_path)
    assert (found.tallies["en", None].rows, found.tallies["en", None].only_a) == (2, 1)
    assert found.tallies["und", None].rows == 4
    assert found.tallies["und", None].refused_b == 2
    assert found.tallies["fi", None].rows == 1


def test_no_text_in_common_is_nothing_to_audit(tmp_path):
    a = ids_file(tmp_path / "a.jsonl", {"text": "x", "ids": [1]})
    b = ids_file(tmp_path / "b.jsonl", {"text": "y", "ids": [1]})
    with pytest.raises(NothingToAudit, match="no text in common"):
        compare(Recorded.open(a), Recorded.open(b))


def test_a_corpus_without_text_is_nothing_to_audit(tmp_path):
    with pytest.raises(NothingToAudit, match="the corpus holds no text"):
        compare(side("gpt2"), side("gpt2"), [" ", ""], tmp_path)


def test_a_row_whose_digest_another_text_has_is_not_taken_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr(recorded, "_key", lambda text: 7)
    path = ids_file(tmp_path / "b.jsonl", {"text": "hi", "ids": [1]})
    answer = Recorded.open(path).answer(pa.array(["ho", "hi"], pa.large_string()))
    assert answer.given.tolist() == [False, True]


def test_a_row_that_one_side_refuses_makes_the_sides_unequal(tmp_path):
    rows = (
        {"text": "hi", "ids": plain(train.path("gpt2").parent)("hi")},
        {"text": "ho", "ids": None},
    )
    found = compare(side("gpt2"), Recorded.open(ids_file(tmp_path / "b.jsonl", *rows)))
    assert (found.total.differing, found.total.refused_b, found.equal) == (0, 1, False)
    report = reporting.report(found)
    assert "see the findings" in findings.verdict(found)
    assert [each.rule for each in report.findings] == ["TA408", "TA411"]


def answer(rows):
    arrays = [None if row is None else np.array(row, np.int64) for row in rows]
    return Answer.of(arrays, np.zeros(len(rows), np.bool_))


id_rows = st.none() | st.lists(st.integers(0, 3), max_size=3)


@given(st.lists(st.tuples(id_rows, id_rows), max_size=8))
def test_rows_differ_where_their_ids_do(pairs):
    found = tally.differing(answer([p[0] for p in pairs]), answer([p[1] for p in pairs]))
    assert found.tolist() == [a is not None and b is not None and a != b for a, b in pairs]


@given(st.lists(st.tuples(id_rows, id_rows), max_size=8), st.integers(0, 8))
def test_tallies_of_parts_add_up_to_the_tally_of_the_whole(pairs, cut):
    def counted(some):
        x, y = answer([p[0] for p in some]), answer([p[1] for p in some])
        unequal = [p for p in some if None not in p and p[0] != p[1]]
        stage = [tally.Difference("", None, "", (x, y), "model") for _ in unequal]
        return tally.count(x, y, stage)

    assert counted(pairs[:cut]) + counted(pairs[cut:]) == counted(pairs)


@given(st.lists(st.text(max_size=9), max_size=9), st.integers(0, 3))
def test_parts_joined_are_the_texts(texts, first):
    array = pa.array(texts, pa.large_string()).slice(first)
    assert [text for part in parts(array) for text in part.to_pylist()] == texts[first:]


def test_long_texts_are_encoded_apart():
    array = pa.array(["a" * 2**19, "b" * 2**19, "c" * 2**21, "d"], pa.large_string())
    assert max(len(part) for part in parts(array)) < 4
    assert sum(len(part) for part in parts(array)) == 4


# Where rows part


def place(a, b, text):
    own = [each.tokenizer.engine.encode(pa.array([text], pa.large_string())).ids for each in (a, b)]
    example = tally.Difference("en", None, text, (own[0], own[1]), "")
    return examples.described(example, a, b)


def test_the_place_is_the_byte_of_the_text_where_the_first_token_differs(tmp_path):
    single = side(changed(tmp_path / "b", single_digits))
    found = place(side("digits_from_left"), single, "Größe 1234")
    assert found["position"] == len("Größe ".encode())
    assert found["from_a"] == "123 4"
    assert found["from_b"] == "1 2 3 4"
    assert found["ids_a"].split() == [str(n) for n in ids_of("digits_from_left", "Größe 1234")[-2:]]


def ids_of(name, text):
    return train.loaded(name).engine.encode(pa.array([text], pa.large_string())).ids.tolist()


def test_the_place_is_one_of_the_original_text_though_it_was_normalised(tmp_path):
    """WordPiece lower-cases and strips accents: `İ` has two bytes, its token has one."""

    def split_digits(config):
        digits = {"type": "Digits", "individual_digits": True}
        steps = [config["pre_tokenizer"], digits]
        config["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": steps}

    other = side(changed(tmp_path / "b", split_digits, "wordpiece"))
    found = place(side("wordpiece"), other, "THE İİ 2024")
    assert found["position"] == len("THE İİ ".encode())


def test_one_row_that_goes_on_parts_at_the_end_of_the_other(tmp_path):
    encode = plain(train.path("gpt2").parent)
    row = {"text": "two boats", "ids": [*encode("two boats"), 5]}
    found = compare(side("gpt2"), Recorded.open(ids_file(tmp_path / "b.jsonl", row)))
    (only,) = found.worst
    assert examples.parted(only, found.a, found.b) == (len(row["ids"]) - 1, len("two boats"))
    assert examples.described(only, found.a, found.b)["from_a"] == "(end)"


def test_an_id_no_vocabulary_knows_is_shown_by_its_number(tmp_path):
    a, b = files(tmp_path)
    found = compare(Recorded.open(a), Recorded.open(b))
    row = next(each for each in found.worst if each.text == "shorter in b")
    said = examples.described(row, found.a, found.b)
    assert (said["from_a"], said["from_b"]) == ("#1 #2 #3", "#9")
    assert said["position"].reason == "neither side has a vocabulary"


def test_the_worst_rows_come_first_and_none_crowds_out_the_others(tmp_path):
    texts = ["1234 " * count for count in range(1, 9)]
    other = side(changed(tmp_path / "b", single_digits))
    found = compare(side("digits_from_left"), other, texts, tmp_path, examples=50)
    sizes = [abs(each.ids[0].size - each.ids[1].size) for each in found.worst]
    assert sizes == sorted(sizes, reverse=True)
    own = [each.text for each in found.worst if each.lang == "en"]
    assert own == texts[:-4:-1]


# Vocabularies


def test_ids_that_stand_for_other_bytes_are_a_difference_though_no_row_shows_it(tmp_path):
    def renamed(config):
        config["added_tokens"][0]["content"] = "<|end|>"
        config["model"]["vocab"].pop("<|endoftext|>")
        config["model"]["vocab"]["<|end|>"] = config["added_tokens"][0]["id"]

    found = compare(side("gpt2"), side(changed(tmp_path / "b", renamed)))
    assert found.equal, "a control token has another name: worth a warning"
    (said,) = reporting.report(found).findings
    assert (said.rule, said.message) == ("TA410", "1 id: control token renamed")
    assert found.changes["control token renamed"].examples == "0: <|endoftext|> <|end|>"


def test_ids_of_one_side_only_are_listed(tmp_path):
    found = compare(side("gpt2"), side(changed(tmp_path / "b", added_token)))
    (number,) = found.changes["only in B"].ids.tolist()
    assert number == len(side("gpt2").tokenizer.vocabulary)
    assert found.changes["only in B"].examples == f"{number}: – boat"


def test_swapped_ids_are_found_in_the_vocabulary(tmp_path):
    found = compare(side("gpt2"), side(changed(tmp_path / "b", other_ids)))
    assert found.changes["other bytes"].ids.size > 2_900
    assert "TA409" in {each.rule for each in reporting.report(found).findings}


# Reports


@pytest.fixture
def hostile(tmp_path):
    rows = [{"text": "a\x1b[31m|`::error::##[x]\u202e", "ids": [1], "lang": "x|\x1b[2J"}]
    header = {"schema": "tokaudit-ids/1", "tokenizer": "\x1b[31m<b>", "engine": "|`\u202e"}
    b = Recorded.open(ids_file(tmp_path / "b.jsonl", header, *rows))
    return reporting.report(compare(side("gpt2"), b))


@pytest.mark.parametrize("name", sorted({*renderers.names()} - {"parquet"}))
def test_a_hostile_row_cannot_act_in_any_format(hostile, name):
    page = renderers.get(name).render(hostile).decode()
    for letter in ("\x1b", "\u202e"):
        assert letter not in page
    lines = [re.sub(r"^::(error|warning|notice) title=TA", "", each) for each in page.splitlines()]
    assert not any(each.startswith(("::", "##[")) for each in lines)
    if name not in ("json", "jsonl", "sarif"):
        assert "##[" not in page and "::error" not in "".join(lines)


def test_a_page_shows_identities_side_by_side(tmp_path, tokaudit):
    other = changed(tmp_path / "b", single_digits)
    code, _, _ = tokaudit("parity", train.path("gpt2"), other, "-o", tmp_path / "page.md")
    page = (tmp_path / "page.md").read_text()
    assert code == 1
    for spec in (str(train.path("gpt2")), other):
        assert str(loaders.load(spec).identity) in page
    assert "TA403" in page and "docs" not in page.partition("## Conditions")[2]


def test_tokens_are_made_safe_once(tmp_path, tokaudit):
    """A space is shown as `␠`, which a second time would be an escape."""
    other = changed(tmp_path / "b", single_digits)
    _, out, _ = tokaudit("parity", train.path("digits_from_left"), other)
    assert "00␠01␠001␠010␠100" in out
    code, _, _ = tokaudit("parity", train.path("gpt2"), other, "-o", tmp_path / "page.md")
    page = (tmp_path / "page.md").read_text()
    assert code == 1
    assert "␠" in page.partition("### Examples")[2]
    assert "2420" not in page + out


def test_json_holds_every_figure(tmp_path, tokaudit):
    other = changed(tmp_path / "b", single_digits)
    _, out, _ = tokaudit("parity", train.path("gpt2"), other, "-f", "json")
    saved = json.loads(out)
    assert {"parity", "parity_probes", "parity_stages", "parity_examples"} <= set(saved["tables"])
    assert saved["conditions"]["probes"] == probes.VERSION
    (whole,) = saved["tables"]["parity"]
    kinds = saved["tables"]["parity_probes"]
    assert whole["differing_rows"] == sum(row["differing_rows"] for row in kinds)
    assert len(kinds) == len(probes.PROBES)
    defined = {n: [c["about"] for c in found] for n, found in saved["columns"].items()}
    assert all(any(defined[name]) for name in saved["tables"] if name != "corpus")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["builtin:bytes"], 2, "Missing argument 'B'"),
        (["builtin:bytes", "nonsense:x"], 3, "no tokenizer 'nonsense:x'"),
        (["builtin:bytes", "absent.jsonl"], 3, "no file absent.jsonl"),
        (["builtin:bytes", "builtin:bytes", "absent.parquet"], 2, "absent.parquet"),
        (["builtin:bytes", "builtin:bytes", "-o", "x.doc"], 2, ".json"),
        (["builtin:bytes", "builtin:bytes"], 0, ""),
        (["builtin:bytes", "builtin:chars"], 1, ""),
    ],
)
def test_a_shell_can_tell_what_happened(tokaudit, arguments, code, says):
    left, _, err = tokaudit("parity", *arguments)
    assert left == code
    assert says in err
    assert err.count("\n") <= 1 or code == 2


# Probes


def test_probes_are_those_of_their_version():
    """Who changes a probe changes the version too, and then this digest."""
    digest = hashlib.sha256(json.dumps(probes.PROBES).encode()).hexdigest()[:16]
    assert (probes.VERSION, digest) == ("1", "27cc5155159a6f08")


def test_probes_are_distinct_texts_of_every_kind():
    texts = [text for kind in probes.PROBES.values() for text in kind]
    assert len(texts) == len(set(texts)) > 200
    assert all(len(kind) >= 4 for kind in probes.PROBES.values())
    assert all(text and len(text.encode()) < 1_000 for text in texts)
