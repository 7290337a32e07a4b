"""Imports: an export's file brought back, in parts, checked first and then applied as a whole or not at all.

    waiting ──parts──► waiting ──check──► queued, running ──► waiting, with what was found
                          ▲                                      │ apply, where nothing is wrong
                          └───────── a part put anew             ▼
                                                    queued, running ──► done
    failed: a step was tried and could not be done; everything can be asked for again.
    cancelled: by hand, by an uninstallation, or as nobody touched it for a day.

1. `store` and `records` keep what is known of an import and its parts; the file lies encrypted in the store.
2. `checking` reads the whole of it, row by row (`inflate`, `document`, `rows`), asks Jira about fields and
   accounts (`inquiry`), and writes down what would happen and what is wrong. It changes nothing else.
3. `applying` reads it again with the same checks and writes everything in one transaction (`writing`).

Nothing that a file says is trusted: neither ids nor times, names, sizes or formulas.
"""

from datetime import timedelta

from core.tasks import Kind

IMPORT = Kind(name="import", urgency=6)
"""A step of an import: its check or its application. It lets exports and purges of all tenants go first."""
IMPORT_SWEEP = Kind(name="sweep-imports", urgency=8, every=timedelta(hours=1))
FOLDER = "imports"
LARGEST_PART = 256 * 1024
MOST_PARTS = 256
LARGEST_FILE = LARGEST_PART * MOST_PARTS
LARGEST_DOCUMENT = 512 * 1024 * 1024
"""Bytes after decompression."""
LARGEST_STORAGE = 4 * LARGEST_FILE
"""Bytes of all parts of a tenant."""
MOST_IMPORTS = 1_000
OPEN_FOR = timedelta(days=1)
KEPT_FOR = timedelta(days=30)
