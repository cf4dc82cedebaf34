"""The small lexicon that the tests of tables and of runs score with."""

LEXICON = """
[lexicon]
name = "small"
version = "1.0"

[dimensions.sanction.categories.trade]
terms = ["embargo*", { pattern = "=US", weight = 0.5 }]

[dimensions.conflict.categories.war]
terms = ["war"]
"""
