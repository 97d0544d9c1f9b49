"""A corpus in an S3 store, a real server on this machine: the figures of the same files on disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.fs as pafs
import pytest

from tests import cluster, figures, parts, train
from tokaudit.corpus import Corpus
from tokaudit.errors import BadCorpus

server = pytest.importorskip("moto.server", reason="moto, a server that speaks S3, is absent")
BUCKET = "corpora"
# What a user sets for a store that is not Amazon's; the server takes any name and password.
SETTINGS = {
    "AWS_ACCESS_KEY_ID": "name",
    "AWS_SECRET_ACCESS_KEY": "password",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
pytestmark = [
    pytest.mark.usefixtures("examined_once"),
    pytest.mark.filterwarnings("ignore"),  # what the server and Ray warn of is their own affair
]


@dataclass(frozen=True)
class Store:
    """A folder of Parquet on disk, and its copy in a bucket."""

    folder: Path
    files: pafs.FileSystem
    settings: dict[str, str]

    def corpus(self, written: str) -> Corpus:
        return Corpus((f"s3://{BUCKET}/{written}",))


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[Store]:
    """Serve a bucket with the corpus's two files under `made/`."""
    folder = tmp_path_factory.mktemp("made")
    parts.corpus(folder)
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    settings = {**SETTINGS, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        endpoint = settings["AWS_ENDPOINT_URL"]
        files = pafs.S3FileSystem(endpoint_override=endpoint, allow_bucket_creation=True)
        files.create_dir(BUCKET)
        for path in folder.iterdir():
            with files.open_output_stream(f"{BUCKET}/made/{path.name}") as stream:
                stream.write(path.read_bytes())
        yield Store(folder, files, settings)
    running.stop()


@pytest.fixture(scope="module")
def tokenizers():
    return [train.loaded("gpt2")]


@pytest.fixture(scope="module")
def whole(store, tokenizers):
    return figures.report(tokenizers, Corpus((str(store.folder),)))


@pytest.mark.parametrize("written", ["made/", "made/*.parquet", "**/[ab].parquet"])
def test_a_folder_and_a_pattern_name_what_they_name_on_disk(store, tokenizers, whole, written):
    found = figures.report(tokenizers, store.corpus(written))
    figures.same(found, whole)


def test_processes_read_it_too(store, tokenizers, whole):
    found = figures.report(tokenizers, store.corpus("made"), jobs=2)
    figures.same(found, whole)


def test_ray_reads_it_too(store, tokenizers, whole):
    with cluster.running(store.settings):
        found = figures.report(tokenizers, store.corpus("made"), jobs=2, backend="ray")
    figures.same(found, whole)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("none.parquet", "no file or directory s3://corpora/none.parquet"),
        ("made/*.csv", "no Parquet file fits s3://corpora/made/[*].csv"),
        ("made/a.parquet/b.parquet", "no file or directory"),
    ],
)
def test_what_is_not_there_is_said(store, written, said):
    with pytest.raises(BadCorpus, match=said):
        list(store.corpus(written))


def test_the_address_of_a_store_may_stand_in_the_uri(store, tokenizers, whole, monkeypatch):
    place = store.settings["AWS_ENDPOINT_URL"].removeprefix("http://")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    written = f"made/*.parquet?scheme=http&endpoint_override={place}"
    found = figures.report(tokenizers, store.corpus(written))
    figures.same(found, whole)


def test_a_bucket_that_is_not_there_is_said(store):
    with pytest.raises(BadCorpus, match="s3://nowhere/a"):
        list(Corpus(("s3://nowhere/a.parquet",)))


def test_a_folder_that_was_emptied_before_it_is_read_is_said(store, tokenizers):
    with store.files.open_output_stream(f"{BUCKET}/gone/a.parquet") as stream:
        stream.write((store.folder / "a.parquet").read_bytes())
    corpus = store.corpus("gone")
    assert corpus.rows
    store.files.delete_file(f"{BUCKET}/gone/a.parquet")
    with pytest.raises(BadCorpus, match="s3://corpora/gone"):
        figures.report(tokenizers, corpus)
