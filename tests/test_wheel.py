"""The installed package: its entry point, its metadata, its size in memory at import."""

import subprocess
import sys
from importlib.metadata import distribution, entry_points

import smoke_wheel


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


def test_the_version_does_not_load_the_core():
    code = (
        "import sys\nfrom pressgauge.cli import main\ntry: main(['--version'])\n"
        "except SystemExit: print([m for m in ('pressgauge._native', 'rich', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1] == "[]"


def test_interpreters_are_found_by_what_they_are():
    assert smoke_wheel.version_of(sys.executable) == f"cpython {sys.version_info[0]}.{sys.version_info[1]}"
    found = dict(smoke_wheel.find_interpreters())
    assert set(found) <= set(smoke_wheel.VERSIONS)
