"""A development certificate authority and one certificate for this machine's own names."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography import x509

from cli.local.account import own_file

NAMES = ("localhost", "127.0.0.1", "::1")
_RENEW_BEFORE = datetime.timedelta(days=30)
_VALID = datetime.timedelta(days=397)  # longer ones are refused by some systems


@dataclass(frozen=True)
class Certificates:
    """Files of PEM: `authority` to trust, `chain` and `key` to serve with."""

    authority: Path
    chain: Path
    key: Path


def certificates(folder: Path, host: str) -> Certificates:
    """The certificate for this machine and `host`, kept in `folder` until it is about to end.

    The authority's own key is not kept: whoever chose to trust it trusts these names only.
    """
    files = Certificates(folder / "ca.pem", folder / "certificate.pem", folder / "key.pem")
    if not _usable(files, host):
        folder.mkdir(exist_ok=True)
        authority = trustme.CA(organization_name="Sightline development")
        ends = datetime.datetime.now(datetime.UTC) + _VALID
        issued = authority.issue_cert(*dict.fromkeys([*NAMES, host]), not_after=ends)
        own_file(files.key, issued.private_key_pem.bytes().decode(), None)
        files.chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        authority.cert_pem.write_to_path(str(files.authority))
    return files


def _usable(files: Certificates, host: str) -> bool:
    if not all(file.exists() for file in (files.authority, files.chain, files.key)):
        return False
    certificate = x509.load_pem_x509_certificate(files.chain.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = {str(name.value) for name in names}
    ends = certificate.not_valid_after_utc - _RENEW_BEFORE
    return host in known and datetime.datetime.now(datetime.UTC) < ends
