"""`python -m cli`: the same as `sightline`."""

import sys

from cli.main import main

sys.exit(main())
