"""What several test files share: every engine, a small lexicon, the shared folder, a command line."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest

from accounts import accounted, check_command
from engines import ENGINES, Adapter
from pressgauge import Lexicon, Scorer, run
from pressgauge.run import Summary

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("PRESSGAUGE_SHARED", ROOT.parent / "shared"))

SMALL = """
[lexicon]
name = "small"
version = "1.0"
language = "en"
description = "For tests"

[macros]
STATE = ["moscow", "tehran"]

[dimensions.sanction]
label = "Sanctions"
exclude = ["court sanctioned"]

[dimensions.sanction.categories.general]
label = "General"
terms = ["sanction*", "embargo* @near(STATE, 5)"]

[dimensions.sanction.categories.financial]
weight = 2.0
terms = ["asset freeze*", { pattern = "[freez*|froze*] ~3 assets", weight = 0.5 }]

[dimensions.conflict]
veto = ["box office"]

[dimensions.conflict.categories.force]
terms = ["air strike*", "strike*"]
"""

TEXT = (
    "Moscow faces new sanctions and an asset freeze. The ministry froze\nthe assets of two banks. "
    "The press embargo ends today. An air strike followed; the court sanctioned it."
)

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Listen to SIGINT even where whoever started the tests lets it be ignored, as nohup does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _nothing_vanishes() -> None:
    """Hold every run within this process to documents = scored + rejected + filtered."""

    def checked(**told: Any) -> Summary:
        accounted(told)
        return Summary(**told)

    run.Summary = checked  # type: ignore[misc,assignment]


@pytest.fixture(scope="session")
def small() -> Lexicon:
    return Lexicon.parse(SMALL, path="small.toml")


@pytest.fixture(params=ENGINES, ids=lambda adapter: adapter.name)
def engine(request: pytest.FixtureRequest) -> Adapter:
    """Every engine, as an adapter."""
    return request.param


@pytest.fixture(params=["native", "reference"])
def engine_name(request: pytest.FixtureRequest) -> Literal["native", "reference"]:
    """Every engine, as a scorer names it."""
    return request.param


@pytest.fixture
def scorer(small: Lexicon, engine_name: Literal["native", "reference"]) -> Scorer:
    return Scorer(small, engine=engine_name)


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared folder is not here")
    return SHARED


@pytest.fixture
def cli(tmp_path: Path) -> Run:
    """Run the command line as typed, in an empty folder and a process of its own, and check its sums."""

    def run(
        typed: str, *more: str, stdin: str | bytes = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        command = [sys.executable, "-m", "pressgauge", *shlex.split(typed), *more]
        done = subprocess.run(
            command, cwd=tmp_path, input=data, capture_output=True, env=os.environ | environment
        )
        stdout, stderr = done.stdout.decode(), done.stderr.decode()
        check_command([*shlex.split(typed), *more], tmp_path, stdout, stderr)
        return subprocess.CompletedProcess(command, done.returncode, stdout, stderr)

    return run
