"""Yoshikoder (.ykd) and Lexicoder 2 (.lcd) dictionaries: XML of categories (cnode) and terms (pnode)."""

from xml.parsers import expat

from .model import MAX_DEPTH, Dictionary, Entry
from .numbers import finite


class _Reader:
    """Follows the elements; a document type, and with it every entity of the file's own, is refused."""

    def __init__(self, into: Dictionary, encoding: str | None) -> None:
        self.into = into
        self.above: list[str | None] = []
        self.known = {"dictionary", "cnode", "pnode"}
        self.parser = expat.ParserCreate(encoding)
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def refuse(self, *_: object) -> None:
        raise self.into.error(
            "this XML declares a document type, which a dictionary does not need", self.line, "delete it"
        )

    def begin(self, kind: str, attributes: dict[str, str]) -> None:
        if len(self.above) > 2 * MAX_DEPTH:
            raise self.into.error(f"elements are nested more than {2 * MAX_DEPTH} deep", self.line)
        if not self.above and kind != "dictionary":
            raise self.into.error(f"this is no dictionary: its first element is <{kind[:40]}>", self.line)
        if kind not in self.known:
            self.known.add(kind)
            self.into.note(f"elements <{kind[:40]}> have no counterpart: left out", self.line)
        name = attributes.get("name")
        if kind in ("cnode", "pnode") and name is None:
            raise self.into.error(f"this <{kind}> has no name", self.line)
        if kind == "cnode":
            self.into.declare((*self.path, str(name)), self.line)
            if attributes.get("desc") not in (None, "", name):
                self.into.note(f"the description of `{name}` is left out", self.line)
        elif kind == "pnode":
            written = attributes.get("score") or attributes.get("weight")
            weight = finite(written, self.into, self.line) if written else None
            path = self.path or (self.into.name,)
            self.into.add(path, Entry(str(name), weight, self.line))
        self.above.append(name if kind == "cnode" else None)

    def end(self, _: str) -> None:
        self.above.pop()

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(name for name in self.above if name is not None)


def read(data: bytes, into: Dictionary, encoding: str | None = None) -> None:
    """Read a dictionary of cnodes and pnodes."""
    reader = _Reader(into, encoding)
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, ValueError) and hasattr(error, "hint"):
            raise
        reason = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else str(error)
        line = getattr(error, "lineno", None)
        raise into.error(f"this XML is broken: {reason}", line) from None
    _without_root(into)


def _without_root(into: Dictionary) -> None:
    """Take off the root that Yoshikoder puts around all: it names the dictionary."""
    tops = {path[0] for path in into.categories}
    deepest = max((len(path) for path in into.categories), default=0)
    if len(tops) != 1 or deepest < 3:
        return
    (root,) = tops
    if into.categories.get((root,)):
        return
    into.categories = {path[1:]: terms for path, terms in into.categories.items() if len(path) > 1}
    into.description = None if root == into.name else root
