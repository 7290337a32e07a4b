"""Names that stand where an account was, and that no account has: Atlassian's ids are no such words."""

import re

CLOSED = "unknown"
"""Every closed account's name. Atlassian itself has it for accounts that nobody knows any more."""

HASH = re.compile(r"hashed[a-z2-7]{18}", re.ASCII)
"""What stands for an account of a site that left: never longer than the shortest of Atlassian's ids, and
letters and digits only, so that it can stand in JQL wherever an id did."""


def is_nobody(account_id: str) -> bool:
    """Whether this is the name of no account: of a closed one, or a hash."""
    return account_id == CLOSED or HASH.fullmatch(account_id) is not None
