"""What the server refuses to start with, each with the remedy; and what works without any setting."""

from __future__ import annotations

import os
import stat
from itertools import product
from pathlib import Path

import pytest

from gradatim.domain.fault import BadInput
from gradatim.server.config import Config, configure, database, home_address, looked_at, settled, split_address
from gradatim.server.setting import SETTINGS

pytestmark = pytest.mark.one_database

SECRET = "a1b2c3d4e5f6g7h8i9j0" * 3
PUBLIC = ("0.0.0.0:8321", "[::]:8321", "203.0.114.7:443", "[2001:4860::1]:8321", "[::ffff:8.8.8.8]:8321", "100.64.0.1:8321")  # fmt: skip
HOME = ("192.168.1.10:8321", "10.0.0.5:8321", "172.16.3.4:8321", "169.254.1.1:8321", "[fe80::1]:8321", "[fd00::1]:8321")
LOOPBACK = ("127.0.0.1:8321", "localhost:8321", "[::1]:8321", "127.8.8.8:0", "[::ffff:127.0.0.1]:8321")


def env(data: Path, **said: str) -> dict[str, str]:
    return {"GRADATIM_DATA": str(data), **{f"GRADATIM_{name.upper()}": text for name, text in said.items()}}


def refused(data: Path, **said: str) -> dict[str, str]:
    """The faults: setting → problem. Each has a remedy."""
    with pytest.raises(BadInput) as caught:
        configure(env(data, **said))
    assert all(fault.remedy for fault in caught.value.faults)
    return {fault.path.removeprefix("GRADATIM_"): fault.problem for fault in caught.value.faults}


@pytest.fixture
def pair(tmp_path: Path) -> dict[str, str]:
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).write_text("x")
    return {"tls_certificate": str(tmp_path / "cert.pem"), "tls_key": str(tmp_path / "key.pem")}


def test_without_settings_it_is_for_this_machine_alone(tmp_path: Path) -> None:
    config = configure({"XDG_DATA_HOME": str(tmp_path)})
    assert (config.accounts, config.loopback, config.secure, config.host, config.port) == (False, True, False, "127.0.0.1", 8321)  # fmt: skip
    assert config.data == tmp_path / "gradatim" / "server"
    assert config.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert not config.sign_up


def test_accounts_on_this_machine_need_no_other_setting(tmp_path: Path) -> None:
    config = configure(env(tmp_path, mode="accounts"))
    assert config.accounts
    assert not config.secure
    assert len(settled(config).secret_key) > 50


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_for_everybody_needs_all_of_it(address: str, tmp_path: Path, pair: dict[str, str]) -> None:
    """Every combination of mode, secret, names and TLS: it starts with all of them, and the faults name exactly what is missing."""
    for mode, secret, hosts, tls in product(("personal", "accounts"), ("", SECRET), ("", "gradatim.example.org"), (False, True)):  # fmt: skip
        said = {"address": address, "mode": mode, "secret_key": secret, "hosts": hosts, **(pair if tls else {})}
        missing = {
            *(["MODE"] if mode == "personal" else []), *(["SECRET_KEY"] if not secret else []), *(["HOSTS"] if not hosts else []),
            *(["TLS_CERTIFICATE"] if not tls else []),
        }  # fmt: skip
        if missing:
            assert set(refused(tmp_path, **said)) == missing
        else:
            assert configure(env(tmp_path, **said)).secure


@pytest.mark.parametrize("address", HOME)
def test_an_address_at_home_needs_tls_and_nothing_else(address: str, tmp_path: Path, pair: dict[str, str]) -> None:
    assert set(refused(tmp_path, address=address)) == {"TLS_CERTIFICATE"}
    config = configure(env(tmp_path, address=address, **pair))
    assert config.secure
    assert not config.loopback


@pytest.mark.parametrize("address", LOOPBACK)
def test_an_address_of_this_machine_needs_nothing(address: str, tmp_path: Path) -> None:
    assert configure(env(tmp_path, address=address)).loopback


def test_a_proxy_that_speaks_tls_is_enough_and_makes_cookies_secure(tmp_path: Path) -> None:
    config = configure(env(tmp_path, address="0.0.0.0:8321", mode="accounts", secret_key=SECRET, hosts="gradatim.example.org", proxies="172.18.0.2"))  # fmt: skip
    assert config.secure
    assert "0.0.0.0" not in config.allowed_hosts


@pytest.mark.parametrize("secret", ["short", "a" * 80, "ab" * 40, "password" * 3])
def test_a_secret_that_can_be_guessed_is_refused_and_not_repeated(secret: str, tmp_path: Path) -> None:
    assert secret not in str(refused(tmp_path, secret_key=secret)["SECRET_KEY"])


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"mode": "clinic"}, {"MODE"}),
        ({"address": "8321"}, {"ADDRESS"}),
        ({"address": "gradatim.example.org:443"}, {"ADDRESS"}),
        ({"address": "127.0.0.1:70000"}, {"ADDRESS"}),
        ({"address": ":8321"}, {"ADDRESS"}),
        ({"hosts": "*"}, {"HOSTS"}),
        ({"hosts": "*.example.org"}, {"HOSTS"}),
        ({"hosts": ".example.org"}, {"HOSTS"}),
        ({"hosts": "https://gradatim.example.org"}, {"HOSTS"}),
        ({"hosts": "gradatim.example.org:8321"}, {"HOSTS"}),
        ({"proxies": "my-proxy"}, {"PROXIES"}),
        ({"proxies": "0.0.0.0/0"}, {"PROXIES"}),
        ({"proxies": "::/0"}, {"PROXIES"}),
        ({"tls_certificate": "/nowhere/cert.pem"}, {"TLS_KEY", "TLS_CERTIFICATE"}),
        ({"tls_key": "/nowhere/key.pem"}, {"TLS_KEY"}),
        ({"metrics_token": "short"}, {"METRICS_TOKEN"}),
        ({"database": "mysql://host/name"}, {"DATABASE"}),
        ({"database": "gradatim.sqlite3"}, {"DATABASE"}),
        ({"database": "postgresql://host:port/name"}, {"DATABASE"}),
        ({"email_url": "https://mail.example.org"}, {"EMAIL_URL"}),
        ({"oidc_issuer": "https://sign-in.example.org"}, {"OIDC_ISSUER"}),
        ({"oidc_client_id": "x", "mode": "accounts"}, {"OIDC_ISSUER"}),
        ({"oidc_issuer": "http://sign-in.example.org", "oidc_client_id": "x", "oidc_client_secret": "y", "mode": "accounts"}, {"OIDC_ISSUER"}),
        ({"sign_up": "perhaps"}, {"SIGN_UP"}),
        ({"threads": "0"}, {"THREADS"}),
        ({"threads": "many"}, {"THREADS"}),
        ({"backup_keep": "1001"}, {"BACKUP_KEEP"}),
        ({"packet_days": "61"}, {"PACKET_DAYS"}),
        ({"log_format": "xml"}, {"LOG_FORMAT"}),
        ({"secret": SECRET}, {"SECRET"}),
        ({"hosts_file": "/tmp/x"}, {"HOSTS_FILE"}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(said: dict[str, str], wrong: set[str], tmp_path: Path) -> None:
    assert set(refused(tmp_path, **said)) == wrong


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    found = refused(tmp_path, address="0.0.0.0:8321", threads="none", hots="x", proxies="nowhere", secret_key="short", log_format="xml", metrics_token="x")  # fmt: skip
    assert set(found) == {"THREADS", "HOTS", "PROXIES", "SECRET_KEY", "LOG_FORMAT", "METRICS_TOKEN", "MODE", "HOSTS"}


def test_a_setting_that_is_misspelt_is_told_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        configure(env(tmp_path, adress="127.0.0.1:1"))
    assert "GRADATIM_ADDRESS" in caught.value.faults[0].remedy


@pytest.mark.parametrize("name", [one.variable for one in SETTINGS if one.secret])
def test_a_secret_may_come_from_a_file(name: str, tmp_path: Path) -> None:
    value = {"GRADATIM_DATABASE": "postgresql://u:p@host/name", "GRADATIM_EMAIL_URL": "smtp://mail.example.org:25"}.get(name, SECRET)  # fmt: skip
    file = tmp_path / "secret"
    file.write_text(f"{value}\n")
    config, _ = looked_at({"GRADATIM_DATA": str(tmp_path), f"{name}_FILE": str(file)})
    assert getattr(config, name.removeprefix("GRADATIM_").lower()) == value
    for said in ({f"{name}_FILE": str(file), name: value}, {f"{name}_FILE": str(tmp_path / "none")}, {f"{name}_FILE": str(tmp_path)}):  # fmt: skip
        _, faults = looked_at({"GRADATIM_DATA": str(tmp_path), **said})
        assert name in [fault.path for fault in faults]
        assert value not in str(faults)
    file.write_text("\n")  # else an empty file of the database's address would begin a new record in another database
    assert name in [fault.path for fault in looked_at({"GRADATIM_DATA": str(tmp_path), f"{name}_FILE": str(file)})[1]]
    assert looked_at({"GRADATIM_DATA": str(tmp_path), f"{name}_FILE": "", name: ""})[1] == []


def test_the_folder_and_the_key_are_for_this_user_alone(tmp_path: Path) -> None:
    config = configure(env(tmp_path / "new" / "data"))
    before = os.umask(0)
    try:
        made = settled(config)
    finally:
        os.umask(before)
    assert stat.S_IMODE(config.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((config.data / "secret-key").stat().st_mode) == 0o600
    assert settled(config).secret_key == made.secret_key
    assert len(made.secret_key) >= 50


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for data in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(BadInput) as caught:
            settled(configure(env(data)))
        assert str(tmp_path / "file") in caught.value.faults[0].path


def test_an_empty_key_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("\n")
    with pytest.raises(BadInput):
        settled(configure(env(tmp_path)))


def test_the_address_of_a_database_is_read(tmp_path: Path) -> None:
    asked = "sslmode=require&sslrootcert=%2Fetc%2Fca.pem"
    config = configure(env(tmp_path, database=f"postgresql://a%40b:p%2Fw@db.example.org:5433/records?{asked}"))
    told = database(config)
    assert [told[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == ["a@b", "p/w", "db.example.org", "5433", "records"]  # fmt: skip
    assert told["OPTIONS"]["sslmode"] == "require"
    assert told["OPTIONS"]["sslrootcert"] == "/etc/ca.pem"


def test_the_address_at_home_is_private_or_none() -> None:
    found = home_address()
    assert found is None or not Config.loopback.fget(_at(found))  # type: ignore[attr-defined]


def _at(host: str) -> Config:
    config, _ = looked_at({"GRADATIM_ADDRESS": f"{host}:1"})
    return config


@pytest.mark.parametrize(("text", "host", "port"), [("127.0.0.1:8321", "127.0.0.1", 8321), ("[::1]:80", "::1", 80), ("localhost:0", "127.0.0.1", 0)])  # fmt: skip
def test_an_address_is_host_and_port(text: str, host: str, port: int) -> None:
    assert split_address(text) == (host, port)
