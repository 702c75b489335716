# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies that ask for a login and TLS that is not what it should be: whom a secret reaches, how often a login is made, and what people
are told. The first half has servers and proxies of its own, the second half Squid with Kerberos and NTLM, and one that opens TLS."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
from lab import Lab, seal, squid_totals
from machine import Machine
from test_courier import AGENT, COURIER, FRAGMENT, Courier, Handler, Origin, Proxy, Server, make_ca, make_context, make_proxy, refused, route, run

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")

USER, PASSWORD = "canary-user", "canary-password"
SECRETS = (USER, PASSWORD, "Y2FuYXJ5", "LXBhc3N3b3Jk")  # in clear, and what Basic makes of them


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("proxy")


@pytest.fixture(scope="module")
def control(folder):
    courier = Courier(folder, "control")
    yield courier
    courier.stop()


@pytest.fixture(scope="module")
def bulk(folder):
    courier = Courier(folder, "bulk")
    yield courier
    courier.stop()


@pytest.fixture(scope="module")
def authority(folder):
    return make_ca(folder, "ours")


@pytest.fixture
def origin():
    server = Server(Origin)
    yield server
    server.shutdown()
    server.server_close()


def describe(courier, way, url):
    return refused(courier.call, "Describe", route=way, url=url, user_agent=AGENT)


# ---- whom a login reaches -------------------------------------------------------------------------------------------------

class Thief(Handler):
    """Asks for a login in the place of a server, in every way, as 401, 407 or by sending people elsewhere."""

    def everything(self):
        self.note()
        ways = [(f"{who}-Authenticate", way) for who in ("WWW", "Proxy")
                for way in ('Basic realm="x"', 'Digest realm="x", nonce="n", qop="auth"', "NTLM", "Negotiate")]
        status = int(self.path.rsplit("/", 1)[1])
        self.answer(status, b"", ways + [("Location", self.server.elsewhere)])

    do_GET = do_HEAD = do_POST = everything


def heard_by(*servers):
    return "\n".join(str(entry) for server in servers for entry in server.log)


@pytest.mark.parametrize("status", [401, 407, 301, 302, 307, 308])
@pytest.mark.parametrize("auth", ["any", "basic", "digest"])
def test_thief_gets_no_login(control, bulk, status, auth):
    other, thief = Server(Thief), Server(Thief)
    thief.elsewhere = other.elsewhere = other.url("/elsewhere/401")
    with_login = route(proxy={"kind": "none", "host": "", "port": 0, "user": USER, "password": PASSWORD, "auth": auth},
                       user=USER, password=PASSWORD)
    url = thief.url(f"/x/{status}")
    wire = bulk.connect()
    error = refused(wire.call, "Fetch", {"route": with_login, "url": url, "user_agent": AGENT, "offset": 0, "validator": None,
                                         "refresh": False}, upgrade=True)
    assert PASSWORD not in error.message
    assert PASSWORD not in describe(control, with_login, url).message
    assert thief.log and not [secret for secret in SECRETS if secret in heard_by(thief)]
    # The OCS server itself may log us in, but not send us elsewhere with it.
    trailer = control.exchange(with_login, url)
    assert "error" in trailer and PASSWORD not in trailer["message"]
    assert not other.log, "a redirect is not followed"


@pytest.mark.parametrize("auth", ["any", "basic", "digest"])
def test_proxy_login_ends_at_the_proxy(control, bulk, origin, auth):
    proxy = make_proxy(login=(USER, PASSWORD), digest=auth == "digest")
    proxy.login["auth"] = auth
    assert bulk.fetch(route(proxy), origin.url("/fragment"))[1] == FRAGMENT
    assert control.exchange(route(proxy), origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert control.call("Describe", route=route(proxy), url=origin.url("/17/info"), user_agent=AGENT)["attributes"]["ID"] == "17"
    assert "Proxy-Authorization" in heard_by(proxy) and "uthorization" not in heard_by(origin)
    thief = Server(Thief)
    thief.elsewhere = thief.url("/elsewhere/401")
    for status in (401, 302):
        describe(control, route(proxy), thief.url(f"/x/{status}"))
    assert not [secret for secret in SECRETS if secret in heard_by(thief)]


def test_proxy_login_stays_out_of_the_tunnel(folder, control, authority):
    origin = Server(Origin, make_context(folder, "ours", "localhost"))
    proxy = make_proxy(login=(USER, PASSWORD))
    assert control.exchange(route(proxy, ca_pem=authority), origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert origin.log and "uthorization" not in heard_by(origin)


@pytest.mark.parametrize("auth", [None, "safe", "digest", "ntlm", "negotiate"])
def test_no_password_in_clear_unless_allowed(control, bulk, origin, auth):
    proxy = make_proxy(login=(USER, PASSWORD))  # asks for Basic alone, as a thief would
    del proxy.login["auth"]
    if auth:
        proxy.login["auth"] = auth
    trailer = control.exchange(route(proxy), origin.url("/ocsinventory"))
    assert trailer["error"] == "proxy-auth" and "ProxyAuth=" in trailer["message"] or auth == "negotiate"
    wire = bulk.connect()
    error = refused(wire.call, "Fetch", {"route": route(proxy), "url": origin.url("/fragment"), "user_agent": AGENT, "offset": 0,
                                         "validator": None, "refresh": False}, upgrade=True)
    assert error.name == "ProxyAuth"
    assert proxy.refused and not [secret for secret in SECRETS if secret in heard_by(proxy, origin)]


@pytest.mark.parametrize("kind", ["socks4", "socks5"])
def test_no_password_in_clear_to_socks(control, origin, kind):
    heard = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def serve():
            peer, _ = listener.accept()
            with peer:
                peer.settimeout(5)
                heard.append(peer.recv(4096))
                if kind == "socks5":
                    peer.sendall(b"\x05\x02")  # name and password, please
                    try:
                        heard.append(peer.recv(4096))
                    except OSError:
                        pass

        threading.Thread(target=serve, daemon=True).start()
        way = {"kind": kind, "host": "127.0.0.1", "port": listener.getsockname()[1], "user": USER, "password": PASSWORD, "auth": "safe"}
        describe(control, route(way), origin.url("/17/info"))
    assert heard and USER.encode() not in b"".join(heard) and PASSWORD.encode() not in b"".join(heard)


def test_the_login_of_one_proxy_is_not_for_another(control, origin):
    right = make_proxy(login=(USER, PASSWORD))
    control.exchange(route(right), origin.url("/ocsinventory"))
    other = make_proxy(login=("a", "b"), given=None)
    other.login = {}
    assert control.exchange(route(other), origin.url("/ocsinventory"))["error"] == "proxy-auth"
    assert not [secret for secret in SECRETS if secret in heard_by(other)]


def test_many_requests_one_login(bulk, control, folder, authority, origin):
    """Connections and what is learnt of a login are kept: the proxy says 407 once per courier and kind of way, not per request."""
    secure = Server(Origin, make_context(folder, "ours", "localhost"))
    for digest in (False, True):
        proxy = make_proxy(login=(USER, PASSWORD), digest=digest)
        for _ in range(20):
            assert bulk.fetch(route(proxy), origin.url("/fragment"))[1] == FRAGMENT
        assert (proxy.refused, proxy.connections) == (1, 1)
        handshakes = secure.connections
        for _ in range(10):
            assert control.exchange(route(proxy, ca_pem=authority), secure.url("/ocsinventory"))["reply"]["response"] == "SEND"
        assert proxy.refused == 2 and secure.connections == handshakes + 1
        assert len([entry for entry in proxy.log if entry[0] == "CONNECT"]) == 2, "one that was refused, one tunnel"


# ---- TLS ------------------------------------------------------------------------------------------------------------------

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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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

@pytest.fixture
def whole(tmp_path):
    made = []

    def make(**sections):
        machine = Machine(tmp_path / f"machine-{len(made)}")
        machine.ini(**sections)
        made.append(machine)
        return machine
    yield make
    for machine in made:
        machine.stop(signal.SIGKILL)


needs_worker = pytest.mark.skipif("OCS_WORKER" not in os.environ, reason="OCS_WORKER names no program")


@needs_worker
def test_secrets_stay_out_of_logs_and_state(folder, authority, whole):
    """A proxy that asks for a login and answers with lies, a server that asks for one too: no file and no reply of ours holds the canary."""
    thief = Server(Thief)
    thief.elsewhere = thief.url("/elsewhere/401")
    proxy = make_proxy(login=("somebody", "else"))
    for url, via in ((thief.url("/x/407"), None), (thief.url("/x/302"), None), (thief.url("/x/401"), proxy)):
        http = {"Server": url, "AuthRequired": 1, "User": seal(USER), "Pwd": seal(PASSWORD)}
        if via:
            http.update(ProxyType=1, Proxy="127.0.0.1", ProxyPort=via.port, ProxyAuthRequired=1, ProxyUser=seal(USER), ProxyPwd=seal(PASSWORD))
        machine = whole(HTTP=http, OCS_Inventory_Agent={"Debug": 2})
        with machine.start():
            status = machine.wait_state("problem")
            replies = str(status) + str(machine.call("GetProxy"))
        kept = "".join(path.read_text(errors="replace") for path in machine.folder.rglob("*")
                       if path.is_file() and path not in (machine.config,))
        assert not [secret for secret in SECRETS if secret in replies + kept + machine.said()]
        arguments = subprocess.run(["ps", "axww", "-o", "args"], stdout=subprocess.PIPE, text=True, check=True).stdout
        assert PASSWORD not in arguments


def test_debug_log_holds_no_secret(origin, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("G_MESSAGES_DEBUG", "all")
    courier = Courier(tmp_path, "control")
    try:
        for digest in (False, True):
            proxy = make_proxy(login=(USER, PASSWORD), digest=digest)
            assert courier.exchange(route(proxy, user=USER, password=PASSWORD), origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
            wrong = make_proxy(login=(USER, "another"), digest=digest, given=(USER, PASSWORD))
            assert courier.exchange(route(wrong), origin.url("/ocsinventory"))["error"] == "proxy-auth"
    finally:
        courier.stop()
    out, err = capfd.readouterr()
    assert "ocs-transfer" in out + err, "there is a log to look at"
    assert not [secret for secret in SECRETS if secret in out + err]


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


# ---- Squid with Kerberos and NTLM, Squid that opens TLS -------------------------------------------------------------------

@pytest.fixture(scope="module")
def lab():
    if os.geteuid() != 0:
        pytest.skip("the lab needs root")
    if not shutil.which("squid") or not shutil.which("krb5kdc", path=os.environ["PATH"] + ":/usr/sbin"):
        pytest.skip("squid or krb5-kdc is not installed: run tests/lab/lab.sh install")
    place = Path(tempfile.mkdtemp(prefix="ocs-proxy.", dir="/tmp"))
    place.chmod(0o755)
    try:
        with Lab(place, "--squid=negotiate,ntlm,basic,digest") as running:
            yield running
    finally:
        shutil.rmtree(place, ignore_errors=True)


def let_in(path):
    """The courier's user reads its keytab itself."""
    path = Path(path)
    path.chmod(0o644)
    for parent in path.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)


@pytest.fixture
def site(lab, tmp_path):
    """Couriers on a machine of the realm."""
    let_in(lab["MACHINE_KEYTAB"])
    old, os.environ["KRB5_CONFIG"] = os.environ.get("KRB5_CONFIG"), lab["KRB5_CONFIG"]
    couriers = [Courier(tmp_path, role) for role in ("control", "bulk")]
    if old is None:
        del os.environ["KRB5_CONFIG"]
    else:
        os.environ["KRB5_CONFIG"] = old
    yield couriers
    for courier in couriers:
        courier.stop()


def by_squid(lab, kind, host="localhost", **login):
    return {"kind": "http", "host": host, "port": int(lab[f"SQUID_{kind.upper()}_PORT"]), **login}


def count(lab, kind, seen):
    """What Squid has logged since, and of that: how often it said 407."""
    time.sleep(0.3)
    lines = lab.squid(kind)[1].read_text().splitlines()[seen:]
    return len(lines), len([line for line in lines if "/407 " in line])


@pytest.mark.parametrize("auth, login", [("any", {}), ("safe", {}), ("negotiate", {}), ("any", {"user": USER, "password": PASSWORD})])
def test_kerberos(lab, site, origin, auth, login):
    control, bulk = site
    way = route(by_squid(lab, "negotiate", auth=auth, keytab=lab["MACHINE_KEYTAB"], **login))
    before = len(lab.squid("negotiate")[1].read_text().splitlines())
    assert control.exchange(way, origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    for _ in range(10):
        assert bulk.fetch(way, origin.url("/fragment"))[1] == FRAGMENT
    asked, denied = count(lab, "negotiate", before)
    print(f"{auth}: {asked} requests, {denied} challenges")
    assert asked - denied == 11 and denied <= 2, "one challenge for each courier at most"
    log = lab.squid("negotiate")[1].read_text()
    assert "PC1$@LAB.EXAMPLE" in log or "PC1$" in log, "the machine's own name, not its host entry"
    assert "uthorization" not in heard_by(origin)


def test_kerberos_through_a_tunnel(lab, site, folder, authority):
    control, _ = site
    server = Server(Origin, make_context(folder, "ours", "localhost"))
    way = route(by_squid(lab, "negotiate", auth="negotiate", keytab=lab["MACHINE_KEYTAB"]), ca_pem=authority)
    for _ in range(5):
        assert control.exchange(way, server.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert server.connections == 1, "one tunnel, one handshake"
    assert "uthorization" not in heard_by(server)


def test_kerberos_tickets_are_fetched_once(lab, site, origin):
    _, bulk = site
    log = Path(lab["KDC_LOG"])
    before = len([line for line in log.read_text().splitlines() if "ISSUE" in line])
    way = route(by_squid(lab, "negotiate", auth="any", keytab=lab["MACHINE_KEYTAB"]))
    threads = [threading.Thread(target=bulk.fetch, args=(way, origin.url("/fragment"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    issued = len([line for line in log.read_text().splitlines() if "ISSUE" in line]) - before
    assert issued == 2, "one ticket to get tickets, one for the proxy"
    assert not [path for path in Path("/tmp").glob("krb5cc*") if path.stat().st_mtime > time.time() - 30], "no ticket on disk"


def test_kerberos_problems_in_words(lab, site, origin, tmp_path):
    control, _ = site
    good = lab["MACHINE_KEYTAB"]
    wrong = tmp_path / "other.keytab"
    # The host entry alone: the KDC gives it no ticket.
    shutil.copy(Path(lab["LAB"]) / "squid-negotiate/proxy.keytab", wrong)
    rows = [
        ("no keytab", dict(auth="negotiate"), "localhost", ["ProxyKeytab=", "Kerberos"]),
        ("keytab missing", dict(auth="negotiate", keytab="/nowhere/k.keytab"), "localhost", ["/nowhere/k.keytab", "ProxyKeytab="]),
        ("proxy by address", dict(auth="negotiate", keytab=good), "127.0.0.1", ["HTTP/127.0.0.1", "Proxy="]),
        ("login instead", dict(auth="any", user=USER, password=PASSWORD), "localhost", ["ProxyKeytab=", "Kerberos"]),
    ]
    for name, login, host, words in rows:
        trailer = control.exchange(route(by_squid(lab, "negotiate", host=host, **login)), origin.url("/ocsinventory"))
        print(f"{name}: {trailer.get('message')}")
        assert trailer["error"] == "proxy-auth", (name, trailer)
        assert all(word in trailer["message"] for word in words), (name, trailer["message"])
        assert PASSWORD not in trailer["message"]
    assert not origin.log


def test_kerberos_without_kdc(lab, site, origin):
    """A silent KDC costs one wait, not one per request; and nothing where the proxy takes a password as well."""
    control, bulk = site
    pid = int(Path(lab["KDC_PID_FILE"]).read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        way = route(by_squid(lab, "negotiate", auth="negotiate", keytab=lab["MACHINE_KEYTAB"]))
        start = time.monotonic()
        threads = [threading.Thread(target=control.exchange, args=(way, origin.url("/ocsinventory")))]
        threads[0].start()
        plain = route()
        assert control.exchange(plain, origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
        assert time.monotonic() - start < 3, "others do not wait for it"
        threads[0].join()
        trailer = control.exchange(way, origin.url("/ocsinventory"))
        assert trailer["error"] == "proxy-auth" and "KDC" in trailer["message"], trailer
        start = time.monotonic()
        either = route(by_squid(lab, "basic", auth="any", keytab=lab["MACHINE_KEYTAB"], user=lab["PROXY_USER"], password=lab["PROXY_PASSWORD"]))
        assert control.exchange(either, origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
        assert time.monotonic() - start < 3
    finally:
        os.kill(pid, signal.SIGCONT)


@needs_worker
def test_kerberos_by_the_whole_worker(lab, server, tmp_path):
    keytab = Path(lab["LAB"]) / "whole.keytab"
    shutil.copy(lab["MACHINE_KEYTAB"], keytab)
    keytab.chmod(0o600)
    machine = Machine(tmp_path / "machine")
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca, "ProxyType": 1, "Proxy": "localhost", "ProxyPort": lab["SQUID_NEGOTIATE_PORT"]},
                OCS_Companion={"ProxyKeytab": keytab})
    machine.environment["KRB5_CONFIG"] = lab["KRB5_CONFIG"]
    with machine.start():
        status = machine.wait_state("problem")
        assert status["reason"]["code"] == "proxy-auth", status["reason"]
        assert str(keytab) in status["reason"]["message"] and "cannot be read" in status["reason"]["message"], "it is the courier's, not root's"
    machine.stop()
    keytab.chmod(0o644)
    assert machine.once() == 0, machine.said()
    assert server.device()


def test_keytab_as_a_credential(lab, origin, tmp_path, monkeypatch):
    """As the unit has it: the file belongs to root alone, systemd hands it over under its name."""
    monkeypatch.setenv("KRB5_CONFIG", lab["KRB5_CONFIG"])
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    shutil.copy(lab["MACHINE_KEYTAB"], tmp_path / "proxy.keytab")
    let_in(tmp_path / "proxy.keytab")
    courier = Courier(tmp_path, "control")
    try:
        way = route(by_squid(lab, "negotiate", auth="negotiate", keytab="/etc/credstore/proxy.keytab"))
        assert courier.exchange(way, origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    finally:
        courier.stop()


@pytest.mark.parametrize("kind", ["basic", "digest"])
def test_squid_is_asked_once(lab, site, origin, folder, authority, kind):
    control, bulk = site
    secure = Server(Origin, make_context(folder, "ours", "localhost"))
    way = by_squid(lab, kind, auth=kind, user=lab["PROXY_USER"], password=lab["PROXY_PASSWORD"])
    before = len(lab.squid(kind)[1].read_text().splitlines())
    for _ in range(10):
        assert bulk.fetch(route(way), origin.url("/fragment"))[1] == FRAGMENT
        assert control.exchange(route(way, ca_pem=authority), secure.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert secure.connections == 1, "one tunnel, one handshake"
    asked, denied = count(lab, kind, before)
    assert denied == (0 if kind == "basic" else 2), "Basic is not asked for where it is what ProxyAuth= says, Digest needs one nonce a courier"
    # The tunnel is logged when it ends.
    assert asked - denied == 10, "one line for each fragment"


def test_ntlm(lab, site, origin):
    _, bulk = site
    way = route(by_squid(lab, "ntlm", auth="ntlm", user=USER, password=PASSWORD))
    before = len(lab.squid("ntlm")[1].read_text().splitlines())
    for _ in range(10):
        assert bulk.fetch(way, origin.url("/fragment"))[1] == FRAGMENT
    asked, denied = count(lab, "ntlm", before)
    assert asked - denied == 10 and denied <= 2, "one handshake, the connection is kept"
    assert PASSWORD not in heard_by(origin)


@pytest.fixture(scope="module")
def inspecting():
    if os.geteuid() != 0:
        pytest.skip("the lab needs root")
    if not shutil.which("squid"):
        pytest.skip("squid is not installed: run tests/lab/lab.sh install")
    place = Path(tempfile.mkdtemp(prefix="ocs-inspect.", dir="/tmp"))
    place.chmod(0o755)
    try:
        running = Lab(place, "--squid=inspect")
        try:
            running.start()
        except RuntimeError as error:
            if "squid-openssl" not in str(error):
                raise
            pytest.skip(str(error))
        yield running
        running.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def test_inspecting_proxy(inspecting, control):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(inspecting["TLS_CERT"], inspecting["TLS_KEY"])
    server = Server(Origin, context)
    way = {"kind": "http", "host": "127.0.0.1", "port": int(inspecting["SQUID_INSPECT_PORT"])}
    trailer = control.exchange(route(way, ca_pem=inspecting.ca.read_text()), server.url("/ocsinventory"))
    print(trailer["message"])
    assert trailer["error"] == "tls" and '"Inspecting Proxy CA"' in trailer["message"] and "opens TLS" in trailer["message"]
    assert not server.log, "what we had to say has not reached it"
    # Where the administrator trusts it, it works.
    trusted = route(way, ca_pem=Path(inspecting["SQUID_INSPECT_CA"]).read_text())
    assert control.exchange(trusted, server.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert squid_totals(inspecting.squid("inspect")[1])["codes"]
