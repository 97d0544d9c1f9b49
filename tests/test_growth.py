"""Long texts timed in processes with limits: what hangs or is refused is a figure."""

import json
import multiprocessing

import pytest

from tests import train
from tokaudit import engine, renderers
from tokaudit.audits.adversarial import Adversarial
from tokaudit.cli import growth
from tokaudit.cli.growth import SIZES, Run, grown, power, runs
from tokaudit.splits.scope import Scope
from tokaudit.splits.worst import FAMILIES


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_fills_its_size_and_never_more(family):
    for size in SIZES[:4]:
        found = len(FAMILIES[family](size).encode())
        assert size - 64 < found <= size or (family == "mixed" and size // 2 < found <= size)


def test_time_is_in_no_figure(monkeypatch):
    monkeypatch.setattr(growth, "FAMILIES", {"digits": FAMILIES["digits"]})
    tokenizer = train.loaded("builtin:bytes")
    report = engine.run({"adversarial": Adversarial.within(Scope(1_000))}, [tokenizer], None)
    seen = grown([tokenizer], report, False)
    assert seen.signature == report.signature
    (row,) = seen.environment["timings"]["adversarial"]
    assert (row["tokenizer"], row["family"], row["stopped"]) == ("builtin:bytes", "digits", None)
    assert all(row[f"ns_at_{size // 1_000}k"] > 0 for size in SIZES)
    assert b"ime, this once" in renderers.get("terminal").render(seen)
    assert b"ime, this once" not in renderers.get("terminal").render(report)


@pytest.mark.parametrize(("grows", "found"), [(1.0, 0), (1.25, 0), (1.5, 1), (2.0, 1)])
def test_the_power_of_the_largest_texts_decides(grows, found):
    run = Run("digits", tuple(1e-9 * size**grows for size in SIZES))
    assert power(run) == pytest.approx(grows)
    rules = [finding.rule for finding in growth._findings("t", run)]
    assert rules == ["TA540"] * found


def test_two_sizes_say_nothing_of_growth():
    assert power(Run("digits", (1.0, 100.0), "stopped after 10 s (16,000 bytes)")) is None


def test_a_tokenizer_that_hangs_is_stopped_and_the_next_family_begins_anew(tmp_path, monkeypatch):
    """`a+b` looks for a `b` from every `a` on: with 256,000 of them that takes minutes."""
    config = json.loads(train.path("gpt2").read_text(encoding="utf-8"))
    split = {"type": "Split", "pattern": {"Regex": "a+b"}, "behavior": "Isolated", "invert": False}
    letters = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}
    letters["trim_offsets"] = True
    config["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [split, letters]}
    (tmp_path / "tokenizer.json").write_text(json.dumps(config), encoding="utf-8")
    monkeypatch.setattr(growth, "PATIENCE", 6.0)
    monkeypatch.setattr(growth, "FAMILIES", dict.fromkeys(("one letter", "spaces")))
    first, second = runs(str(tmp_path / "tokenizer.json"))
    assert (first.family, second.family) == ("one letter", "spaces")
    assert first.stopped.startswith("stopped after 6 s (")
    assert len(first.seconds) < len(SIZES)
    assert second.stopped == "" and len(second.seconds) == len(SIZES)
    rules = {finding.rule for finding in growth._findings("t", first)}
    assert "TA541" in rules


def test_a_process_that_ends_is_said_and_not_waited_for():
    here, there = multiprocessing.get_context("spawn").Pipe(duplex=False)
    there.close()
    assert growth._heard(here, 60.0) == (None, "stopped: it ended its process")


def test_a_tokenizer_that_cannot_be_loaded_again_is_no_accident(tmp_path, monkeypatch):
    monkeypatch.setattr(growth, "FAMILIES", dict.fromkeys(("digits", "spaces")))
    found = list(runs(str(tmp_path / "gone.json")))
    assert [run.family for run in found] == ["digits", "spaces"]
    assert all(run.stopped.startswith("not loaded: ") and not run.seconds for run in found)


def test_a_refused_text_costs_no_other_family(shared, monkeypatch):
    """Tiktoken's regex gives up on a million spaces under this pattern."""
    monkeypatch.setattr(growth, "FAMILIES", dict.fromkeys(("spaces", "digits")))
    spaces, digits = runs("o200k_base")
    assert spaces.stopped.startswith("refused: tiktoken: ")
    assert len(spaces.seconds) == len(SIZES) - 1
    assert digits.stopped == ""
