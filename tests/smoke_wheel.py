"""Installs a wheel into fresh environments, one for each CPython found, and uses it as a newcomer would."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import which

VERSIONS = ("3.11", "3.12", "3.13")
LIMIT = 8 * 1024 * 1024

USE = """
import importlib.resources, json, pickle, sys
import pressgauge
assert "click" not in sys.modules and "rich" not in sys.modules, "import pressgauge is not light"
lexicon = pressgauge.Lexicon.builtin("geopolitics")
scorer = pickle.loads(pickle.dumps(pressgauge.Scorer(lexicon)))
text = "The EU imposed new sanctions on Russian banks and froze their assets."
score = scorer.score(text)
assert score.tokens == 12 and score["sanction"].hits >= 1, score
assert all(text[hit.start:hit.end] == hit.surface for hit in scorer.hits(text, rejected=True))
table = scorer.score_many([text, None, ""], threads=2)
assert [row["tokens"] for row in table.to_dicts()] == [12, None, 0]
table.__arrow_c_stream__()
"""


def main() -> int:
    """Try one wheel with every interpreter."""
    wheel = Path(sys.argv[1]).resolve()
    if wheel.stat().st_size > LIMIT:
        print(f"{wheel.name} has {wheel.stat().st_size:,} bytes, more than {LIMIT:,}")
        return 1
    interpreters = list(find_interpreters())
    for version, interpreter in interpreters:
        with tempfile.TemporaryDirectory() as folder:
            try_wheel(wheel, interpreter, Path(folder))
        print(f"   CPython {version}: the wheel works")
    missing = sorted(set(VERSIONS) - {version for version, _ in interpreters})
    if missing:
        print(f"   not found, so not tried: CPython {', '.join(missing)}")
    return 0 if interpreters else 1


def try_wheel(wheel: Path, interpreter: str, folder: Path) -> None:
    """Install the wheel, use the API, then the command line."""
    run([interpreter, "-m", "venv", "--without-pip", str(folder / "venv")])
    python = str(folder / "venv" / "bin" / "python")
    run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", str(wheel)])
    run([python, "-c", USE])
    sample = folder / "sample.jsonl"
    sample.write_text('{"id": "1", "text": "Sanctions were imposed."}\n', encoding="utf-8")
    for command in (["--version"], ["score", "sample.jsonl", "-o", "scores.parquet"], ["demo"]):
        run([python, "-m", "pressgauge", *command], folder)
    if not (folder / "scores.parquet").read_bytes().startswith(b"PAR1"):
        raise SystemExit("scores.parquet is no Parquet file")


def run(command: list[str], folder: Path | None = None) -> None:
    """Run a command away from the source tree; show what it said only if it fails."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=folder or tempfile.gettempdir(), env=clean, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\nexit {done.returncode}\n{done.stdout}{done.stderr}")


def find_interpreters() -> Iterator[tuple[str, str]]:
    """Find one CPython of each version, on the path or under pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in VERSIONS:
        found = [
            *sorted(map(str, pyenv.glob(f"{version}.*/bin/python"))),
            which(f"python{version}"),
            sys.executable,
        ]
        for candidate in found:
            if candidate and version_of(candidate) == f"cpython {version}":
                yield version, candidate
                break


def version_of(interpreter: str) -> str:
    """Ask an interpreter what it is; a shim without a version behind it is nothing."""
    ask = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
    done = subprocess.run([interpreter, "-c", ask], capture_output=True, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
