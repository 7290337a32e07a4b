"""The gunicorn worker that serves the API: HTTP/1.1 as nginx speaks it, and no more."""
