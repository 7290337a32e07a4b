"""The Connect descriptor, rendered for a base URL."""
