"""`python -m pressgauge` is `pressgauge`."""

from .cli import main

main()
