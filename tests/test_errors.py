"""The tree of errors: places in messages, built-in relatives, pickling, and what bad calls say."""

import copy
import errno
import pickle

import pytest

import pressgauge
from pressgauge import (
    InputError,
    InternalError,
    Lexicon,
    LexiconError,
    LimitError,
    MissingExtraError,
    OptionError,
    OutputError,
    PressgaugeError,
    Scorer,
)
from pressgauge.cli.main import _exit_code

ALL = [LexiconError, OptionError, InputError, OutputError, LimitError, InternalError, MissingExtraError]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({}, "it broke"),
        ({"path": "a.toml"}, "a.toml: it broke"),
        ({"path": "a.toml", "line": 3}, "a.toml:3: it broke"),
        ({"path": "a.toml", "line": 3, "column": 7}, "a.toml:3:7: it broke"),
        ({"line": 3}, "line 3: it broke"),
        ({"line": 3, "column": 7}, "line 3, column 7: it broke"),
        ({"hint": "mend it"}, "it broke (mend it)"),
        ({"path": "a.toml", "line": 3, "column": 7, "hint": "mend it"}, "a.toml:3:7: it broke (mend it)"),
    ],
)
@pytest.mark.parametrize("kind", ALL)
def test_messages_carry_their_place(kind, place, said):
    assert str(kind("it broke", **place)) == said


@pytest.mark.parametrize("kind", ALL)
def test_errors_survive_pickling_and_copying(kind):
    error = kind("it broke", path="a.toml", line=3, column=7, hint="mend it", errno=errno.ENOSPC)
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is kind
        assert str(twin) == str(error)
        assert (twin.path, twin.line, twin.column, twin.hint, twin.errno) == (
            "a.toml",
            3,
            7,
            "mend it",
            errno.ENOSPC,
        )


def test_errors_are_drawn_from_one_root_and_built_in_ones():
    assert all(issubclass(kind, PressgaugeError) for kind in ALL)
    assert issubclass(LexiconError, ValueError)
    assert issubclass(OptionError, ValueError)
    assert issubclass(OutputError, OSError)
    assert issubclass(MissingExtraError, ImportError)


def test_the_core_raises_these_errors_with_their_places():
    with pytest.raises(LexiconError) as caught:
        Lexicon.parse('[lexicon]\nname = "x"\nversion = "1"\nlangauge = "en"\n', path="mine.toml")
    assert (caught.value.path, caught.value.line) == ("mine.toml", 4)
    assert "langauge" in str(caught.value)
    assert "language" in str(caught.value)


def test_no_such_lexicon_suggests_one():
    with pytest.raises(LexiconError, match="geopolitics"):
        Lexicon.builtin("geopolitic")
    with pytest.raises(LexiconError, match="nowhere"):
        Lexicon.find("nowhere.toml")
    with pytest.raises(FileNotFoundError):
        Lexicon.load("nowhere.toml")


def test_a_lexicon_that_is_not_utf8_names_the_line(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'[lexicon]\nname = "caf\xe9"\n')
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(path)
    assert (caught.value.path, caught.value.line) == (str(path), 2)


@pytest.mark.parametrize(
    "bad", [{"overlap": "all"}, {"newline": "lf"}, {"engine": "fast"}, {"drop": ["nothing"]}]
)
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_bad_options_are_refused_by_both_engines(small, bad, engine):
    with pytest.raises(OptionError) as caught:
        Scorer(small, **{"engine": engine} | bad)
    assert next(iter(bad)) in str(caught.value) or "nothing" in str(caught.value)


@pytest.mark.parametrize("text", [None, 7, b"bytes", ["list"]])
def test_score_wants_a_str(scorer, text):
    with pytest.raises(TypeError, match=type(text).__name__):
        scorer.score(text)
    with pytest.raises(TypeError, match=type(text).__name__):
        scorer.hits(text)


def test_score_many_names_the_bad_text(scorer):
    with pytest.raises(TypeError, match=r"texts\[2\].*float"):
        scorer.score_many(["a", None, 1.5])
    with pytest.raises(TypeError, match="one text"):
        scorer.score_many("a text")
    with pytest.raises(OptionError, match="threads"):
        scorer.score_many(["a"], threads=0)


def test_drop_takes_a_list(small):
    with pytest.raises(TypeError, match="list"):
        Scorer(small, drop="negated")


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_tag_that_the_lexicon_does_not_give_cannot_be_dropped(small, engine):
    lexicon = Lexicon.parse(small.source + "[modifiers.negated]\ncues = ['no']\n")
    with pytest.raises(OptionError, match="did you mean `negated`"):
        Scorer(lexicon, drop=["negate"], engine=engine)
    with pytest.raises(OptionError, match="no modifiers"):
        Scorer(small, drop=["negated"], engine=engine)


def test_a_scorer_wants_a_lexicon():
    with pytest.raises(TypeError, match=r"Lexicon\.load"):
        Scorer("geopolitics")


def test_unknown_names_of_the_package():
    with pytest.raises(AttributeError, match="scorer_of"):
        _ = pressgauge.scorer_of
    assert "score_files" in dir(pressgauge)


@pytest.mark.parametrize(
    ("method", "extra"), [("to_arrow", "arrow"), ("to_pandas", "pandas"), ("to_polars", "polars")]
)
def test_missing_extras_name_the_command(small, monkeypatch, method, extra):
    table = Scorer(small).score_many(["a"])
    for module in ("pyarrow", "pandas", "polars"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'pressgauge\[{extra}\]'"):
        getattr(table, method)()


def test_the_reference_without_regex_names_the_command(small, monkeypatch):
    modules = __import__("sys").modules
    for name in [name for name in modules if name.startswith("pressgauge.reference")]:
        monkeypatch.delitem(modules, name)
    monkeypatch.setitem(modules, "regex", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'pressgauge\[reference\]'"):
        Scorer(small, engine="reference")


def test_a_limit_of_the_run_itself_is_five(monkeypatch, capsys):
    def limited(*_: object, **__: object) -> None:
        raise LimitError("more than the machine has")

    monkeypatch.setattr("pressgauge.cli.inspect.inspect_files", limited)
    assert _exit_code(["inspect", "news.jsonl"]) == 5
    assert capsys.readouterr().err == "pressgauge: more than the machine has\n"
