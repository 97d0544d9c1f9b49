"""Downloads that end: no file is larger, and no wait longer, than what is agreed here."""

import threading
from collections.abc import Callable
from typing import TypeVar

import requests

from tokaudit.text import line

PATIENCE = 600.0  # seconds for a whole file: 64 MiB at 1 Mbit/s
SILENCE = 10.0  # seconds without a byte
CHUNK = 2**20

Result = TypeVar("Result")


def within(seconds: float, job: Callable[[], Result]) -> Result:
    """Do a job, and stop waiting for it after so many seconds; raises TimeoutError.

    The thread that does it is left behind: it ends with the process, and keeps none alive.
    """
    done: list[Result] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            done.append(job())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise TimeoutError(f"it took longer than {seconds:.0f} seconds")
    return done[0]


def get(url: str, largest: int) -> bytes:
    """Download a file of at most so many bytes; raises requests.RequestException."""
    try:
        return within(PATIENCE, lambda: _get(url, largest))
    except TimeoutError as error:
        raise requests.Timeout(str(error)) from error


def _get(url: str, largest: int) -> bytes:
    with requests.get(url, stream=True, timeout=SILENCE) as response:
        response.raise_for_status()
        data = bytearray()
        for chunk in response.iter_content(CHUNK):
            data += chunk
            if len(data) > largest:
                raise requests.RequestException(f"it has more than {largest:,} bytes")
    return bytes(data)


# The first that fits; a kind stands before the kinds it is of.
REASONS: dict[type[requests.RequestException], str] = {
    requests.exceptions.ProxyError: "the proxy cannot be reached",
    requests.exceptions.SSLError: "the server's certificate is not trusted",
    requests.exceptions.Timeout: "no answer came in time",
    requests.exceptions.ChunkedEncodingError: "the connection was cut",
    requests.exceptions.ConnectionError: "the server cannot be reached",
}


def reason(error: requests.RequestException) -> str:
    """Say in a few words why a download failed; the library's own words fill a paragraph."""
    if error.response is not None:
        return f"HTTP {error.response.status_code}"
    said = next((said for kind, said in REASONS.items() if isinstance(error, kind)), None)
    return said or line(str(error))
