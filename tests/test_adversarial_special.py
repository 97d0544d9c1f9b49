"""The special-token matrix on real tokenizers: each cell is what the library itself says."""

from functools import cache

import pytest
import tiktoken

from tests import reference, train
from tokaudit.splits.controls import ADDED, CONTROL, PLACEMENTS, UNKNOWN
from tokaudit.splits.part import Row
from tokaudit.splits.scope import Scope
from tokaudit.splits.special import Special

FOLDERS = ("llama3", "qwen2.5", "bert-base-uncased", "xlmr-unigram-de")


@cache
def matrix(spec: str) -> dict[tuple[str, str], Row]:
    rows = Special.look(train.loaded(spec), Scope()).tables()["special_tokens"]
    return {(row["token"], row["read_by"]): row for row in rows}


@pytest.mark.parametrize("scheme", ["", "auto:"])
@pytest.mark.parametrize(
    ("folder", "token"),
    [
        ("llama3", "<|eot_id|>"),
        ("qwen2.5", "<|im_end|>"),
        ("bert-base-uncased", "[SEP]"),
        ("xlmr-unigram-de", "</s>"),
    ],
)
def test_text_is_a_control_token_by_default_and_is_text_here(shared, scheme, folder, token):
    found = matrix(f"{scheme}{shared / 'tokenizers' / folder}")
    here, there = found[token, "tokaudit"], found[token, _library(scheme)]
    for placement in ("alone", "in_word", "spaced", "after_line_end"):
        assert (here[placement], there[placement]) == ("text", "id"), placement
    assert here["kind"] == CONTROL
    assert there["space_inside"] == "text"


def _library(scheme: str) -> str:
    return "transformers" if scheme else "tokenizers"


@pytest.mark.parametrize("token", ["<|endoftext|>", "<|endofprompt|>"])
def test_tiktoken_refuses_the_text_of_a_control_token(shared, token):
    there = matrix("o200k_base")[token, "tiktoken"]
    assert {there[name] for name in ("alone", "in_word", "spaced")} == {"refused"}
    with pytest.raises(ValueError, match="disallowed special token"):
        tiktoken.get_encoding("o200k_base").encode(token)


@pytest.mark.parametrize(
    ("scheme", "folder", "token"),
    [
        ("", "qwen2.5", "<tool_call>"),
        ("auto:", "qwen2.5", "<tool_call>"),
        ("", "gemma2", "<mask>"),
        ("", "gemma2", "\n\n"),
    ],
)
def test_added_tokens_that_are_not_special_are_read_from_text_everywhere(
    shared, scheme, folder, token
):
    found = matrix(f"{scheme}{shared / 'tokenizers' / folder}")
    for by in ("tokaudit", _library(scheme)):
        assert found[token, by]["in_word"] == "id"
        assert found[token, by]["kind"] == ADDED


def test_a_token_that_is_normalised_is_found_in_disguise(shared):
    """This BERT's `[PAD]` is matched in the lower-cased text, its other tokens are not."""
    found = matrix(str(shared / "tokenizers" / "bert-base-uncased"))
    pad, mask = found["[PAD]", "tokenizers"], found["[MASK]", "tokenizers"]
    assert (pad["other_case"], pad["zero_width_inside"], pad["in_word"]) == ("id", "id", "text")
    assert (mask["other_case"], mask["zero_width_inside"], mask["in_word"]) == (
        "text",
        "text",
        "id",
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_cell_is_what_the_library_says_when_called_plainly(shared, folder):
    path = shared / "tokenizers" / folder
    backend = reference.plain(path / "tokenizer.json")
    for (text, by), row in matrix(str(path)).items():
        if by == "tokenizers" and row["kind"] != UNKNOWN:
            for placement, place in PLACEMENTS.items():
                ids = backend.encode(place(text), add_special_tokens=False).ids
                if row[placement] in ("id", "text"):
                    assert (row[placement] == "id") == (row["id"] in ids), (text, placement)
