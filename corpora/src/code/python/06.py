"""A very small JSON client on top of the standard library."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

BASE_URL = "https://api.example.com/v1"
RETRYABLE = {429, 502, 503, 504}


class ApiError(RuntimeError):
    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"HTTP {status}: {body[:200]}")
        self.status = status


def request_json(method: str, path: str, *, params: dict[str, Any] | None = None, payload: Any = None, timeout: float = 10.0, retries: int = 3) -> Any:
    url = f"{BASE_URL}/{path.lstrip('/')}"
    if params:
        url += "?" + urllib.parse.urlencode(params, doseq=True)
    data = json.dumps(payload, ensure_ascii=False).encode("utf-8") if payload is not None else None
    headers = {"Accept": "application/json", "User-Agent": "weather-cli/0.3"}
    if data is not None:
        headers["Content-Type"] = "application/json; charset=utf-8"

    for attempt in range(retries + 1):
        req = urllib.request.Request(url, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(req, timeout=timeout) as resp:
                return json.load(resp)
        except urllib.error.HTTPError as exc:
            if exc.code not in RETRYABLE or attempt == retries:
                raise ApiError(exc.code, exc.read().decode("utf-8", "replace")) from exc
            time.sleep(0.5 * 2**attempt)  # back off: 0.5 s, 1 s, 2 s …


if __name__ == "__main__":
    forecast = request_json("GET", "/forecast", params={"city": "São Paulo", "days": 3})
    for day in forecast["days"]:
        print(f"{day['date']}: {day['low']}–{day['high']} °C, {day['summary']}")
