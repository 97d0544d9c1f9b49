"""State: totals come back from JSON as they were, and equal ones are written alike."""

import json

import pytest

from tokaudit.errors import BadState
from tokaudit.state import decode, encode


@pytest.mark.parametrize(
    "value", [3, "ü", b"\xff", None, (1, [2.5]), {"a": {1, 2}}, frozenset({"x"}), {(1, 2): True}]
)
def test_a_value_comes_back_as_it_was(value):
    back = decode(json.loads(json.dumps(encode(value))))
    assert back == value and type(back) is type(value)


def test_sets_are_written_in_one_order_whatever_theirs_is():
    """Shards are compared as written; the order of a set of strings differs between processes."""
    assert list({0, 8}) != list({8, 0})
    assert encode(frozenset([0, 8])) == encode(frozenset([8, 0]))


def test_only_records_of_this_package_are_read():
    with pytest.raises(BadState):
        decode(["record", "os:stat_result", []])
