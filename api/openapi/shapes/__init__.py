"""Shapes of bodies, a file a resource."""
