# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of proxy before the real OCS server: an inventory that stands in its database, and a package by its way."""
import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest
from lab import Lab, make_package
from machine import Machine
from test_proxies import REAL, login_of

OLD = time.time() - 172800
# A small inventory: the server takes seconds for a real one.
BOARD = Path(__file__).resolve().parent.parent / "machines/arm-board"


@pytest.fixture(scope="module")
def place():
    if os.geteuid() != 0:
        pytest.skip("the real parts need root")
    missing = [name for name in ("squid", "tinyproxy", "danted", "microsocks", "nginx", "varnishd", "traffic_server", "krb5kdc")
               if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing or not Path("/etc/apache2/conf-available/ocsinventory-server.conf").exists():
        pytest.skip(f"{', '.join(missing) or 'ocsinventory-server'}: not installed, run tests/install.sh lab")
    folder = Path(tempfile.mkdtemp(prefix="ocs-kindsreal.", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def lab(place):
    """The server first: Varnish must be told where it is."""
    with Lab(place / "lab", "--real") as server:
        parts = Lab(place / "lab", "--squid=plain,basic,digest,ntlm,negotiate,tls", "--socks",
                    "--proxy=tinyproxy,tinyproxy-basic,socks5-login,dante", "--cache=nginx,varnish,ats", origin=f"127.0.0.1:{server['OCS_PORT']}")
        parts.start()
        for name in ("DOWNLOAD_FRAG_LATENCY", "DOWNLOAD_CYCLE_LATENCY"):
            parts.set_config(name, 0)
        parts.set_config("DOWNLOAD", 1)
        yield parts


def through(lab, folder, number, kind):
    name, proxy_type, port, login, companion, tls = kind
    if "NEGOTIATE" in port:
        keytab = lab.folder / "readable.keytab"  # by the couriers' user
        shutil.copy(lab["MACHINE_KEYTAB"], keytab)
        keytab.chmod(0o644)
        companion = {**companion, "ProxyKeytab": keytab}
    machine = Machine(folder)
    device = f"real{number}-2026-01-01-00-00-00"
    machine.ini(HTTP={"Server": lab["OCS_TLS_URL" if tls else "OCS_URL"], "CaBundle": lab.ca, "ProxyType": proxy_type, "Proxy": "localhost",
                      "ProxyPort": lab[port], **login_of(lab, login)},
                OCS_Companion={"ProxyCa": lab["CA_PEM"], "DEVICEID": device, **companion})
    machine.environment |= {"KRB5_CONFIG": lab["KRB5_CONFIG"], "OCS_INVENTORY_ROOT": str(BOARD)}
    try:
        assert machine.once(120) == 0, f"{name}: {machine.said()}"
        stored = lab.sql(f"SELECT COUNT(*) FROM software s JOIN hardware h ON h.ID=s.HARDWARE_ID WHERE h.DEVICEID='{device}'")
        assert int(stored[0][0]) > 0, f"{name}: no software of it in the database"
        package = make_package(lab.package_dir(), 1700007000 + number, {"go.sh": f"echo {number} > {folder}/mark\n", "data": os.urandom(60_000)},
                               frags=2, mtime=OLD, command="sh go.sh")
        lab.enable_package(package, device)
        assert machine.once(120) == 0, f"{name}: {machine.said()}"
        assert lab.result(package["id"], device) == "SUCCESS", f"{name}: {machine.said()}"
        assert (folder / "mark").read_text().strip() == str(number)
    finally:
        machine.stop()


@pytest.mark.parametrize("number", range(len(REAL)), ids=[kind[0] for kind in REAL])
def test_every_kind_before_the_real_server(lab, place, number):
    """One after the other: by its names and addresses that server takes each for the one before, and of two at once it keeps one."""
    through(lab, place / f"real{number}", number, REAL[number])
