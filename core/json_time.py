"""How PostgreSQL writes the times of our JSON."""


def json_time(column: str) -> str:
    """SQL for a column's time as RFC 3339 in UTC, with microseconds."""
    return f"""to_char({column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
