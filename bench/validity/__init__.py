"""The validity bench: how well a lexicon finds what people labelled, beside simpler ways to look for it."""
