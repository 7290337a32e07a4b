from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from cryptography import x509

import cli.local.certificates as module
from cli.local.certificates import certificates


def test_the_certificate_is_for_this_machine_and_the_host_asked_for(tmp_path: Path) -> None:
    files = certificates(tmp_path / "tls", "sightline.localhost")
    certificate = x509.load_pem_x509_certificate(files.chain.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(name.value) for name in names} == {
        "localhost",
        "127.0.0.1",
        "::1",
        "sightline.localhost",
    }


def test_the_key_is_for_us_alone_and_the_authoritys_is_not_kept(tmp_path: Path) -> None:
    files = certificates(tmp_path / "tls", "localhost")
    assert files.key.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE KEY" not in files.authority.read_bytes()
    assert len(list((tmp_path / "tls").iterdir())) == 3


def test_it_is_used_again(tmp_path: Path) -> None:
    first = certificates(tmp_path, "localhost").chain.read_bytes()
    assert certificates(tmp_path, "localhost").chain.read_bytes() == first


def test_another_host_needs_another_one(tmp_path: Path) -> None:
    first = certificates(tmp_path, "localhost").chain.read_bytes()
    assert certificates(tmp_path, "other.localhost").chain.read_bytes() != first


def test_one_that_is_about_to_end_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = certificates(tmp_path, "localhost").chain.read_bytes()
    monkeypatch.setattr(module, "_RENEW_BEFORE", datetime.timedelta(days=400))
    assert certificates(tmp_path, "localhost").chain.read_bytes() != first
