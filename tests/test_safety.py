"""By which chunks a tokenizer may be read, and that its ids are then those of whole documents."""

import json
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tokenizers
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

from tests import figures, train
from tokaudit import loaders, safety
from tokaudit.bag import Bag, Gathering
from tokaudit.corpus import Corpus
from tokaudit.edges import EDGES, GAPS
from tokaudit.engines import flat
from tokaudit.errors import EngineFailed
from tokaudit.safety import chunking, different, proven, sample
from tokaudit.text import WHITE_SPACE
from tokaudit.tokenizer import Chunking

SAID = r"no entry crosses a space, and \d+ probes give the same ids"
FINER = "by finer chunks other ids than whole for "
TRAINED = {
    "gpt2": "lines",
    "single_digits": "lines",
    "digits_from_left": "lines",
    "digits_from_right": "whole",
    "wordpiece": "lines",
    "unigram": "spaced",
    "bpe": "bare",
    "nmt": "whole",
    "builtin:bytes": "lines",
    "builtin:chars": "lines",
}
SHARED = {
    "bert-base-uncased": "lines",
    "gemma2": "lines",
    "gpt2": "lines",
    "llama2": "bare",
    "llama3": "lines",
    "qwen2.5": "lines",
    "xlmr-unigram-de": "lines",
}
ENCODINGS = ("cl100k_base", "o200k_base")
HOSTILE = [
    *EDGES,
    *GAPS,
    *sorted(WHITE_SPACE),
    " ",
    " ",
    " ",
    "\n",
    "\n",
    "   ",
    "//",
    "a\nb",
    ";\n//",
]
HOSTILE += ["\u0301", "\u06dd", "\u00ad", "\x1c", "\x1f", "<|im_start|>", " <s> ", "ab cd", "<pad>"]
documents = st.lists(
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), max_size=12).map("".join),
    min_size=1,
    max_size=6,
)


def large(rows):
    return pa.array(rows, pa.large_string())


def gathered(rows):
    gathering = Gathering.nothing("und")
    gathering.add(large(rows), np.zeros(len(rows), np.int64), np.zeros(len(rows), np.uint64))
    return gathering.bag()


def as_read(tokenizer, rows):
    """Give documents cut as the tokenizer reads them."""
    bag = gathered(rows)
    return bag if tokenizer.chunking.how == "lines" else bag.spaced()


def saved(tokenizer, folder):
    tokenizer.save(str(folder / "tokenizer.json"))
    return loaders.load(str(folder))


def edited(folder, **changes):
    """Load the trained gpt2 with some of its configuration changed."""
    config = json.loads(train.path("gpt2").read_text(encoding="utf-8"))
    tokens = changes.pop("tokens", ())
    for number, token in enumerate(tokens, len(config["model"]["vocab"])):
        flags = dict.fromkeys(("special", "lstrip", "rstrip", "single_word", "normalized"), False)
        config["added_tokens"].append({"id": number + 1, **flags, **token})
    (folder / "tokenizer.json").write_text(json.dumps(config | changes), encoding="utf-8")
    return loaders.load(str(folder))


def split(pattern):
    return {
        "type": "Sequence",
        "pretokenizers": [
            {
                "type": "Split",
                "pattern": {"Regex": pattern},
                "behavior": "Isolated",
                "invert": False,
            },
            {
                "type": "ByteLevel",
                "add_prefix_space": False,
                "trim_offsets": True,
                "use_regex": False,
            },
        ],
    }


# Which way


@pytest.mark.parametrize(("name", "how"), TRAINED.items())
def test_a_trained_tokenizer_reads_like_this(name, how):
    found = chunking(train.loaded(name))
    assert found.how == how and all(found.reasons)


def test_every_trained_tokenizer_is_here():
    assert set(train.NAMES) <= set(TRAINED)


@pytest.mark.parametrize(("name", "how"), SHARED.items())
def test_a_real_tokenizer_reads_like_this(shared, name, how):
    assert chunking(train.loaded(str(shared / "tokenizers" / name))).how == how


def test_every_real_tokenizer_is_here(shared):
    folders = {file.parent.name for file in (shared / "tokenizers").glob("*/tokenizer.json")}
    assert folders == set(SHARED)


@pytest.mark.parametrize("name", ENCODINGS)
def test_an_encoding_of_tiktoken_reads_by_all_chunks(shared, name):
    assert chunking(train.loaded(name)).how == "lines"


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("gpt2", [SAID]),
        ("unigram", [SAID, FINER]),
        ("bpe", [SAID, f"{FINER}Hello,"]),
        ("digits_from_right", [r"the pattern looks back \(\\u\{5c\}b\)"]),
        ("nmt", ["sentencepiece adds up the scores of a whole document in single precision"]),
    ],
)
def test_the_reasons_are_said(name, reasons):
    found = chunking(train.loaded(name)).reasons
    assert len(found) == len(reasons)
    for said, expected in zip(found, reasons, strict=True):
        assert re.match(expected, said), said


def test_looking_changes_nothing_but_what_is_known():
    tokenizer = train.loaded("bpe")
    assert tokenizer.chunking.how == "whole", "nobody has looked yet"
    found = proven(tokenizer)
    assert found == replace(tokenizer, chunking=found.chunking) or found.engine is tokenizer.engine
    assert found.identity == tokenizer.identity and found.chunking.how == "bare"


# What the rule objects to


@cache
def superwords():
    """Byte-level BPE whose entries hold several words, as it was not cut before it was trained."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=1_500, show_progress=False, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(train.sentences("eng_Latn"), trainer)
    return tokenizer


def test_entries_that_cross_a_space_forbid_chunks(tmp_path):
    found = chunking(saved(superwords(), tmp_path))
    assert found.how == "whole"
    (reason,) = found.reasons
    assert re.match(r"[\d,]+ entries cross a space, such as .+␠", reason)


@pytest.mark.parametrize("written", ["b c", "b c d", "b ", "\u0301 x", "。 x"])
def test_an_added_token_that_holds_a_space_after_something_forbids_chunks(tmp_path, written):
    found = chunking(edited(tmp_path, tokens=[{"content": written}]))
    assert found.how == "whole" and found.reasons[0].startswith("1 entries cross a space")


@pytest.mark.parametrize("written", [" ", "  ", " x", "  x", "\t ", "\n ", "\t x", "<x>", "\n\n"])
def test_an_added_token_that_holds_a_space_before_everything_forbids_nothing(tmp_path, written):
    assert chunking(edited(tmp_path, tokens=[{"content": written}])).how != "whole"


@pytest.mark.parametrize("side", ["lstrip", "rstrip"])
def test_an_added_token_that_takes_the_spaces_beside_it_forbids_chunks(tmp_path, side):
    found = chunking(edited(tmp_path, tokens=[{"content": "<x>", side: True}]))
    assert found == Chunking("whole", ("the added token <x> takes the spaces beside it",))


@pytest.mark.parametrize("side", ["lstrip", "rstrip"])
def test_a_special_token_may_take_spaces_as_its_text_is_ordinary_text(tmp_path, side):
    token = {"content": "<x>", "special": True, side: True}
    assert chunking(edited(tmp_path, tokens=[token])).how == "lines"


def test_an_added_token_of_visible_letters_is_found_alike_in_a_chunk(tmp_path):
    tokenizer = proven(edited(tmp_path, tokens=[{"content": "<x>"}, {"content": "th"}]))
    assert tokenizer.chunking.how == "lines"
    rows = ["a <x> b", "<x>", " <x>\n<x>th", "the th\nth", "x <x", "> <x>\n// <x>\n th"]
    assert different(tokenizer, as_read(tokenizer, rows)) is None


def test_an_added_token_that_must_be_a_single_word_is_one_beside_a_cut(tmp_path):
    token = {"content": "th", "single_word": True}
    tokenizer = proven(edited(tmp_path, tokens=[token]))
    rows = ["th th", "a th\nth b", "the th e", "bath th", "th", "th\u0301 th"]
    assert tokenizer.chunking.how == "lines"
    assert different(tokenizer, as_read(tokenizer, rows)) is None


@pytest.mark.parametrize(
    ("stage", "reason"),
    [
        (
            {"pre_tokenizer": {"type": "FixedLength", "length": 5}},
            "pre-tokenizer FixedLength is not known to stop at a space",
        ),
        (
            {"pre_tokenizer": {"type": "UnicodeScripts"}},
            "pre-tokenizer UnicodeScripts is not known to stop at a space",
        ),
        (
            {"pre_tokenizer": {"type": "CharDelimiterSplit", "delimiter": "-"}},
            "pre-tokenizer CharDelimiterSplit is not known to stop at a space",
        ),
        (
            {"normalizer": {"type": "Strip", "strip_left": True, "strip_right": True}},
            "normalizer Strip is not known to stop at a space",
        ),
        ({"normalizer": {"type": "ByteLevel"}}, "normalizer ByteLevel is not known to stop"),
        (
            {"normalizer": {"type": "Replace", "pattern": {"String": "a b"}, "content": "c"}},
            "normalizer replaces a␠b",
        ),
        (
            {"normalizer": {"type": "Replace", "pattern": {"Regex": "e +"}, "content": "c"}},
            "normalizer replaces e␠+",
        ),
    ],
)
def test_a_stage_that_is_not_known_forbids_chunks(tmp_path, stage, reason):
    found = chunking(edited(tmp_path, **stage))
    assert found.how == "whole"
    assert any(reason in said for said in found.reasons), found.reasons


def test_a_stage_within_stages_is_looked_at(tmp_path):
    strip = {"type": "Strip", "strip_left": True, "strip_right": False}
    inner = {"type": "Sequence", "normalizers": [{"type": "NFC"}, strip]}
    found = chunking(edited(tmp_path, normalizer={"type": "Sequence", "normalizers": [inner]}))
    assert found == Chunking("whole", ("the normalizer Strip is not known to stop at a space",))


@pytest.mark.parametrize(
    "pattern",
    [r"(?<=a)b|.", r"(?<!a )b|\s|\S", r"\bfoo|\s|\S+", r"\Boo|\s|\S", r"^a|\s|\S", r"\Aa|\s|\S"],
)
def test_a_pattern_that_looks_back_forbids_chunks(tmp_path, pattern):
    found = chunking(edited(tmp_path, pre_tokenizer=split(pattern)))
    assert found.how == "whole" and "the pattern looks back" in found.reasons[0]


@pytest.mark.parametrize("pattern", [r"[^\s]+|\s", r"[\^b]+|\s|\S", r"[^\]^]|\]|[\^]"])
def test_a_class_of_letters_does_not_look_back(tmp_path, pattern):
    assert chunking(edited(tmp_path, pre_tokenizer=split(pattern))).how != "whole"


@pytest.mark.parametrize(
    "pattern",
    [
        r"bre(?=ad$)| ?\p{L}+|\s+|.",
        r"wat(?!er\s)| ?\p{L}+|\s+|.",
        r"wat(?=er\z)| ?\p{L}+|\s+|.",
        r"wate\w* dro| ?\p{L}+|\s+|.",
        r"wate\w*\sdro| ?\p{L}+|\s+|.",
        r"(?:(wat)er \1)| ?\p{L}+|\s+|.",
    ],
)
def test_a_pattern_that_looks_beyond_a_space_forbids_chunks(tmp_path, pattern):
    found = chunking(edited(tmp_path, pre_tokenizer=split(pattern)))
    assert found.how == "whole" and "the pattern looks beyond a space" in found.reasons[0]


@pytest.mark.parametrize(
    "pattern", [r"\s+(?!\S)|\s+|\S+", r" ?\$|\s++$|\s|\S", r"(?: [a-z]+)|\s+$|\s|\S"]
)
def test_a_pattern_may_look_for_the_last_of_white_space(tmp_path, pattern):
    assert chunking(edited(tmp_path, pre_tokenizer=split(pattern))).how != "whole"


NFKC = {"type": "NFKC"}
MARKS = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}


@pytest.mark.parametrize(
    ("content", "normalizer"), [("ab\u00a0cd", NFKC), ("ab\u3000cd", NFKC), ("ab▁cd", MARKS)]
)
def test_an_added_token_that_crosses_a_space_when_normalised_forbids_chunks(
    tmp_path, content, normalizer
):
    """Tokens are matched in normalised text: these in `ab cd`."""
    token = {"content": content, "normalized": True}
    tokenizer = edited(tmp_path, tokens=[token], normalizer=normalizer)
    assert (
        different(replace(tokenizer, chunking=Chunking("spaced")), gathered(["ab cd"])) == "ab cd"
    )
    found = chunking(tokenizer)
    assert found.how == "whole" and "cross a space, such as ab␠cd" in found.reasons[0]


@pytest.mark.parametrize("content", ["", "x", "▁▁"])
def test_a_space_that_becomes_something_else_forbids_chunks(tmp_path, content):
    found = chunking(edited(tmp_path, normalizer={**MARKS, "content": content}))
    assert found == Chunking("whole", ("the normalizer replaces ␠",))


def plain(model, pre_tokenizer=None):
    config = json.loads(train.path("gpt2").read_text(encoding="utf-8"))
    stages = dict.fromkeys(("normalizer", "decoder", "post_processor"))
    return json.dumps(
        config | stages | {"added_tokens": [], "pre_tokenizer": pre_tokenizer, "model": model}
    )


def test_unknown_letters_that_fuse_over_a_space_forbid_chunks(tmp_path):
    """Every letter of the probes is known, and the space is not."""
    letters = sorted({*"".join([*safety.PROBES, *safety.meeting_texts([])])} - {" "})
    vocab = {letter: number for number, letter in enumerate(["<unk>", *letters])}
    model = {"type": "BPE", "unk_token": "<unk>", "fuse_unk": True, "vocab": vocab, "merges": []}
    (tmp_path / "tokenizer.json").write_text(plain(model), encoding="utf-8")
    tokenizer = loaders.load(str(tmp_path))
    assert different(replace(tokenizer, chunking=Chunking("spaced")), gathered(["ʘ ʘ"])) == "ʘ ʘ"
    assert chunking(tokenizer).how == "whole"


def test_a_model_of_words_is_no_model_of_lines(tmp_path):
    """A line end does not part its words; which of them it knows no probe can tell."""
    model = train.pieces(
        tmp_path / "m.model",
        model_type="word",
        vocab_size=800,
        byte_fallback=True,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
    )
    tokenizer = loaders.load(str(model))
    reason = "a model of words takes for a word what stands between spaces"
    assert chunking(tokenizer) == Chunking("whole", (reason,))


def test_words_with_the_space_behind_them_forbid_chunks_of_a_model_of_whole_words(tmp_path):
    vocab = {"<unk>": 0, "bread": 1, "water": 2}
    model = {"type": "WordLevel", "unk_token": "<unk>", "vocab": vocab}
    split = {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious"}
    (tmp_path / "tokenizer.json").write_text(plain(model, split | {"invert": False}), "utf-8")
    tokenizer, rows = loaders.load(str(tmp_path)), ["bread water"]
    assert different(replace(tokenizer, chunking=Chunking("bare")), gathered(rows).spaced())
    found = chunking(tokenizer)
    said = "by finer chunks the model is handed other parts than whole for "
    assert found.how == "whole" and found.reasons[0].startswith(said)


@pytest.mark.parametrize(("split", "how"), [(True, "spaced"), (False, "whole")])
def test_a_unigram_that_is_handed_several_words_weighs_them_together(tmp_path, split, how):
    """Sums of scores are rounded: which of two equal paths wins may depend on the words before."""
    config = json.loads(train.path("unigram").read_text(encoding="utf-8"))
    config["pre_tokenizer"]["split"] = split
    (tmp_path / "tokenizer.json").write_text(json.dumps(config), encoding="utf-8")
    assert chunking(loaders.load(str(tmp_path))).how == how


def test_a_unigram_without_a_pre_tokenizer_weighs_the_whole_document(tmp_path):
    config = json.loads(train.path("unigram").read_text(encoding="utf-8"))
    config["pre_tokenizer"] = None
    (tmp_path / "tokenizer.json").write_text(json.dumps(config))
    found = chunking(loaders.load(str(tmp_path)))
    assert found.how == "whole" and any("Unigram model without" in r for r in found.reasons)


def test_what_no_one_knows_is_read_whole():
    class Unheard:
        name, version = "unheard", "1"

        def encode(self, texts):
            return flat([len(text)] for text in texts.to_pylist())

    tokenizer = replace(train.loaded("builtin:bytes"), engine=Unheard())
    assert chunking(tokenizer).reasons == ("nothing is known of how unheard reads a text",)


def test_a_tokenizer_that_refuses_a_probe_is_read_whole(tmp_path):
    config = json.loads(train.path("unigram").read_text(encoding="utf-8"))
    config["model"]["unk_id"] = None
    (tmp_path / "tokenizer.json").write_text(json.dumps(config))
    found = chunking(loaders.load(str(tmp_path)))
    assert found.how == "whole" and found.reasons[0].startswith("a probe could not be encoded")


def test_a_rule_that_is_passed_is_still_proven_by_probes(tmp_path):
    """Nothing here is unknown, but spaces are joined after others were made of control letters."""
    tokenizer = tokenizers.Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.Replace(tokenizers.Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=1_000, show_progress=False, special_tokens=["<unk>"], unk_token="<unk>"
    )
    tokenizer.train_from_iterator(train.sentences("eng_Latn"), trainer)
    found = chunking(saved(tokenizer, tmp_path))
    assert found.how == "whole" and found.reasons[0].startswith(FINER)


# Ids


def hostile(rows, tokenizer):
    """Compare documents whole with documents by chunks, twice over so that chunks repeat."""
    bag = as_read(tokenizer, [*rows, *rows, "".join(rows), " ".join(rows), "\n".join(rows)])
    assert different(tokenizer, bag) is None


@cache
def known(name):
    return proven(train.loaded(name))


@pytest.mark.parametrize("name", [name for name, how in TRAINED.items() if how != "whole"])
@settings(max_examples=25)
@given(documents)
@example(["a  b\tc\r\nd\x85e\u00a0f\u3000g", "x\n//y //z", "<|endoftext|> </s>", "", " ", "\n"])
@example(["a \u0301 b", "a \u200b b\n\u200bc", "▁a ▁ b▁ c", " lead", "trail ", "\nlead", "trail\n"])
def test_ids_by_chunks_are_those_of_whole_documents(name, rows):
    hostile(rows, known(name))


@pytest.mark.parametrize("name", [*SHARED, *ENCODINGS])
@settings(max_examples=15)
@given(rows=documents)
@example(rows=["a  b\tc\r\nd\x85e\u00a0f\u3000g", "x\n//y //z", "<|endoftext|> </s>", "", " "])
def test_ids_by_chunks_are_those_of_real_tokenizers_on_whole_documents(shared, name, rows):
    hostile(rows, known(name if name in ENCODINGS else str(shared / "tokenizers" / name)))


@pytest.mark.parametrize("name", ["gpt2", "unigram", "bpe"])
@settings(max_examples=25)
@given(documents)
def test_joined_ids_are_those_of_chunks_encoded_one_by_one(name, rows):
    tokenizer = known(name)
    bag = as_read(tokenizer, rows)
    found = safety.by_chunks(tokenizer, bag)
    assert found.offsets.size == len(rows) + 1
    bare = tokenizer.chunking.how == "bare"
    for row in range(len(rows)):
        ids = []
        for code in bag.codes[bag.starts[row] : bag.starts[row + 1]]:
            text, inside = bag.chunks[int(code)].as_py(), bag.inside[code]
            ids += tokenizer.engine.encode(
                large([text[1:] if bare and inside else text])
            ).ids.tolist()
        assert found.ids[slice(*found.offsets[row : row + 2])].tolist() == ids


def test_a_difference_is_shown_by_its_document():
    spaced = replace(train.loaded("bpe"), chunking=Chunking("spaced"))  # which it does not allow
    assert different(spaced, gathered(["a", "b", "one two", "three"]).spaced()) == "one two"


# Samples


def test_a_sample_holds_the_first_documents_and_a_share_of_the_others():
    bag = Bag.of_documents(
        "en",
        large([f"{n}" for n in range(5_000)]),
        np.zeros(5_000, np.int64),
        np.zeros(5_000, np.uint64),
    )
    texts = sample(bag, 3, 100).chunks.to_pylist()
    assert texts[:3] == ["0", "1", "2"] and 20 < len(texts) < 100
    assert texts == sample(bag, 3, 100).chunks.to_pylist(), "always the same"
    assert sample(bag, 0, 1).documents == 5_000
    assert sample(bag, 9_000, 100).documents == 5_000


# A tokenizer that is found out by real rows only


class Pairs:
    """The engine of gpt2, but for one pair of words, which it reads as one number."""

    name, version = "tokenizers", "0"

    def __init__(self, honest):
        self.honest = honest

    def encode(self, texts):
        rows = texts.to_pylist()
        return self.honest.encode(large([row.replace("brown dog", "browndog") for row in rows]))

    def place(self, texts):
        return self.honest.place(texts)

    def decode(self, found):
        return self.honest.decode(found)


def paired(name="gpt2"):
    honest = train.loaded(name)
    return replace(honest, spec="pairs", engine=Pairs(honest.engine))


@pytest.fixture
def with_pairs(tmp_path):
    """A corpus whose first row of one language holds the pair of words."""
    texts = ["a brown dog", "brown dogs bark", "no pair here", "ein Hund", "und ein brown dog"]
    langs = ["en", "en", "en", "de", "de"]
    columns = {"text": texts * 3, "lang": langs * 3, "id": [*"12312"] * 3}
    pq.write_table(pa.table(columns), tmp_path / "pairs.parquet")
    return Corpus((str(tmp_path / "pairs.parquet"),))


def test_probes_do_not_find_out_about_a_pair_of_words():
    assert chunking(paired()).how == "lines"


def test_one_document_that_differs_is_a_finding_and_costs_nothing_but_time(with_pairs):
    both = [paired(), train.loaded("wordpiece")]
    cut = figures.report(both, with_pairs, chunks=True, engine="reference")
    whole = figures.report(both, with_pairs, chunks=False, engine="reference")
    figures.same(cut, whole)
    (finding,) = (each for each in cut.findings if each.rule == "TA007")
    assert finding.tokenizer == "pairs" and "brown␠dog" in finding.message
    assert not [each for each in whole.findings if each.rule == "TA007"]
    said = {spec: facts["documents"] for spec, facts in cut.environment["tokenizers"].items()}
    assert said["pairs"].startswith("whole (pairs: reading by chunks and the reference differ")
    assert said[both[1].spec].startswith("by lines chunks (as whole on ")


def test_a_pair_that_no_row_holds_is_read_by_chunks_and_right(tmp_path):
    pq.write_table(
        pa.table({"text": ["brown", "dog x"], "lang": ["en"] * 2}), tmp_path / "a.parquet"
    )
    corpus = Corpus((str(tmp_path / "a.parquet"),))
    cut, whole = (figures.report([paired()], corpus, chunks=chunks) for chunks in (True, False))
    figures.same(cut, whole)
    assert not [each for each in cut.findings if each.rule == "TA007"]
    documents_ = cut.environment["tokenizers"]["pairs"]["documents"]
    assert documents_ == "by lines chunks (as whole on 2 documents)"


class Refusing(Pairs):
    """An engine that refuses every text with a word in it."""

    def encode(self, texts):
        if any("dog" in row for row in texts.to_pylist()):
            raise EngineFailed("no dogs")
        return self.honest.encode(texts)


def test_a_document_that_is_refused_among_those_compared_is_no_difference(with_pairs):
    honest = train.loaded("gpt2")
    tokenizer = replace(honest, spec="refusing", engine=Refusing(honest.engine))
    cut, whole = (
        figures.report([tokenizer], with_pairs, chunks=chunks) for chunks in (True, False)
    )
    figures.same(cut, whole)
    assert {each.rule for each in cut.findings} == {each.rule for each in whole.findings}
    assert "TA001" in {each.rule for each in cut.findings}
