"""The files for running it: what can be tested without an engine for containers is tested here."""

from __future__ import annotations

import ipaddress
import os
import re
import shlex
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from gradatim import __version__
from gradatim.server.config import configure
from tests.server import postgres

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
SECRET = "0123456789abcdef" * 4


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile: each instruction with its arguments, lines that go on joined."""
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text("utf-8"))
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def environment() -> dict[str, str]:
    """What the image sets."""
    found: dict[str, str] = {}
    for name, rest in instructions():
        if name == "ENV":
            found |= dict(part.split("=", 1) for part in shlex.split(rest))
    return found


# --- the image -----------------------------------------------------------------------------------------------------------


def test_the_image_installs_only_what_the_lock_names() -> None:
    installs = [rest for name, rest in instructions() if name == "RUN" and "install" in rest and "pip" in rest]
    assert len(installs) == 1
    assert "--require-hashes -r /server.lock" in installs[0]
    lock = (ROOT / "requirements" / "server.lock").read_text("utf-8")
    wanted = re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)
    assert {"django", "cheroot", "cryptography", "psycopg-binary", "segno", "pyrage"} <= set(wanted)
    assert "http" not in "".join(rest for _, rest in instructions())


def test_what_the_image_copies_is_there_and_let_through() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    for name, rest in instructions():
        if name == "COPY" and not rest.startswith("--from"):
            source = rest.split()[0]
            assert (ROOT / source).exists()
            assert f"!{source}" in ignored


def test_the_image_runs_as_nobody_in_particular() -> None:
    found = dict(instructions())
    assert found["USER"] == "10001:10001"
    assert found["STOPSIGNAL"] == "SIGTERM"
    assert "gradatim.server.probe" in found["HEALTHCHECK"]
    assert [rest.split()[0] for name, rest in instructions() if name == "FROM"] == ["python:3.13-slim"] * 2
    made = next(rest for name, rest in instructions() if "install -d" in rest)
    assert "-m 0700 /data /backups" in made


def test_an_image_without_settings_does_not_start_open() -> None:
    from gradatim.domain.fault import BadInput

    with pytest.raises(BadInput) as caught:
        configure({name: text for name, text in environment().items() if name.startswith("GRADATIM_")})
    assert {fault.path for fault in caught.value.faults} == {"GRADATIM_SECRET_KEY", "GRADATIM_HOSTS", "GRADATIM_TLS_CERTIFICATE"}  # fmt: skip


# --- compose -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["", "postgresql://gradatim:0123@172.30.83.4/gradatim"])
def test_the_settings_of_compose_fit_together(database: str, tmp_path: Path) -> None:
    given = {name: str(text) for name, text in SERVICES["gradatim"]["environment"].items()}
    assert given["GRADATIM_HOSTS"].startswith("${GRADATIM_HOST:?")
    assert given["GRADATIM_DATABASE_FILE"] == "${GRADATIM_DATABASE_FILE:-}"
    for name, text in (("secret-key", SECRET), ("database", database)):
        (tmp_path / name).write_text(text)
    given |= {
        "GRADATIM_HOSTS": "gradatim.example.org", "GRADATIM_SECRET_KEY_FILE": str(tmp_path / "secret-key"),
        "GRADATIM_DATABASE_FILE": str(tmp_path / "database") if database else "",
    }  # fmt: skip
    config = configure({**{name: text for name, text in environment().items() if name.startswith("GRADATIM_")}, **given})  # fmt: skip
    assert config.accounts
    assert config.secure
    assert config.database == database
    assert str(config.data) == "/data"
    assert {volume.split(":")[1] for volume in SERVICES["gradatim"]["volumes"]} == {str(config.data), str(config.backup_folder)}  # fmt: skip
    proxy = SERVICES["caddy"]["networks"]["inside"]["ipv4_address"]
    assert config.proxies == (proxy,)
    subnet = ipaddress.ip_network(COMPOSE["networks"]["inside"]["ipam"]["config"][0]["subnet"])
    for service in SERVICES.values():
        assert ipaddress.ip_address(service["networks"]["inside"]["ipv4_address"]) in subnet
    if database:
        assert f"@{SERVICES['postgres']['networks']['inside']['ipv4_address']}/" in database


@pytest.mark.parametrize("name", list(SERVICES))
def test_a_service_has_no_right_that_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert set(service.get("cap_add", ())) <= {"NET_BIND_SERVICE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}  # fmt: skip
    assert "cap_add" not in SERVICES["gradatim"]
    assert "ports" not in service or name == "caddy"
    assert re.fullmatch(r"[a-z]+:[0-9.]+", service["image"])  # a version, from the usual place
    assert not any("PASSWORD" in key and not key.endswith("_FILE") for key in service.get("environment", {}))


def test_everything_that_compose_names_is_there() -> None:
    volumes, networks, secrets = (set(COMPOSE[name]) for name in ("volumes", "networks", "secrets"))
    for service in SERVICES.values():
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in volumes or (DEPLOY / source).exists(), source
        assert set(service["networks"]) <= networks
        assert set(service.get("secrets", ())) <= secrets
        assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert "outside" not in SERVICES["gradatim"]["networks"]
    assert SERVICES["gradatim"]["image"] == f"gradatim:{__version__}"
    assert int(SERVICES["gradatim"]["stop_grace_period"].rstrip("s")) > 20


def test_the_profile_of_postgresql_is_asked_for_and_durable() -> None:
    service = SERVICES["postgres"]
    assert service["profiles"] == ["postgres"]
    assert SERVICES["gradatim"]["depends_on"]["postgres"] == {"condition": "service_healthy", "required": False}
    for option in ("fsync=on", "synchronous_commit=on", "log_min_error_statement=panic", "log_statement=none"):
        assert f"-c{option}" in service["command"]


def test_the_secrets_are_drawn_once_and_are_good(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "make-secrets.sh", tmp_path)
    subprocess.run(["sh", str(tmp_path / "make-secrets.sh")], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == {Path(one["file"]).name for one in COMPOSE["secrets"].values()}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    subprocess.run(["sh", str(tmp_path / "make-secrets.sh")], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made
    config = configure({"GRADATIM_SECRET_KEY": made["secret-key"], "GRADATIM_DATABASE": made["database"], "GRADATIM_DATA": str(tmp_path)})  # fmt: skip
    assert f"@{SERVICES['postgres']['networks']['inside']['ipv4_address']}/gradatim" in config.database
    assert len({text.strip() for text in made.values()}) == 3


@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
def test_the_role_of_the_server_owns_its_database_and_is_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "database").write_text("postgresql://gradatim:it's%24ecret@172.30.83.4/gradatim\n".replace("%24", "$"))
    with postgres.cluster(durable=False) as cluster:
        folder = str(cluster.folder)
        cluster.run("createuser", "-h", folder, "-U", "gradatim", "--superuser", "owner")
        for statement in ("DROP DATABASE gradatim", "ALTER ROLE gradatim RENAME TO before"):
            cluster.run("psql", "-h", folder, "-U", "owner", "-c", statement, "postgres")
        environ = {**os.environ, "POSTGRES_USER": "owner", "PGHOST": folder, "DATABASE_FILE": str(tmp_path / "database")}  # fmt: skip
        subprocess.run(["sh", str(DEPLOY / "make-role.sh")], check=True, env=environ, capture_output=True)
        asked = cluster.run("psql", "-h", folder, "-U", "gradatim", "-Atc", "SELECT rolsuper, rolcreatedb, rolcreaterole, (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()) FROM pg_roles WHERE rolname = current_user; CREATE TABLE it_may (x int)", "gradatim")  # fmt: skip
        assert asked.stdout.splitlines()[0] == "f|f|f|gradatim"


# --- systemd and the proxies ---------------------------------------------------------------------------------------------


def test_the_unit_names_settings_that_exist_and_waits_long_enough() -> None:
    unit = (DEPLOY / "gradatim.service").read_text("utf-8")
    told = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and not line.startswith("#"))
    assert told["ExecStart"].endswith("gradatim serve")
    assert told["Environment"] == "GRADATIM_DATA=/var/lib/gradatim"
    assert told["StateDirectoryMode"] == "0700"
    assert int(told["TimeoutStopSec"]) > 20
    assert told["RestartPreventExitStatus"] == "2"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_calls_the_unit_safe(tmp_path: Path) -> None:
    unit = tmp_path / "gradatim.service"
    text = (DEPLOY / "gradatim.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/gradatim/bin/gradatim", "/bin/true"))
    checked = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    said = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(unit)], capture_output=True, text=True, check=False)  # fmt: skip
    assert said.returncode == 0, said.stdout[-300:]


@pytest.mark.parametrize(("name", "program"), [("nginx.conf", "nginx"), ("Caddyfile", "caddy")])
def test_a_proxy_says_who_asks_and_keeps_no_path(name: str, program: str, tmp_path: Path) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    if program == "nginx":
        assert "proxy_set_header X-Forwarded-For $remote_addr;" in text  # set, not added to
        assert "proxy_set_header X-Forwarded-Proto $scheme;" in text
        assert "$request " not in text
        assert "$uri" not in text
        assert "$http_referer" not in text
    else:
        assert "request>uri delete" in text
        assert "request>headers delete" in text
        assert "reverse_proxy gradatim:8321" in text
    if shutil.which(program) is None:
        return
    if program == "caddy":
        environ = {**os.environ, "GRADATIM_HOST": "gradatim.example.org", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}  # fmt: skip
        subprocess.run(["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / name)], check=True, capture_output=True, env=environ)  # fmt: skip


def test_no_file_names_a_place_that_is_not_an_example() -> None:
    for path in DEPLOY.iterdir():
        if path.is_file():
            for host in re.findall(r"https?://([\w.-]+)", path.read_text("utf-8")):
                assert host in ("127.0.0.1", "gradatim.example.org"), (path.name, host)
