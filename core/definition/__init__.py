"""Report definitions: what one may say, and everything that is wrong with one that does not.

`definition.schema.json` is the contract; the client's types are generated from it. `functions.json` and
`fields.json` are shared with the client in the same way.
"""

from core.definition.check import LARGEST_BYTES, SCHEMA, check
from core.definition.versions import VERSIONS, DefinitionTooNew, Versions

__all__ = ["LARGEST_BYTES", "SCHEMA", "VERSIONS", "DefinitionTooNew", "Versions", "check"]
