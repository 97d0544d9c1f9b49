"""Servers to test against, real ones on this machine: a Hub, and a proxy to any https:// site."""

import hashlib
import json
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT, OLDER = "c0ffee" + "0" * 34, "0ddba11" + "0" * 33
NO_REPOSITORY = (404, {"X-Error-Code": "RepoNotFound"})
NO_REVISION = (404, {"X-Error-Code": "RevisionNotFound"})
NO_ENTRY = (404, {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
GATED = {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access to model org/name is restricted."}


@dataclass
class Hub:
    """What a Hub holds and how it fails; `asked` lists each request as `METHOD path`.

    `fails` maps how a request begins to the status and headers of every answer to it. `cut` and
    `spoil` are what happens to files on their way, `large` marks files kept by SHA-256, as LFS
    does, and no file comes before `stalls` is set.
    """

    url: str
    repositories: dict[str, dict[str, dict[str, bytes]]] = field(default_factory=dict)
    fails: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    token: str | None = None
    cut: bool = False
    spoil: Callable[[bytes], bytes] = bytes
    large: bool = False
    stalls: Event | None = None
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def add(self, name: str, files: Mapping[str, bytes], commit: str = COMMIT) -> None:
        """Put files into a repository, at a commit and (the last one) on its branch main."""
        revisions = self.repositories.setdefault(name, {})
        revisions[commit] = revisions["main"] = dict(files)
        revisions["main"][".commit"] = commit.encode()
        revisions[commit] = dict(files) | {".commit": commit.encode()}


def etag(data: bytes, large: bool) -> str:
    """Name a file as the Hub does: git's SHA-1, or SHA-256 of a large one."""
    if large:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class Asked(BaseHTTPRequestHandler):
    """One connection of a client."""

    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Say nothing: stderr belongs to the test."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append(f"{self.command} {path}")
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self.hub.tokens |= {token} if token else set()
        for what, answer in self.hub.fails.items():
            if f"{self.command} {path}".startswith(what):
                return self._send(*answer)
        if self.hub.token and token != self.hub.token:
            return self._send(403 if token else 401, GATED)
        return self._repository(path)

    def _repository(self, path: str) -> None:
        """`/org/name/resolve/<revision>/<file>` or `/api/models/org/name/revision/<revision>`."""
        listed = path.startswith("/api/models/")
        name, _, rest = path.removeprefix("/api/models").partition(
            "/revision" if listed else "/resolve"
        )
        revisions = self.hub.repositories.get(name.strip("/"))
        if revisions is None:
            return self._send(*NO_REPOSITORY)
        wanted = rest.strip("/") or "main"
        revision = next((each for each in revisions if f"{wanted}/".startswith(f"{each}/")), None)
        if revision is None:
            return self._send(*NO_REVISION)
        files = revisions[revision]
        if listed:
            return self._list(name.strip("/"), files)
        file = wanted.removeprefix(f"{revision}/")
        return self._file(files[file], files) if file in files else self._send(*NO_ENTRY)

    def _list(self, name: str, files: dict[str, bytes]) -> None:
        siblings = [{"rfilename": each} for each in files if each != ".commit"]
        said = {"id": name, "sha": files[".commit"].decode(), "siblings": siblings}
        self._send(200, {"Content-Type": "application/json"}, json.dumps(said).encode())

    def _file(self, data: bytes, files: dict[str, bytes]) -> None:
        headers = {
            "ETag": f'"{etag(data, self.hub.large)}"',
            "X-Repo-Commit": files[".commit"].decode(),
        }
        if self.hub.large:
            headers |= {"X-Linked-Size": str(len(data)), "X-Linked-Etag": headers["ETag"]}
        if self.command == "GET" and self.hub.stalls:
            self.hub.stalls.wait(30)
        sent = self.hub.spoil(data) if self.command == "GET" else data
        self._send(200, headers, sent, cut=self.hub.cut)

    def _send(
        self, status: int, headers: Mapping[str, str], data: bytes = b"", cut: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(data))} | dict(headers)).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data[: len(data) // 2] if cut else data)
        self.close_connection = cut


@dataclass
class Site:
    """What is behind the proxy, by path, and how it fails; `authority` is its certificate."""

    url: str
    authority: Path
    files: dict[str, bytes] = field(default_factory=dict)
    status: int = 200
    cut: bool = False
    stalls: Event | None = None
    asked: list[str] = field(default_factory=list)


class Tunnelled(BaseHTTPRequestHandler):
    """A connection through the proxy, whose end is the site itself."""

    site: Site
    secrets: ssl.SSLContext
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Say nothing: stderr belongs to the test."""

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            self.connection = self.secrets.wrap_socket(self.connection, server_side=True)
        except OSError:  # the client does not trust the certificate
            self.close_connection = True
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.close_connection = False

    def finish(self) -> None:
        with self.connection:
            super().finish()

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        if self.site.stalls:
            self.site.stalls.wait(30)
        data = self.site.files.get(self.path, b"")
        self.send_response(self.site.status if self.path in self.site.files else 404)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if self.site.cut else data)
        self.wfile.flush()
        self.close_connection = self.site.cut


@contextmanager
def proxy(host: str, folder: Path) -> Iterator[Site]:
    """Serve as HTTPS proxy, and as the site with this name; its certificate goes into a folder."""
    key, authority = folder / "key.pem", folder / "authority.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    subprocess.run([*command, "-keyout", key, "-out", authority], check=True, capture_output=True)
    secrets = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secrets.load_cert_chain(authority, key)
    with _serving(Tunnelled, secrets=secrets) as server:
        site = Site(f"http://127.0.0.1:{server.server_port}", authority)
        server.RequestHandlerClass.site = site
        yield site


@contextmanager
def hub() -> Iterator[Hub]:
    """Serve an empty Hub at a free port until the block ends."""
    with _serving(Asked) as server:
        there = Hub(f"http://127.0.0.1:{server.server_port}")
        server.RequestHandlerClass.hub = there
        yield there


@contextmanager
def _serving(answers: type[BaseHTTPRequestHandler], **known: object) -> Iterator[Any]:
    """Serve on a free port; the handler class is made anew, so that two servers can differ."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (answers,), known))
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def closed_port() -> str:
    """Give a URL at which nobody listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    server.server_close()
    return f"http://127.0.0.1:{server.server_port}"
