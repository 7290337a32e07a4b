"""The API described: what resources declare of their methods, and the document made of it.

A resource declares an `Operation` for each method beside its access, naming the very parameters, headers and
shapes that its code checks with. The shapes of answers are in `shapes/*.json`, a file a resource; tests hold
every answer to them.
"""

from api.openapi.components import shape_of
from api.openapi.operation import Answer, Body, Header, Operation

__all__ = ["Answer", "Body", "Header", "Operation", "shape_of"]
