# SPDX-License-Identifier: GPL-3.0-or-later
"""What the manual promises: caches set up by its files keep large fragments, and its tables are complete."""
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from lab import Lab, build_dir, curl, make_package

ROOT = Path(__file__).resolve().parent.parent.parent
MANUAL = ROOT / "data/manual"


# The program, the part of the lab that the manual's file sets up, and what an answer out of the cache says.
CACHES = {"squid": ("squid", "--squid=manual", "HIT"), "nginx": ("nginx", "--cache=nginx-manual", "HIT"),
          "ats": ("traffic_server", "--cache=ats-manual", "[uScH")}


@pytest.fixture(params=CACHES)
def site(request, server):
    """One of the caches as the manual sets it up: its address, and what it says of bytes that it had."""
    program, part, hit = CACHES[request.param]
    os.environ["PATH"] += ":/usr/sbin"
    if os.geteuid() != 0 or not shutil.which(program):
        pytest.skip(f"needs root and {program}: run tests/install.sh lab")
    place = tempfile.mkdtemp(prefix="ocs-manual.")
    os.chmod(place, 0o755)
    try:
        with Lab(place, part, origin=f"127.0.0.1:{server.port}", squid_extra="follow_x_forwarded_for allow localhost") as lab:
            port = lab["SQUID_MANUAL_PORT" if request.param == "squid" else f"{request.param.upper()}_MANUAL_PORT"]
            yield f"http://127.0.0.1:{port}", hit, request.param
    finally:
        shutil.rmtree(place, ignore_errors=True)


def test_cache_of_the_manual_keeps_a_large_fragment(site, server, tmp_path):
    """20 MB, five times what stock Squid keeps, and as many as 40 times what Debian's own file does: crosses the line once."""
    package = make_package(tmp_path / "packages", 1700000001, archive=os.urandom(20_000_000), action="STORE", path="/tmp")
    server.add_package(package)
    url = f"{server.url.rsplit('/', 1)[0]}/download/1700000001/1700000001-1"
    proxy, hit, kind = site
    seen = []
    for _ in range(3):
        # Squid takes the tests' word for where they ask from: another machine of the site, which Debian's own file does not serve.
        status, body, headers = curl(url, "-x", proxy, "-H", "X-Forwarded-For: 10.17.0.5")
        assert status == 200 and len(body) >= 20_000_000, (seen, headers)
        seen.append(hit in headers.get("x-cache", "") + headers.get("x-cache-status", "") + headers.get("via", ""))
    assert seen == [False, True, True], headers
    assert server.bytes_sent() == len(body)
    assert len(server.log("/download/*")) == 1, "nothing is asked for again, new as it is"
    if kind == "squid":
        assert curl(url, "-x", proxy, "-H", "X-Forwarded-For: 203.0.113.5")[0] == 403, "and it is no way for the whole world"


def rows(page):
    return re.findall(r"^\| (.*?) \|", (MANUAL / page).read_text(), re.M)


def test_every_code_has_its_line():
    codes = set(re.findall(r'\[OCS_ERROR_\w+\] = \{"([a-z-]+)"', (ROOT / "ipc/error.c").read_text()))
    assert len(codes) > 15
    assert codes == {code.strip("`") for code in rows("troubleshooting.md") if code.startswith("`")}


def test_every_result_has_its_line():
    words = (ROOT / "tray/view/words.c").read_text()
    known = set(re.findall(r'\{"((?:SUCCESS|ERR_)\w*)", N_', words))
    told = set(re.findall(r"\b(?:SUCCESS|ERR_)\w*", " ".join(rows("console.md"))))
    families = tuple(code for code in told if code.endswith("_"))  # ERR_DOWNLOAD_… stands for all of them
    missing = {code for code in known - told if not code.startswith(families)}
    assert len(known) > 15 and not missing, missing


def test_links_lead_somewhere():
    for page in MANUAL.glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (MANUAL / link).exists(), f"{page.name}: {link}"


# What else is written as NAME=: the server's and other programs' own.
OTHERS = {"PROTO", "DEBIAN_FRONTEND", "Environment", "OCS_PACKAGE", "OCS_ERROR"}


def code_of(page):
    """What stands in the manual as code: between backticks, or indented."""
    text = page.read_text()
    return re.findall(r"`([^`\n]+)`", text) + re.findall(r"^ {4,}(\S.*)$", text, re.M)


def test_every_key_is_one():
    known = {key.lower() for key in re.findall(r'^    \{[A-Z]+, "(\w+)", OCS_SETTINGS_', (ROOT / "worker/core/settings.c").read_text(), re.M)}
    assert len(known) > 20
    for page in MANUAL.glob("*.md"):
        for code in code_of(page):
            for key in set(re.findall(r"(?:^|[\s(])([A-Z]\w*)=", code)) - OTHERS:
                # A switch of the Windows set-up is its key with underscores.
                assert key.replace("_", "").lower() in known or key.lower() in known, f"{page.name}: {code}"


def test_every_command_and_figure_is_one():
    shown = subprocess.run([build_dir() / "tray/ctl/ocsctl", "--help"], capture_output=True, text=True, env={"LC_ALL": "C"}, check=True).stdout
    commands = set(re.findall(r"^  ([a-z]+)\b", shown.split("Commands:")[1], re.M))
    options = set(re.findall(r"(--[a-z-]+)", shown))
    figures = "".join(path.read_text() for path in (ROOT / "worker").rglob("*metric*.c"))
    assert len(commands) > 10
    for page in MANUAL.glob("*.md"):
        for code in code_of(page):
            for arguments in re.findall(r"^ocsctl (\S[^#]*)", code):
                assert set(re.findall(r"(--[a-z-]+)", arguments)) <= options, f"{page.name}: {code}"
                assert [word for word in arguments.split() if word[0] != "-"][0] in commands, f"{page.name}: {code}"
            for figure in re.findall(r"\bocs_companion_(\w+)", code):
                assert figure in figures, f"{page.name}: {figure}"
