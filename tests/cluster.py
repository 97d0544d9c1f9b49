"""A real Ray on this machine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


@contextmanager
def running(environment: Mapping[str, str] | None = None) -> Iterator[Any]:
    """Give Ray with two workers, which find this checkout, these tests and these variables."""
    ray = pytest.importorskip("ray", reason="the extra `ray` is not installed")
    ray.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        runtime_env={"env_vars": {"PYTHONPATH": str(ROOT), **(environment or {})}},
    )
    try:
        yield ray
    finally:
        ray.shutdown()
