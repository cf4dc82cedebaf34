"""All contestants, by name. A new one is a file here and a line below."""

from bench.engines import (
    ahocorasick_rust,
    automaton,
    duck,
    flashtext,
    hyper,
    polar,
    pressgauge_native,
    pressgauge_reference,
    regexes,
    words,
)
from bench.protocol import Engine

FILES = (
    pressgauge_native,
    pressgauge_reference,
    hyper,
    duck,
    ahocorasick_rust,
    polar,
    automaton,
    flashtext,
    regexes,
    words,
)

ENGINES: dict[str, Engine] = {engine.name: engine for file in FILES for engine in file.ENGINES}
