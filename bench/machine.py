"""The machine and the versions behind a record. No names of hosts, no paths.

The level is the instruction set that pressgauge uses there.
"""

import os
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.engines import ENGINES
from bench.protocol import version_of
from pressgauge import _native


def cpu() -> dict[str, str]:
    """Read what the kernel says of the first processor."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").partition("\n\n")[0].splitlines() if path.exists() else []
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def system() -> str:
    """Name the system without the host."""
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.system()
    return f"{name}, {platform.system()} {platform.release().partition('-')[0]}"


def machine() -> dict[str, Any]:
    """Describe the machine."""
    first = cpu()
    return {
        "cpu": first.get("model name") or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "level": _native.level,
        "system": system(),
        "python": platform.python_version(),
    }


def versions(names: Iterable[str]) -> dict[str, str]:
    """Give the versions of the packages behind these engines."""
    packages = dict.fromkeys(ENGINES[name].package for name in names if name in ENGINES)
    found = {package: version_of(package) for package in packages if package != "python"}
    return {package: version for package, version in found.items() if version}
