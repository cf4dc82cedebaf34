"""The installed package: its entry point, its metadata, its size in memory at import."""

import subprocess
import sys
from importlib.metadata import distribution, entry_points, version

import pytest

import pressgauge
import smoke_wheel
from pressgauge import _native


def test_the_entry_point_is_the_command_line():
    (script,) = entry_points(group="console_scripts", name="pressgauge")
    assert script.value == "pressgauge.cli:main"


def test_the_metadata_name_the_extras():
    about = distribution("pressgauge").metadata
    assert {"reference", "arrow", "pandas", "polars", "duckdb", "test"} <= set(
        about.get_all("Provides-Extra")
    )
    base = [one for one in about.get_all("Requires-Dist") if "extra ==" not in one]
    assert sorted(one.split(">=")[0].split("<")[0].strip() for one in base) == ["click", "rich"]


def test_the_version_is_one():
    assert pressgauge.__version__ == _native.__version__ == version("pressgauge")


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_little(option):
    """Neither the core nor a command, and nothing that takes as long to import as all of the package."""
    heavy = (
        "pressgauge._native",
        "pressgauge.run",
        "rich",
        "pyarrow",
        "importlib.metadata",
        "importlib.resources",
    )
    code = (
        f"import sys\nfrom pressgauge.cli import main\ntry: main(['{option}'])\n"
        f"except SystemExit: print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_package_alone_loads_nothing():
    code = "import sys; before = set(sys.modules); import pressgauge; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert [name for name in loaded if name.startswith("pressgauge")] == ["pressgauge"]
    assert not {"typing", "dataclasses", "re", "pathlib"} & set(loaded)


def test_interpreters_are_found_by_what_they_are():
    assert smoke_wheel.version_of(sys.executable) == f"cpython {sys.version_info[0]}.{sys.version_info[1]}"
    found = dict(smoke_wheel.find_interpreters())
    assert set(found) <= set(smoke_wheel.VERSIONS)
