"""From a definition to racers: which texts, which lexicons, which engines, which base.

Owns the assembly. Who is not here or cannot be asked is named with the reason, never passed over.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import corpora, hostile, programs, terms
from bench.corpora import Texts
from bench.cost import cost
from bench.definition import Definition
from bench.engines import ENGINES
from bench.measure import Racer
from bench.patterns import one_dimension, plain_patterns
from bench.protocol import SPLIT, UnableError, Wanted
from pressgauge import Lexicon

BASE = "H"
BASE_ENGINE = "hyperscan"
# Texts for programs are generated up to this size, and then taken again from the start.
GENERATED = 16_000_000
MOST_FOR_A_PROBE = 5.0
PLAIN = Path(__file__).parent / "plain.toml"


@dataclass
class Options:
    """What a caller may choose."""

    corpus: tuple[Path, ...] = ()
    multilingual: Path | None = None
    lexicon: str | None = None
    engines: tuple[str, ...] = ()
    rounds: int = 5
    size: int | None = None


@dataclass
class Field:
    """A suite on its texts, ready to run."""

    definition: Definition
    texts: Texts
    racers: list[Racer]
    wanted: dict[str, Wanted]
    base: Racer | None = None
    left_out: list[tuple[str, str]] = field(default_factory=list)


def wanted_of(source: str, name: str | None = None) -> Wanted:
    """Ask for a lexicon, given as TOML."""
    lexicon = Lexicon.parse(source)
    return Wanted(name or lexicon.name, source, plain_patterns(lexicon))


def named(name: str, texts: Texts) -> Wanted:
    """Ask for the lexicon that a definition names: `plain`, `builtin`, `terms:N`."""
    if name == "plain":
        return wanted_of(PLAIN.read_text(encoding="utf-8"), name)
    if name == "builtin":
        return wanted_of(Lexicon.builtin("geopolitics").source, name)
    drawn = terms.draw(texts.list, int(name.partition(":")[2]))
    return Wanted(name, one_dimension("drawn", drawn), tuple(drawn))


def chosen(lexicon: str) -> Wanted:
    """Ask for the lexicon that the caller names, a file or a built-in one."""
    path = Path(lexicon)
    found = Lexicon.load(path) if path.is_file() else Lexicon.builtin(lexicon)
    return wanted_of(found.source, found.name)


def sources(options: Options, definition: Definition) -> Iterator[Texts]:
    """Give the texts that a suite starts from, one set for each corpus."""
    most = options.size or definition.size
    if definition.texts == "multilingual":
        path = options.multilingual
        yield corpora.languages(most) if path is None else corpora.read(path, options.size)
    elif options.corpus:
        yield from (corpora.read(path, options.size) for path in options.corpus)
    else:
        yield corpora.news(min(most, GENERATED) if definition.texts == "program" else most)


def made(definition: Definition, source: Texts, most: int) -> Texts:
    """Make a suite's texts from those it starts from."""
    makers: dict[str, Callable[[], Texts]] = {
        "short": lambda: corpora.short(source, most),
        "long": lambda: corpora.long(source),
        "dense": lambda: corpora.dense(source, named("plain", source).patterns, most),
        "program": lambda: Texts(source.name, source.list, str(most)),
    }
    return makers.get(definition.texts, lambda: source)()


def fields(options: Options, definition: Definition, tell: Callable[[str], None]) -> Iterator[Field]:
    """Make a suite ready, once for each corpus."""
    if definition.texts == "hostile":
        yield hostile_field(options, definition, tell)
        return
    for source in sources(options, definition):
        tell(f"{definition.name}: texts")
        texts = made(definition, source, options.size or definition.size)
        if definition.texts == "program":
            yield program_field(options, definition, texts)
        else:
            yield field_on(options, definition, source, texts, tell)


def lexicons_of(options: Options, definition: Definition, texts: Texts) -> list[Wanted]:
    """Give the lexicons of a suite, or the one that the caller chose."""
    if options.lexicon:
        return [chosen(options.lexicon)]
    return [named(name, texts) for name in definition.lexicons]


def field_on(
    options: Options, definition: Definition, source: Texts, texts: Texts, tell: Callable[[str], None]
) -> Field:
    """Compile and load every contestant."""
    sampled = corpora.sample(texts, definition.sample)
    lexicons = lexicons_of(options, definition, texts)
    ready = Field(definition, texts, [], {wanted.name: wanted for wanted in lexicons})
    for wanted in lexicons:
        for name in picked(options, definition):
            if ENGINES[name].asks == SPLIT and wanted != lexicons[0]:
                continue  # it does not ask for the lexicon
            tell(f"{definition.name}: compiling {wanted.name} for {name}")
            is_slow = ENGINES[name].slow or name in definition.sampled
            try:
                price = cost(name, wanted) if definition.compile and ENGINES[name].asks != SPLIT else None
                ready.racers.append(racer(name, wanted, sampled if is_slow else texts, is_slow))
                ready.racers[-1].cost = price
            except UnableError as error:
                ready.left_out.append((f"{name} on {wanted.name}", str(error)))
    ready.base = base_of(options, definition, ready, source)
    return ready


def program_field(options: Options, definition: Definition, texts: Texts) -> Field:
    """Make ready what runs as a program of its own."""
    lexicons = lexicons_of(options, definition, texts)
    ready = Field(definition, texts, [], {wanted.name: wanted for wanted in lexicons})
    for one in programs.racers(texts, options.size or definition.size, lexicons):
        if isinstance(one, Racer):
            ready.racers.append(one)
        else:
            ready.left_out.append(one)
    ready.base = next((one for one in ready.racers if one.engine == definition.base), None)
    return ready


def hostile_field(options: Options, definition: Definition, tell: Callable[[str], None]) -> Field:
    """Make ready each family and its double; the base is the plain lexicon on news."""
    size = options.size or definition.size
    news = next(sources(options, NEWS))
    plain, builtin = named("plain", news), named("builtin", news)
    base = racer("pressgauge", plain, news)
    families = hostile.families(plain.source, plain.patterns, builtin.source)
    texts = Texts("hostile", [family.text(size) for family in families])
    ready = Field(definition, texts, [], {}, base)
    for family, text in zip(families, texts.list, strict=True):
        tell(f"hostile: {family.name}")
        ready.wanted[family.name] = wanted = Wanted(family.name, family.source)
        try:
            probe(wanted, family.text(size // 16))
        except UnableError as error:
            ready.left_out.append((family.name, str(error)))
            continue
        ready.racers.append(racer("pressgauge", wanted, Texts("once", [text])))
        ready.racers[-1].doubled = racer("pressgauge", wanted, Texts("twice", [family.text(2 * size)]))
    ready.racers.append(base)
    return ready


def probe(wanted: Wanted, text: str) -> None:
    """Try a sixteenth first, so that what is not linear stops nobody."""
    race = ENGINES["pressgauge"].prepare(wanted, [text])
    start = time.perf_counter()
    race.run()
    seconds = time.perf_counter() - start
    if seconds > MOST_FOR_A_PROBE:
        raise UnableError(f"gave up: {len(text.encode()):,} bytes took {seconds:.1f} s")


def picked(options: Options, definition: Definition) -> Iterable[str]:
    """Give the engines that run, in the order of the definition; the caller may add others."""
    if not options.engines:
        return definition.engines
    return [name for name in ENGINES if name in options.engines]


def racer(name: str, wanted: Wanted, texts: Texts, sampled: bool = False) -> Racer:
    """Make one contestant ready."""
    engine = ENGINES[name]
    if engine.version is None:
        raise UnableError("not installed")
    race = engine.prepare(wanted, texts.list)
    return Racer(name, wanted.name, engine.asks, race, len(texts.list), texts.bytes, sampled)


def base_of(options: Options, definition: Definition, ready: Field, source: Texts) -> Racer | None:
    """Find the base among the contestants; H joins them if it is not there yet."""
    if definition.base != BASE:
        return next((one for one in ready.racers if one.engine == definition.base), None)
    news = source if definition.texts != "multilingual" else next(sources(options, NEWS))
    for one in ready.racers:
        if (one.engine, one.lexicon, one.bytes) == (BASE_ENGINE, "plain", news.bytes):
            return one
    try:
        base = racer(BASE_ENGINE, named("plain", news), news)
    except UnableError as error:
        ready.left_out.append((BASE, str(error)))
        return None
    base.engine = BASE
    ready.racers.append(base)
    return base


NEWS = Definition("news", "", "news", size=4_000_000)


def digest(wanted: Wanted) -> str:
    """Tell a lexicon from others."""
    return hashlib.sha256(wanted.source.encode()).hexdigest()[:12]
