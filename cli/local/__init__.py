"""The product on one machine without containers: embedded PostgreSQL, Redis and nginx."""
