"""The index over time (SPEC 10): from scores, frames or archives to series with intervals and spikes."""

from .build import index
from .options import IndexOptions
from .result import IndexTable

__all__ = ["IndexOptions", "IndexTable", "index"]
