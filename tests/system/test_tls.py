# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS that is not what it should be, certificates of our own, and what people are told."""
import os
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from couriertest import AGENT, COURIER, Courier, authority, bulk, control, describe, folder, refused, route  # noqa: F401
from lab import free_port
from peers import Origin, Proxy, Server, make_ca, make_context, make_proxy, run

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")
needs_worker = pytest.mark.skipif("OCS_WORKER" not in os.environ, reason="OCS_WORKER names no program")


def stamp(days):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * 86400))


def make_dated(folder, host, start, end):
    """A certificate by the authority "ours" that holds from start to end, in days from now."""
    place = Path(tempfile.mkdtemp(dir=folder))
    (place / "ca.conf").write_text(f"[ca]\ndefault_ca=d\n[d]\ndatabase={place}/index\nnew_certs_dir={place}\nserial={place}/serial\n"
                                   f"default_md=sha256\npolicy=p\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=DNS:{host}\n")
    (place / "index").touch()
    (place / "serial").write_text("1000\n")
    run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={host}",
        "-keyout", place / "key.pem", "-out", place / "csr.pem")
    run("openssl", "ca", "-batch", "-notext", "-config", place / "ca.conf", "-cert", folder / "ours.pem", "-keyfile", folder / "ours.key",
        "-startdate", stamp(start), "-enddate", stamp(end), "-in", place / "csr.pem", "-out", place / "cert.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / "cert.pem", place / "key.pem")
    return context


class Telling(Proxy):
    """Says in its answer to CONNECT what it takes the time to be."""

    def do_CONNECT(self):
        moment = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + self.server.ahead))
        answer = self.wfile.write
        self.wfile.write = lambda data: answer(data.replace(b"\r\n\r\n", f"\r\nDate: {moment}\r\n\r\n".encode()) if b"200 Conn" in data else data)
        super().do_CONNECT()


def test_certificates_in_words(folder, control, authority):
    """Each reason has a line of its own that names what a person needs to know to mend it."""
    strangers = make_ca(folder, "Strange CA")
    proxy = make_proxy()
    telling = Server(Telling)
    telling.wanted, telling.digest, telling.refused = None, False, 0
    ours = {"ca_pem": authority}
    good, old, early = (make_dated(folder, "localhost", *days) for days in ((-1, 9), (-9, -3), (3, 9)))
    rows = [
        ("unknown authority", good, {"ca_pem": strangers}, None, 0, ['"ours"', "CaBundle="]),
        ("unknown to the system", good, {"system_ca": True}, None, 0, ['"ours"', "the system does not know", "CaBundle="]),
        ("opened by a proxy", good, {"ca_pem": strangers}, proxy, 0, ['"ours"', "opens TLS", f"127.0.0.1:{proxy.port}"]),
        ("another name", make_dated(folder, "other.example", -1, 9), ours, None, 0, ['"other.example"', "Server="]),
        ("another name by proxy", make_dated(folder, "other.example", -1, 9), ours, proxy, 0, ['"other.example"', "Server="]),
        ("expired", old, ours, None, 0, ["expired on " + time.strftime("%Y-%m-%d", time.gmtime(time.time() - 3 * 86400)), "renew"]),
        ("not valid yet", early, ours, None, 0, ["valid from", "clock"]),
        ("our clock is ahead", old, ours, telling, -6 * 86400, ["the network says", "set the clock"]),
        ("our clock is behind", early, ours, telling, 5 * 86400, ["the network says", "set the clock"]),
        ("expired, clocks agree", old, ours, telling, 0, ["expired on", "renew"]),
    ]
    for name, context, trust, via, ahead, words in rows:
        server = Server(Origin, context)
        telling.ahead = ahead
        error = describe(control, route(via, **trust), server.url("/17/info"))
        print(f"{name}: {error.message}")
        assert error.name == "Tls", name
        assert all(word in error.message for word in words), (name, error.message)
        assert "\n" not in error.message and not server.log, name
        server.shutdown()


def test_the_system_store(folder, authority):
    """With system_ca the system's authorities count, here those of SSL_CERT_FILE; without it they never do."""
    server = Server(Origin, make_context(folder, "ours", "localhost"))
    place = folder / "store"
    place.mkdir()
    courier = Courier(place, "control")
    try:
        assert describe(courier, route(system_ca=False), server.url("/17/info")).name == "Tls"
        store = describe(courier, route(system_ca=True), server.url("/17/info"))
        assert store.name == "Tls" and "the system does not know" in store.message
        # A bundle replaces the store: an administrator who names one trusts nobody else.
        both = courier.call("Describe", route=route(system_ca=True, ca_pem=authority), url=server.url("/17/info"), user_agent=AGENT)
        assert both["attributes"]["ID"] == "17"
    finally:
        courier.stop()


def openssl_server(folder, *options):
    port = free_port()
    process = subprocess.Popen(["openssl", "s_server", "-accept", str(port), "-cert", folder / "server.pem", "-key", folder / "server.key", "-WWW",
                                *options], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    return process, f"https://localhost:{port}/info.xml"


@pytest.mark.parametrize("version, good", [("-tls1", False), ("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)])
@pytest.mark.parametrize("verify", [True, False])
def test_tls_versions(folder, control, authority, version, good, verify):
    make_context(folder, "ours", "localhost")
    (folder / "info.xml").write_text('<DOWNLOAD ID="17" />')
    process, url = openssl_server(folder, version, "-cipher", "ALL:@SECLEVEL=0")
    try:
        way = route(ca_pem=authority, verify=verify)
        if good:
            assert control.call("Describe", route=way, url=url, user_agent=AGENT)["attributes"]["ID"] == "17"
        else:
            error = describe(control, way, url)
            assert error.name == "Tls" and "1.2 or newer" in error.message, error.message
    finally:
        process.kill()
        process.wait()


def make_client(folder, ca, name):
    run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
        "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr")
    run("openssl", "x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / f"{ca}.pem", "-CAkey", folder / f"{ca}.key",
        "-CAcreateserial", "-days", "5", "-out", folder / f"{name}.pem")
    return {"client_cert": (folder / f"{name}.pem").read_text(), "client_key": (folder / f"{name}.key").read_text()}


class Asking(Origin):
    """Notes whose certificate it was shown."""

    def note(self):
        super().note()
        self.server.log[-1] += (self.connection.getpeercert(),)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_client_certificate(folder, control, bulk, authority, version):
    context = make_context(folder, "ours", "localhost")
    context.minimum_version = context.maximum_version = version
    context.load_verify_locations(folder / "ours.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    server = Server(Asking, context)
    mine = make_client(folder, "ours", "pc1")
    good = route(ca_pem=authority, **mine)
    assert control.exchange(good, server.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert "pc1" in str(server.log[-1][-1])
    missing = control.exchange(route(ca_pem=authority), server.url("/ocsinventory"))
    assert missing["error"] == "tls" and "ClientCert=" in missing["message"], missing
    make_ca(folder, "Strange CA")
    strange = control.exchange(route(ca_pem=authority, **make_client(folder, "Strange CA", "pc2")), server.url("/ocsinventory"))
    assert strange["error"] == "tls" and "ClientCert=" in strange["message"], strange
    # Never to who serves fragments, whatever the route says.
    wire = bulk.connect()
    error = refused(wire.call, "Fetch", {"route": good, "url": server.url("/fragment"), "user_agent": AGENT, "offset": 0, "validator": None,
                                         "refresh": False}, upgrade=True)
    assert error.name == "Tls" and not [entry for entry in server.log if entry[1] == "/fragment"]


def test_client_certificate_that_is_no_good(folder, control, authority):
    server = Server(Origin, make_context(folder, "ours", "localhost"))
    one, two = make_client(folder, "ours", "pc1"), make_client(folder, "ours", "pc2")
    run("openssl", "ec", "-in", folder / "pc1.key", "-aes256", "-passout", "pass:canary-passphrase", "-out", folder / "locked.key")
    for pair in ((one["client_cert"], two["client_key"]), (one["client_cert"], "garbage"), ("garbage", one["client_key"]),
                 (one["client_cert"], (folder / "locked.key").read_text())):
        error = describe(control, route(ca_pem=authority, client_cert=pair[0], client_key=pair[1]), server.url("/17/info"))
        assert error.name == "Tls" and "ClientKey=" in error.message, error.message
    half = route(ca_pem=authority, client_cert=one["client_cert"])
    assert describe(control, half, server.url("/17/info")).name == "InvalidData"


# ---- the whole worker -----------------------------------------------------------------------------------------------------

@needs_worker
def test_unchecked_is_honoured_and_loud(folder, authority, whole):
    server = Server(Origin, make_context(folder, "ours", "other.example"))
    url = server.url("/ocsinventory")
    checked = whole(HTTP={"Server": url, "CaBundle": folder / "ours.pem"})
    with checked.start():
        status = checked.wait_state("problem")
        assert status["reason"]["code"] == "tls" and '"other.example"' in status["reason"]["message"] and not status["insecure"]
    unchecked = whole(HTTP={"Server": url, "SSL": 0})
    with unchecked.start():
        end = time.monotonic() + 20
        while not server.log and time.monotonic() < end:
            time.sleep(0.1)
        assert server.log, "SSL=0 is honoured"
        assert unchecked.status()["insecure"] is True


@needs_worker
def test_client_files(folder, authority, whole, tmp_path):
    context = make_context(folder, "ours", "localhost")
    context.load_verify_locations(folder / "ours.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    server = Server(Asking, context)
    make_client(folder, "ours", "pc1")
    http = {"Server": server.url("/ocsinventory"), "CaBundle": folder / "ours.pem"}
    machine = whole(HTTP=http, OCS_Companion={"ClientCert": folder / "pc1.pem", "ClientKey": folder / "pc1.key"})
    os.chmod(folder / "pc1.key", 0o600)
    with machine.start():
        end = time.monotonic() + 20
        while not server.log and time.monotonic() < end:
            time.sleep(0.1)
        assert "pc1" in str(server.log[0][-1])
        assert not [line for line in machine.status()["warnings"] if "sanitizers" not in line]
    run("openssl", "ec", "-in", folder / "pc1.key", "-aes256", "-passout", "pass:canary-passphrase", "-out", folder / "locked.key")
    locked = whole(HTTP=http, OCS_Companion={"ClientCert": folder / "pc1.pem", "ClientKey": folder / "locked.key"})
    with locked.start():
        status = locked.wait_state("problem")
        assert status["reason"]["code"] == "tls" and "ClientCert=" in status["reason"]["message"]
        assert [line for line in status["warnings"] if "passphrase" in line]
