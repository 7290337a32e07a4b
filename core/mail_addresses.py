"""What an e-mail address looks like that may stand in the header of a message."""

import re
from typing import NamedTuple

# A dot-atom before the @ and a host name with at least one dot after it (RFC 5321, 4.1.2), as all of it goes
# into the header of a message: no quotes, comments, blanks or letters that only some servers accept.
_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
PATTERN = rf"^{_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+{_LABEL}$"
"""A pattern of JSON Schema, where `$` is the end of the text; see `is_address`."""
LONGEST = 254

_WHOLE = re.compile(PATTERN.removeprefix("^").removesuffix("$"))
_NAMED = re.compile(r"(?P<name>[^<>\"\\,;:@()\[\]\x00-\x1f\x7f-\x9f\u2028\u2029]*)<(?P<address>[^<>]*)>")


class Mailbox(NamedTuple):
    """An address with the name that people see beside it, which may be empty."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What follows the @."""
        return self.address.rpartition("@")[2]

    def __str__(self) -> str:
        """As people write it, and `parse_mailbox` reads it."""
        return f"{self.name} <{self.address}>" if self.name else self.address


def is_address(text: str) -> bool:
    """Whether a text is one address and nothing else."""
    return len(text) <= LONGEST and _WHOLE.fullmatch(text) is not None


def parse_mailbox(text: str) -> Mailbox:
    """Reads `privacy@example.com` or `Example <privacy@example.com>`. Raises ValueError."""
    named = _NAMED.fullmatch(text)
    mailbox = Mailbox(named["name"].strip(), named["address"]) if named else Mailbox("", text)
    if not is_address(mailbox.address):
        raise ValueError("must be an address such as Example <privacy@example.com>")
    return mailbox
