"""From a definition to racers: which texts, which lexicons, which engines, which base.

Owns the assembly. Who is not here or cannot be asked is named with the reason, never passed over.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import corpora, terms
from bench.corpora import Texts
from bench.definition import Definition
from bench.engines import ENGINES
from bench.measure import Racer
from bench.patterns import one_dimension, plain_patterns
from bench.protocol import SPLIT, UnableError, Wanted
from pressgauge import Lexicon

BASE = "H"
BASE_ENGINE = "hyperscan"
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
        is_given = options.multilingual is not None
        yield corpora.read(options.multilingual, options.size) if is_given else corpora.languages(most)  # type: ignore[arg-type]
    elif options.corpus:
        yield from (corpora.read(path, options.size) for path in options.corpus)
    else:
        yield corpora.news(most)


def made(definition: Definition, source: Texts, most: int) -> Texts:
    """Make a suite's texts from those it starts from."""
    makers: dict[str, Callable[[], Texts]] = {
        "short": lambda: corpora.short(source, most),
        "long": lambda: corpora.long(source),
        "dense": lambda: corpora.dense(source, named("plain", source).patterns, most),
    }
    return makers.get(definition.texts, lambda: source)()


def fields(options: Options, definition: Definition, tell: Callable[[str], None]) -> Iterator[Field]:
    """Make a suite ready, once for each corpus."""
    for source in sources(options, definition):
        tell(f"{definition.name}: texts")
        texts = made(definition, source, options.size or definition.size)
        ready = field_on(options, definition, texts, tell)
        ready.base = base_of(options, definition, ready, source)
        yield ready


def field_on(options: Options, definition: Definition, texts: Texts, tell: Callable[[str], None]) -> Field:
    """Compile and load every contestant."""
    sampled = corpora.sample(texts, definition.sample)
    if options.lexicon:
        lexicons = [chosen(options.lexicon)]
    else:
        lexicons = [named(name, texts) for name in definition.lexicons]
    ready = Field(definition, texts, [], {wanted.name: wanted for wanted in lexicons})
    for wanted in lexicons:
        for name in picked(options, definition):
            if ENGINES[name].asks == SPLIT and wanted != lexicons[0]:
                continue  # it does not ask for the lexicon
            tell(f"{definition.name}: compiling {wanted.name} for {name}")
            try:
                is_slow = ENGINES[name].slow or name in definition.sampled
                ready.racers.append(racer(name, wanted, sampled if is_slow else texts, is_slow))
            except UnableError as error:
                ready.left_out.append((f"{name} on {wanted.name}", str(error)))
    return ready


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


NEWS = Definition("news", "", "news", (), ())


def digest(wanted: Wanted) -> str:
    """Tell a lexicon from others."""
    return hashlib.sha256(wanted.source.encode()).hexdigest()[:12]
