# SPDX-License-Identifier: GPL-3.0-or-later
"""What the manual promises: its squid.conf keeps large fragments, and its tables are complete."""
import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest
from lab import Lab, curl, make_package, squid_totals

ROOT = Path(__file__).resolve().parent.parent.parent
MANUAL = ROOT / "data/manual"


@pytest.fixture
def site():
    if os.geteuid() != 0 or not shutil.which("squid"):
        pytest.skip("needs root and squid: run tests/install.sh lab")
    place = tempfile.mkdtemp(prefix="ocs-manual.")
    os.chmod(place, 0o755)
    try:
        with Lab(place, "--squid=manual") as lab:
            yield lab
    finally:
        shutil.rmtree(place, ignore_errors=True)


def test_squid_conf_keeps_a_large_fragment(site, server, tmp_path):
    """20 MB, five times what stock Squid keeps, and as many as 40 times what Debian's own file does: crosses the line once."""
    package = make_package(tmp_path / "packages", 1700000001, archive=os.urandom(20_000_000), action="STORE", path="/tmp")
    server.add_package(package)
    url = f"{server.url.rsplit('/', 1)[0]}/download/1700000001/1700000001-1"
    proxy, log = site.squid("manual")
    for _ in range(3):
        status, body, _ = curl(url, "-x", proxy)
        assert status == 200 and len(body) >= 20_000_000
    assert server.bytes_sent() == len(body)
    assert squid_totals(log)["hits"] == 2


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
