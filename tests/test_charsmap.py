"""What a SentencePiece model's compiled map of rules does across the places where text is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import train
from tokaudit import loaders
from tokaudit.charsmap import charsmap, rewrites_across
from tokaudit.safety import proven


@pytest.fixture
def model(tmp_path):
    """Train a model with rules: letters of UTF-16 in hexadecimal, a tab, what they become."""

    def trained(*rules, **asked):
        if rules:
            path = tmp_path / "rules.tsv"
            path.write_text("\n".join(rules) + "\n", encoding="ascii")
            asked["normalization_rule_tsv"] = str(path)
        kind = {"model_type": "bpe", "vocab_size": 2_000, "byte_fallback": True}
        return loaders.load(str(train.pieces(tmp_path / "m.model", **kind, **asked)))

    return trained


@pytest.mark.parametrize(
    ("rules", "over"),
    [
        (["74 68 65 20 62\t58"], " "),
        (["62 72\t58", "20 62\t58"], " "),
        (["62 20\t58"], " "),
        (["62 0A 72\t58"], "\n"),
        (["20\t5F", "A\t5F"], ""),
        (["62 72\t58", "C7 20AC\t59"], ""),
    ],
)
def test_a_key_is_found_that_holds_a_border_among_other_letters(model, rules, over):
    tokenizer = model(*rules)
    compiled = charsmap(tokenizer.settings)
    assert [each for each in " \n" if rewrites_across(compiled, each.encode())] == list(over)


@pytest.mark.parametrize("rule", ["nmt_nfkc", "nfkc_cf", "identity"])
def test_the_rules_that_come_with_the_library_reach_over_no_border(model, rule):
    compiled = charsmap(model(normalization_rule_name=rule).settings)
    assert bool(compiled) == (rule != "identity")
    assert not rewrites_across(compiled, b" ")
    assert rewrites_across(compiled, b"\xcc") == bool(compiled)  # as their combining marks do


def test_a_model_whose_rules_reach_over_a_space_reads_documents_whole(model):
    tokenizer = proven(model("74 68 65 20 62\t58"))  # "the b" becomes X
    assert tokenizer.chunking.how == "whole"
    assert "rewrites letters around a space" in tokenizer.chunking.reasons[0]
    assert proven(model("74 68\t58")).chunking.how != "whole"


@given(st.binary(max_size=600), st.sampled_from([b" ", b"\n"]))
def test_a_damaged_map_comes_to_an_end(data, border):
    size = (len(data)).to_bytes(4, "little")
    assert rewrites_across(size + data, border) in (True, False)
    assert rewrites_across(data, border) in (True, False)
