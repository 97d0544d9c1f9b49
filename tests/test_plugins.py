"""What other packages bring: encodings (`tiktoken_ext`) and loaders (entry points)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import train
from tokaudit import encodings, loaders

ROOT = Path(__file__).parent.parent
LOAD = """
import json, sys
from tests import fresh
print(json.dumps(fresh.tried(sys.argv[1:])))
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with a folder of packages on its path."""
    path = os.pathsep.join([str(folder), str(ROOT)])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def load(folder: Path, *written: str) -> list[str]:
    """Load specs in a process that has these packages: identities, or refusals."""
    done = run(folder, "-c", LOAD, *written)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    lines = json.loads(done.stdout)
    assert len(lines) == len(written) and not any("\n" in line or "\x1b" in line for line in lines)
    return lines


# Encodings

GOOD = f"""
from tiktoken.load import load_tiktoken_bpe

def ours():
    return {{
        "name": "ours",
        "pat_str": {encodings.pattern("gpt2")!r},
        "mergeable_ranks": load_tiktoken_bpe({str(train.ranks_file())!r}),
        "special_tokens": {{"<|end|>": 9_999}},
    }}

def changed(**changes):
    return lambda: ours() | changes

ENCODING_CONSTRUCTORS = {{
    "ours": ours,
    "raises": lambda: 1 / 0,
    "nothing": lambda: None,
    "no_bytes": changed(mergeable_ranks={{b"a": 0}}),
    "same_ranks": changed(mergeable_ranks={{bytes([byte]): 0 for byte in range(256)}}),
    "bad_pattern": changed(pat_str="(", special_tokens={{}}),
    "empty_special": changed(special_tokens={{"": 9_999}}),
    "cl100k_base": lambda: 1 / 0,
    "od\\x1b[31md": ours,
}}
"""
BROKEN = {
    "raises": "raise ValueError('no \\x1b[31m luck\\nat all')",
    "misses": "import no_such_module_anywhere",
    "exits": "import sys; sys.exit(0)",
    "lists": "ENCODING_CONSTRUCTORS = ['a']",
    "empty": "",
    "garbled": "def (",
}


def plugins(folder: Path, modules: dict[str, str]) -> Path:
    """Make the part of a namespace package that plugins are."""
    (folder / "tiktoken_ext").mkdir()
    for name, source in modules.items():
        (folder / "tiktoken_ext" / f"{name}.py").write_text(source, encoding="utf-8")
    return folder


def test_an_encoding_of_a_plugin_goes_by_its_name(tmp_path):
    folder = plugins(tmp_path, {"ours": GOOD})
    bare, by_scheme, unknown = load(folder, "ours", "tiktoken:ours", "nosuch")
    assert bare == by_scheme
    assert bare.split("-")[2] == loaders.load(f"{train.ranks_file()}?pattern=gpt2").identity[2]
    assert "nosuch" in unknown and "ours" in unknown and "o200k_base" in unknown


def test_a_plugin_cannot_take_the_name_of_an_encoding_of_openai(tmp_path, shared):
    (own,) = load(plugins(tmp_path, {"ours": GOOD}), "cl100k_base")
    assert own.endswith(str(loaders.load("cl100k_base").identity))


def test_plugins_that_cannot_be_imported_are_named_and_harm_no_other(tmp_path, shared):
    folder = plugins(tmp_path, {**BROKEN, "ours": GOOD})
    own, ours, unknown = load(folder, "cl100k_base", "ours", "nosuch")
    assert "-" in own and "-" in ours and " " not in ours.split()[-1]
    for name in BROKEN:
        assert f"tiktoken_ext.{name} " in unknown
    assert "ValueError: no ␛[31m luck" in unknown and "no_such_module_anywhere" in unknown
    assert "ours" in unknown.partition("the plugin")[0]


@pytest.mark.parametrize("name", ["cl100k_base", "builtin:bytes"])
def test_no_plugin_is_imported_for_what_it_does_not_bring(tmp_path, shared, name):
    marker = tmp_path / "imported"
    source = f"from pathlib import Path; Path({str(marker)!r}).touch()"
    load(plugins(tmp_path, {"touches": source}), name)
    assert not marker.exists()
    load(tmp_path, "nosuch")
    assert marker.exists(), "it is imported when a name is unknown"


def test_an_encoding_that_tiktoken_cannot_use_is_refused_and_named(tmp_path):
    """Among them one that panics and one that would be searched for endlessly."""
    names = ["raises", "nothing", "no_bytes", "same_ranks", "bad_pattern", "empty_special"]
    done = run(plugins(tmp_path, {"ours": GOOD}), "-c", LOAD, *names, "od\x1b[31md!")
    assert (done.returncode, done.stderr) == (0, "")
    for name, line in zip([*names, "od␛[31md!"], json.loads(done.stdout), strict=True):
        assert name in line and "\x1b" not in line and "\n" not in line


# Loaders

TOY = """
from tokaudit.engines.builtin import BuiltinEngine
from tokaudit.tokenizer import Tokenizer
from tokaudit.vocabulary import Vocabulary
import numpy

def load(spec):
    vocabulary = Vocabulary.of({byte: bytes([byte]) for byte in range(256)})
    engine = BuiltinEngine("utf-8", numpy.uint8)
    pipeline = [spec.ref, spec.revision, spec.subfolder, dict(spec.query)]
    return Tokenizer(str(spec), "bytes", vocabulary, engine, pipeline)
"""
LOADERS = {
    "toy": TOY,
    "missing": None,
    "raises": "raise RuntimeError('no \\x1b[31m luck\\nat all')",
    "exits": "import sys; sys.exit(0)",
    "empty": "",
    "fails": "def load(spec): return {}['key']",
    "gives": "def load(spec): return 'a tokenizer'",
    "refuses": "from tokaudit.errors import *\ndef load(spec): raise BadTokenizer('no such toy')",
    "usage": "from tokaudit.errors import *\ndef load(spec): raise BadUsage('not today')",
    "hf": "raise RuntimeError('a name that is taken')",
}


def install(folder: Path, package: str, modules: dict[str, str | None], more: str = "") -> Path:
    """Lay a distribution with entry points into a folder, as an installer does."""
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    points = "".join(f"{name} = {package}_{name}\n" for name in modules)
    (info / "entry_points.txt").write_text(f"[tokaudit.loaders]\n{points}{more}")
    for name, source in modules.items():
        if source is not None:
            (folder / f"{package}_{name}.py").write_text(source, encoding="utf-8")
    return folder


def test_a_loader_of_another_package_loads_and_gets_the_whole_spec(tmp_path):
    folder = install(tmp_path, "toys", {"toy": TOY})
    plain, again, other, revision, unknown = load(
        folder, "toy:a", "toy:a", "toy:b", "toy:a@1#sub?size=2&color=red", "nosuch:a"
    )
    assert plain == again
    assert len({plain, other, revision}) == 3, "ref, revision, folder and query reach the loader"
    assert "toy:" in unknown and "hf:" in unknown


def test_a_loader_of_another_package_works_from_the_command_line(tmp_path):
    folder = install(tmp_path, "toys", {"toy": TOY, "raises": LOADERS["raises"]})
    arguments = ("-m", "tokaudit", "digits", "-q", "-f", "json", "-t")
    done = run(folder, *arguments, "toy:a@1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "toy:a@1" in json.loads(done.stdout)["conditions"]["tokenizers"]
    done = run(folder, *arguments, "raises:a")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "raises:" in done.stderr and "toys" in done.stderr


def test_a_broken_loader_of_another_package_is_one_sentence_that_names_it(tmp_path):
    install(tmp_path, "toys", LOADERS)
    broken = [name for name in LOADERS if name not in ("toy", "hf")]
    lines = dict(zip(broken, load(tmp_path, *(f"{name}:x" for name in broken)), strict=True))
    for name, line in lines.items():
        assert f"{name}:x" in line and "toys" in line, line
    assert "toys_missing" in lines["missing"]
    assert "luck" in lines["raises"]
    assert "exit" in lines["exits"]
    assert "load" in lines["empty"]
    assert "str" in lines["gives"]
    assert "no such toy" in lines["refuses"]


def test_a_loader_of_ours_keeps_its_name(tmp_path):
    install(tmp_path, "toys", LOADERS)
    ours, toy = load(tmp_path, "hf:org/name", "toy:a")
    assert "offline" in ours and "taken" not in ours
    assert "-" in toy


def test_of_two_packages_with_one_name_the_first_by_name_counts(tmp_path):
    install(tmp_path / "b", "btoys", {"toy": TOY})
    install(tmp_path / "b", "atoys", {"toy": LOADERS["raises"]})
    (line,) = load(tmp_path / "b", "toy:a")
    assert "atoys" in line


def test_a_garbled_list_of_entry_points_is_no_crash(tmp_path):
    install(tmp_path, "garbled", {}, more="= = =\nnonsense\n\x1b[31m = a:b:c\n[tokaudit.loaders")
    install(tmp_path, "toys", {"toy": TOY})
    toy, nonsense, unknown, octets = load(
        tmp_path, "toy:a", "nonsense:a", "nosuch:a", "builtin:bytes"
    )
    assert "-" in toy and "-" in octets
    assert "nonsense:a" in nonsense and "nosuch" in unknown


def test_a_loader_is_not_imported_to_list_what_there_is(tmp_path):
    marker = tmp_path / "imported"
    source = f"from pathlib import Path; Path({str(marker)!r}).touch()"
    install(tmp_path, "toys", {"toy": source})
    assert "toy:" in load(tmp_path, "nosuch:a")[0]
    done = run(tmp_path, "-m", "tokaudit", "--help")
    assert done.returncode == 0
    assert not marker.exists()
