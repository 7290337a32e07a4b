"""What Jira is told about the add-on, rendered for the address that serves it."""

from descriptor.connect import connect

__all__ = ["connect"]
