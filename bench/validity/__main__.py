"""`python -m bench.validity`."""

import sys

from bench.validity.cli import main

sys.exit(main())
