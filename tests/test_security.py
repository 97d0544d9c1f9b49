"""What tokaudit must never do, whatever it is given: call out, run code, write elsewhere."""

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import hostile, train
from tokaudit import loaders
from tokaudit.errors import BadTokenizer

ROOT = Path(__file__).parent.parent
# Ends the process at the first look beyond this machine, by whichever library.
NO_NETWORK = """
import os, sys
def refuse(event, arguments):
    if event in ("socket.getaddrinfo", "socket.connect", "socket.sendto"):
        os.write(2, f"NETWORK {event} {arguments}".encode())
        os._exit(99)
sys.addaudithook(refuse)
from tokaudit.cli import main
main()
"""


def offline(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process that ends if it opens a socket."""
    return subprocess.run(
        [sys.executable, "-c", NO_NETWORK, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_the_guard_against_the_network_sees_one(tmp_path):
    environment = {"HF_HUB_OFFLINE": "0", "HF_HOME": str(tmp_path)}
    environment["HF_ENDPOINT"] = "http://127.0.0.1:9"
    done = offline("digits", "-q", "-t", "hf:org/name", **environment)
    assert done.returncode == 99 and "NETWORK" in done.stderr


@pytest.mark.parametrize("scheme", ["", "auto:"])
def test_a_tokenizer_of_this_machine_is_read_without_a_network(tmp_path, scheme):
    (tmp_path / "tokenizer.json").write_bytes(train.path("gpt2").read_bytes())
    said = '{"tokenizer_class": "PreTrainedTokenizerFast", "name_or_path": "org/name"}'
    (tmp_path / "tokenizer_config.json").write_text(said)
    done = offline("fertility", "-q", "--lang", "eng_Latn", "-t", f"{scheme}{tmp_path}")
    assert (done.returncode, done.stderr) == (0, "")


def test_every_audit_is_done_without_a_network(tmp_path):
    path = tmp_path / "corpus.parquet"
    pq.write_table(pa.table({"text": ["a b 12"], "lang": ["en"]}), path)
    outputs = [part for each in ("md", "html", "json") for part in ("-o", tmp_path / f"r.{each}")]
    done = offline("report", "-q", path, "-t", "builtin:bytes", *outputs)
    assert (done.returncode, done.stdout) == (0, "")
    assert {each.name for each in tmp_path.iterdir()} >= {"r.md", "r.html", "r.json"}


@pytest.mark.parametrize("written", ["hf:../../etc/passwd", "hf:org/..", "hf:org/name#../../x"])
def test_a_name_on_the_hub_leads_to_no_file_of_this_machine(written, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(BadTokenizer) as caught:
        loaders.load(written)
    assert "root:" not in str(caught.value)


@pytest.mark.parametrize("written", ["pkg:../x", "pkg:pip/../../x", "pkg:mistral-common/../x"])
def test_a_package_gives_no_file_but_its_own(written):
    with pytest.raises(BadTokenizer):
        loaders.load(written)


def test_names_in_data_are_no_names_of_files(tmp_path, tokaudit):
    """Languages, ids and specs that are paths: what is written is what was asked for."""
    place = tmp_path / "here"
    place.mkdir()
    labels = ["../../escaped", "/tmp/escaped", hostile.NAME.replace("\0", "")]
    columns = {"text": ["a b 12"] * 3, "lang": labels, "id": labels}
    pq.write_table(pa.table(columns), place / "corpus.parquet")
    before = set(tmp_path.rglob("*"))
    code, _, _ = tokaudit(
        *("fertility", "-q", place / "corpus.parquet", "-t", "builtin:bytes"),
        *("-o", place / "r.md", "-o", place / "r.html", "-o", place / "r.json"),
    )
    made = set(tmp_path.rglob("*")) - before
    assert code == 0 and {place / "r.md", place / "r.html", place / "r.json"} <= made
    assert all(each.parent == place and re.fullmatch(r"r\.[\w.]+", each.name) for each in made)


def test_an_archive_is_never_unpacked(tmp_path, tokaudit):
    """A name that leads out of the archive does no harm: nobody opens archives."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../escaped.parquet"))
    for name in ("corpus.parquet", "tokenizer.json", "x.model"):
        (tmp_path / name).write_bytes(data.getvalue())
    assert tokaudit("fertility", "-q", tmp_path / "corpus.parquet", "-t", "builtin:bytes")[0] == 2
    for name in ("tokenizer.json", "x.model"):
        assert tokaudit("digits", "-q", "-t", tmp_path / name)[0] == 3
    assert not (tmp_path.parent / "escaped.parquet").exists()


def test_a_chat_template_is_never_rendered(tmp_path):
    """It would loop for longer than the test may take."""
    endless = "{% for a in range(10**6) %}{% for b in range(10**6) %}x{% endfor %}{% endfor %}"
    (tmp_path / "tokenizer.json").write_bytes(train.path("gpt2").read_bytes())
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "chat_template": endless}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    (tmp_path / "chat_template.jinja").write_text(endless)
    for written in (str(tmp_path), f"auto:{tmp_path}"):
        assert loaders.load(written).identity.vocabulary == train.loaded("gpt2").identity.vocabulary


def test_every_test_that_is_named_in_the_threat_model_is_there():
    said = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)\.(test_\w+)`", said)
    assert len(named) > 12
    for file, name in named:
        assert f"def {name}(" in (ROOT / "tests" / f"{file}.py").read_text(), f"{file}.{name}"
