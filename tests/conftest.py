"""Shared fixtures; makes the package importable from the source tree where it is not installed."""

import importlib.util
import sys
from pathlib import Path

import pytest

if importlib.util.find_spec("pressgauge") is None:
    sys.path.insert(0, str(Path(__file__).parent.parent / "python"))

from engines import ENGINES, Adapter


@pytest.fixture(params=ENGINES, ids=lambda adapter: adapter.name)
def engine(request: pytest.FixtureRequest) -> Adapter:
    """Every engine that can be imported here, one after the other."""
    return request.param
