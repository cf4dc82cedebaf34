"""Owns packing by other tools than ours: Python's standard library, and zstd where it is installed."""

import bz2
import gzip
import io
import lzma
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable

import pytest

ZSTD = shutil.which("zstd")

Pack = Callable[[bytes], bytes]


def zstd(data: bytes, *options: str) -> bytes:
    """Pack a frame by the zstd program."""
    if ZSTD is None:
        pytest.skip("the zstd program is not here")
    return subprocess.run([ZSTD, "-q", "-c", *options], input=data, capture_output=True, check=True).stdout


CODINGS: dict[str, Pack] = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd,
}


def tar(*members: tuple[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    """Make a tar archive of these members, in order."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a zip archive of these members, in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()
