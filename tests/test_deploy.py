"""What is in deploy/: read by the programs it is for, and, where they are here, started."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from config import ROOT, Config
from tests.support.rawclient import RawClient
from tests.support.server import Server, free_port

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SETTINGS = {field.name for field in fields(Config)}
SITE = "games.example.org"
START_SECONDS = 30.0
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"


def need(program: str) -> str:
    """Where a program is; a test that needs one that is not here says so and is left out."""
    found = shutil.which(program, path=PATH)
    if found is None:
        pytest.skip(f"no {program} here")
    return found


def run(*command: str | Path, **options: Any) -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(
        command,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **options,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """As they are, but for the paths of a machine where everything is installed."""
    verify = need("systemd-analyze")
    for unit in UNITS:
        text = unit.read_text().replace("/srv/parlour/.venv/bin/python", shutil.which("true") or "")
        text = text.replace("/srv/parlour/.venv/bin/flask", shutil.which("true") or "")
        (tmp_path / unit.name).write_text(text)
    names = [name for unit in UNITS for name in (unit.name.replace("@.", "@5001."),)]
    (tmp_path / "parlour@5001.service").symlink_to("parlour@.service")
    said = run(verify, "verify", "--man=no", *(tmp_path / name for name in names))
    assert "parlour" not in said, said  # of other units on this machine it may say what it likes


def test_what_the_units_start_is_there() -> None:
    for unit in UNITS:
        for line in re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE):
            program, *arguments = line.split()
            assert program in ("/srv/parlour/.venv/bin/python", "/srv/parlour/.venv/bin/flask")
            assert arguments[0] == "--app" or (ROOT / arguments[0]).is_file()
    assert {unit.name for unit in UNITS} == {
        "parlour.service",
        "parlour@.service",
        "parlour-backup.service",
        "parlour-backup.timer",
    }


def test_one_worker_and_several_are_run_alike() -> None:
    one, several = (
        (DEPLOY / "systemd" / name).read_text().partition("[Service]")[2]
        for name in ("parlour.service", "parlour@.service")
    )
    assert several.replace(" --port %i", "") == one


def test_the_environment_has_settings_only() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "parlour.env").read_text(), re.MULTILINE)
    assert set(named) <= SETTINGS
    assert {"TRUSTED_PROXIES", "DATABASE_URL", "REDIS_URL"} <= set(named)


def nginx_config(folder: Path, upstream: str, listen: str) -> str:
    """nginx's whole configuration, with the files of deploy/ in their places."""
    site = (DEPLOY / "nginx" / "parlour.conf").read_text()
    assert "listen 80;\n    listen [::]:80;\n" in site
    site = site.replace("listen 80;\n    listen [::]:80;\n", f"listen {listen};\n")
    (folder / "site.conf").write_text(site)
    (folder / "upstream.conf").write_text(upstream)
    limits = DEPLOY / "nginx" / "limits.conf"
    return f"""
        include {limits};
        pid {folder}/pid;
        error_log {folder}/error.log;
        daemon off;
        events {{ worker_connections 512; }}
        http {{
            access_log off;
            client_body_temp_path {folder}/body;
            proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            include {folder}/upstream.conf;
            include {folder}/site.conf;
        }}
    """


@pytest.mark.parametrize("upstream", ["one-worker.conf", "workers.conf"])
def test_nginx_takes_its_files(tmp_path: Path, upstream: str) -> None:
    nginx = need("nginx")
    text = (DEPLOY / "nginx" / upstream).read_text()
    config = tmp_path / "nginx.conf"
    config.write_text(nginx_config(tmp_path, text, "127.0.0.1:8080"))
    said = run(nginx, "-t", "-c", config, "-e", tmp_path / "early.log")
    assert "test is successful" in said
    assert "[warn]" not in said.replace('[warn] the "user" directive', ""), said


def test_caddy_takes_its_file() -> None:
    caddy = need("caddy")
    said = run(caddy, "adapt", "--config", DEPLOY / "caddy" / "Caddyfile", "--validate")
    assert SITE in said


@contextmanager
def started(port: int, *command: str | Path, **options: Any) -> Iterator[None]:
    """A proxy, while the block runs."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **options,
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.02)
        else:
            process.kill()
            pytest.fail(f"it did not start: {process.communicate()[0]}")
        yield
    finally:
        process.terminate()
        process.wait(START_SECONDS)


@contextmanager
def nginx_before(workers: list[Server], folder: Path) -> Iterator[int]:
    """nginx as deploy/ has it, in front of these; its port."""
    port = free_port()
    many = (DEPLOY / "nginx" / "workers.conf").read_text()
    one = (DEPLOY / "nginx" / "one-worker.conf").read_text()
    text = many if len(workers) > 1 else one
    for number, worker in enumerate(workers):
        stands_for = f"127.0.0.1:{5001 + number if len(workers) > 1 else 5000}"
        assert stands_for in text
        text = text.replace(stands_for, f"127.0.0.1:{worker.port}")
    config = folder / "nginx.conf"
    config.write_text(nginx_config(folder, text, f"127.0.0.1:{port}"))
    with started(port, need("nginx"), "-c", config, "-e", folder / "early.log"):
        yield port


@contextmanager
def caddy_before(workers: list[Server], folder: Path) -> Iterator[int]:
    """Caddy as deploy/ has it, without a certificate; its port."""
    port = free_port()
    environment = {
        "PATH": "/usr/bin",
        "HOME": str(folder),
        "PARLOUR_SITE": f"http://:{port}",
        "PARLOUR_WORKERS": " ".join(f"127.0.0.1:{worker.port}" for worker in workers),
    }
    file = folder / "Caddyfile"  # its own door for orders stays shut: another Caddy may run here
    file.write_text("{\n\tadmin off\n}\n" + (DEPLOY / "caddy" / "Caddyfile").read_text())
    with started(port, need("caddy"), "run", "--config", file, env=environment):
        yield port


PROXIES = {"nginx": nginx_before, "caddy": caddy_before}


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two, on shared data without Redis: enough to see who answers."""
    instance = tmp_path_factory.mktemp("deploy") / "instance"
    workers = [Server(instance, {"TRUSTED_PROXIES": "127.0.0.1"}) for _ in range(2)]
    try:
        for worker in workers:
            worker.launch()
        for worker in workers:
            worker.wait_ready()
        yield workers
    finally:
        for worker in workers:
            worker.close()


@pytest.mark.parametrize("proxy", PROXIES)
def test_pages_and_websockets_pass(workers: list[Server], proxy: str, tmp_path: Path) -> None:
    with (
        PROXIES[proxy](workers[:1], tmp_path) as port,
        RawClient("127.0.0.1", port) as ann,
        RawClient("127.0.0.1", port, "/ws/uttt") as ben,
    ):
        ann.login(f"ann-{proxy}")
        ben.login(f"ben-{proxy}")
        ann.send("match_request", {"player": f"ben-{proxy}"})
        assert ben.until("match_update")["id"] == ann.until("match_update")["id"]
        url = f"http://127.0.0.1:{port}"
        page = requests.get(url, timeout=30)
        assert page.status_code == 200
        again = requests.get(f"{url}/socket.io/?EIO=4&transport=polling", timeout=30)
        assert '"sid"' in again.text
        said = {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "444", "X-Forwarded-Host": "evil"}
        moved = requests.get(f"{url}/sign-in", headers=said, timeout=30)
        assert "evil" not in moved.text
        assert ":444" not in moved.text
        assert not any(cookie.secure for cookie in moved.cookies)  # nobody says it is HTTPS but it


def test_a_worker_that_is_away_is_passed_over(workers: list[Server], tmp_path: Path) -> None:
    """By each of the proxies that are here, at once: a worker takes long to come back."""
    here = [proxy for proxy in PROXIES if shutil.which(proxy, path=PATH)]
    if not here:
        pytest.skip("no proxy here")
    with ExitStack() as running:
        ports = []
        for proxy in here:
            (folder := tmp_path / proxy).mkdir()
            ports.append(running.enter_context(PROXIES[proxy](workers, folder)))
        one, two = workers
        one.stop()
        passed_on(ports)
        one.start()
        two.stop()
        passed_on(ports)


def passed_on(ports: list[int]) -> None:
    """Pages and WebSockets pass through each of the proxies."""
    for port in ports:
        assert requests.get(f"http://127.0.0.1:{port}", timeout=30).status_code == 200
        RawClient("127.0.0.1", port).close()


# Containers

COMPOSE = [DEPLOY / "docker" / name for name in ("compose.yaml", "compose.workers.yaml")]


def test_the_compose_files_fit_together() -> None:
    """Read as YAML: `docker compose config` is not to be had everywhere."""
    base, workers = (yaml.safe_load(path.read_text()) for path in COMPOSE)
    services = {**base["services"], **workers["services"]}
    volumes = {*base["volumes"], *workers["volumes"]}
    networks = set(base["networks"])
    for name in services:
        whole = {**base["services"].get(name, {}), **workers["services"].get(name, {})}
        assert {"image", "build"} & whole.keys(), name
        assert set(whole["networks"]) <= networks
        assert whole["restart"] == "unless-stopped"
        for other, how in whole.get("depends_on", {}).items():
            needed = {**base["services"].get(other, {}), **workers["services"].get(other, {})}
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in needed or other.startswith("parlour")
        for volume in whole.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in volumes or (COMPOSE[0].parent / source).exists(), source
        if name.startswith("parlour"):
            assert set(whole["environment"]) <= SETTINGS
            assert (
                whole["environment"]["TRUSTED_PROXIES"]
                == (base["networks"]["house"]["ipam"]["config"][0]["subnet"])
            )
    build = services["parlour"].get("build") or base["services"]["parlour"]["build"]
    assert (COMPOSE[0].parent / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()


def test_docker_takes_the_compose_files() -> None:
    docker = need("docker")
    if subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("no docker compose here")
    environment = {"PATH": "/usr/bin:/bin", "PARLOUR_SITE": SITE, "POSTGRES_PASSWORD": "secret"}
    for files in (COMPOSE[:1], COMPOSE):
        run(docker, "compose", *(f"--file={file}" for file in files), "config", env=environment)


def test_what_the_image_is_made_of_is_there() -> None:
    text = (DEPLOY / "docker" / "Dockerfile").read_text().replace("\\\n", " ")
    allowed = (DEPLOY / "docker" / "Dockerfile.dockerignore").read_text().splitlines()
    for line in re.findall(r"^COPY (?!.*--from)(.*)$", text, re.MULTILINE):
        *sources, _ = [word for word in line.split() if not word.startswith("--")]
        for source in sources:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in allowed, source
    for setting in re.findall(r"^ENV (.*)$", text, re.MULTILINE):
        names = {pair.partition("=")[0] for pair in setting.split()}
        assert names <= SETTINGS | {"PYTHONUNBUFFERED"}
