"""What API and worker share. Imports neither HTTP nor RQ."""
