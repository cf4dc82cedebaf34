"""The canonical form of a lexicon and its SHA-256 (SPEC 11), for every engine."""

from hashlib import sha256

from engines import Adapter

FULL = """
# A comment is no part of it.
[lexicon]
version = '2.1'
name = "full"
language = "en"
description = 'Says "no", \\ and\ttab'
newline = "space"
bound_prefixes = ["De", "anti"]

[macros]
STATE = ["=US", "russia*"]
NONE = []

[dimensions.second]
label = "Zwei 二"
veto = ["review @near(STATE, 5)"]
[dimensions.second.categories.b]
cite = "Someone 2019"
weight = 2
terms = ["asset-freeze*", { weight = 0.25, pattern = "U.S. ~3 ban @not(STATE, sentence)" }]
[dimensions.second.categories.a]
terms = [{ pattern = "x", weight = 1e22 }, { pattern = "y", weight = -1e-7 }]

[dimensions.first]
exclude = ["court sanction*"]
[dimensions.first.categories.c]
terms = []

[modifiers.relief]
after = 7
block_within = 5
cues = ["lift*"]
block = ["not"]
blocked_tag = "maintained"

[modifiers.quiet]
tag = "relief"
before = 3
cues = ["if"]
"""

FULL_CANONICAL = (
    '{"name":"full","version":"2.1","language":"en","description":"Says \\"no\\", \\\\ and\\ttab",'
    '"newline":"space","bound_prefixes":["De","anti"],'
    '"macros":[{"name":"STATE","terms":["=US","russia*"]},{"name":"NONE","terms":[]}],'
    '"dimensions":[{"name":"second","label":"Zwei 二","exclude":[],"veto":["review @near(STATE, 5)"],'
    '"categories":[{"name":"b","label":null,"cite":"Someone 2019","weight":2.0,"terms":['
    '{"pattern":"asset-freeze*","weight":null},'
    '{"pattern":"U.S. ~3 ban @not(STATE, sentence)","weight":0.25}]},'
    '{"name":"a","label":null,"cite":null,"weight":null,"terms":['
    '{"pattern":"x","weight":10000000000000000000000.0},{"pattern":"y","weight":-0.0000001}]}]},'
    '{"name":"first","label":null,"exclude":["court sanction*"],"veto":[],"categories":['
    '{"name":"c","label":null,"cite":null,"weight":null,"terms":[]}]}],'
    '"modifiers":[{"name":"relief","tag":"relief","blocked_tag":"maintained","before":0,"after":7,'
    '"block_within":5,"cues":["lift*"],"stop":[],"cancel":[],"block":["not"]},'
    '{"name":"quiet","tag":"relief","blocked_tag":null,"before":3,"after":0,"block_within":0,'
    '"cues":["if"],"stop":[],"cancel":[],"block":[]}]}'
)

PLAIN = """
[lexicon]
name = "a\\u0001\\u007f\\u00ad"
version = "1"
[dimensions.d.categories.c]
terms = ["war"]
"""

PLAIN_CANONICAL = (
    '{"name":"a\\u0001\x7f\xad","version":"1","language":null,"description":null,"newline":"auto",'
    '"bound_prefixes":["de","non","anti","counter","pre","post","ex","pro","quasi","pseudo","mis"],'
    '"macros":[],"dimensions":[{"name":"d","label":null,"exclude":[],"veto":[],"categories":[{"name":"c",'
    '"label":null,"cite":null,"weight":null,"terms":[{"pattern":"war","weight":null}]}]}],"modifiers":[]}'
)


def test_everything_in_its_place(engine: Adapter) -> None:
    assert engine.canonical(FULL) == FULL_CANONICAL


def test_what_is_absent(engine: Adapter) -> None:
    assert engine.canonical(PLAIN) == PLAIN_CANONICAL


def test_digest(engine: Adapter) -> None:
    assert engine.digest(PLAIN) == sha256(PLAIN_CANONICAL.encode()).hexdigest()


def test_layout_does_not_matter(engine: Adapter) -> None:
    relaid = PLAIN.replace("\nversion", "   # comment\n\n  version").replace('"1"', "'1'")
    assert relaid != PLAIN
    assert engine.digest(relaid) == engine.digest(PLAIN)


def test_what_is_written_matters(engine: Adapter) -> None:
    assert engine.digest(PLAIN.replace('["war"]', '["War"]')) != engine.digest(PLAIN)
