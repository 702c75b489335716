# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab itself, tried with curl: the test server must behave as the real server does, and the real parts must really work.
A test elsewhere is worth only as much as what it was run against."""
import gzip
import importlib.util
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
import zlib

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import lab as L

DEVICE = "lab-2026-01-02-03-04-05"
PACKAGE = "1700000001"
TYPE = ("-H", "Content-Type: application/x-compress")


def public_folder(tmp_path_factory):
    """pytest's own folders are 0700; www-data and proxy must reach this one."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ocs-lab-test.", dir="/tmp"))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def server_process(tmp_path_factory):
    folder = public_folder(tmp_path_factory)
    with L.TestServer(folder) as running:
        yield running
    shutil.rmtree(folder)


@pytest.fixture
def server(server_process):
    server_process.reset()
    return server_process


def start_lab(tmp_path_factory, *parts):
    if os.geteuid() != 0:
        pytest.skip("the real parts need root")
    wanted = {"--squid": "squid", "--socks": "microsocks", "--real": "ocsinventory-server"}
    for part in parts:
        name = wanted[part]
        found = pathlib.Path("/etc/apache2/conf-available/ocsinventory-server.conf").exists() if part == "--real" else shutil.which(name)
        if not found:
            pytest.skip(f"{name} is not installed: run tests/install.sh lab")
    return L.Lab(public_folder(tmp_path_factory), *parts)


@pytest.fixture(scope="session")
def proxies(tmp_path_factory):
    with start_lab(tmp_path_factory, "--squid", "--socks") as running:
        yield running
    shutil.rmtree(running.folder)


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    with start_lab(tmp_path_factory, "--real") as running:
        running.set_config("FREQUENCY", 1)
        yield running
    shutil.rmtree(running.folder)


def post(url, xml, *options, agent=L.USER_AGENT, pack=zlib.compress, unpack=zlib.decompress):
    """(status, reply as an element or None)."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(pack(xml.encode()))
        file.flush()
        status, body, _ = L.curl(url, "-A", agent, *TYPE, "--data-binary", f"@{file.name}", *options)
    return status, ET.fromstring(unpack(body)) if status == 200 and body else None


def prolog(url, *options, **more):
    return post(url, L.ocs_request(DEVICE, "PROLOG"), *options, **more)


def inventory(url, extra="", *options):
    content = ("<CONTENT><HARDWARE><NAME>lab</NAME><CHECKSUM>4194303</CHECKSUM></HARDWARE><BIOS><SSN>L4B</SSN></BIOS>"
               "<SOFTWARES><NAME>one</NAME><VERSION>1</VERSION></SOFTWARES><SOFTWARES><NAME>two</NAME><VERSION>2</VERSION></SOFTWARES>"
               f"{extra}</CONTENT>")
    return post(url, L.ocs_request(DEVICE, "INVENTORY", content), *options)


def offered(reply):
    return {p.get("ID"): p.attrib for p in reply.iter("PARAM") if p.get("TYPE") == "PACK"}


def account(**pairs):
    return "".join(f"<ACCOUNTINFO><KEYNAME>{k}</KEYNAME><KEYVALUE>{v}</KEYVALUE></ACCOUNTINFO>" for k, v in pairs.items())


def offer(server, folder, **package):
    made = L.make_package(folder, PACKAGE, {"hello.sh": "echo hello\n", "bulk": os.urandom(200000)}, command="sh hello.sh", **package)
    server.add_package(made)
    return made


def body_of(folder, made):
    return b"".join((pathlib.Path(made["dir"]) / f"{made['id']}-{n + 1}").read_bytes() for n in range(made["frags"]))


# ---- what lab.py writes --------------------------------------------------------------------------------------------------

def test_seal_is_the_windows_form():
    iv = bytes(range(16))
    assert L.seal("proxyuser", iv) == "AAECAwQFBgcICQoLDA0ODw==|||VS5Z8j36KuuqhxzAI5wscw=="
    assert L.seal("S3cret!pw", iv) == "AAECAwQFBgcICQoLDA0ODw==|||3e8qpYOgiOt862xQejkRbg=="
    assert L.seal("") == ""


def test_ini_sections(tmp_path):
    path = L.write_ini(tmp_path / "x.ini", Server="http://h/ocsinventory", ProxyPort=3128, Debug=1, PROLOG_FREQ=10, TAG="site")
    text = path.read_bytes().decode()
    assert path.stat().st_mode & 0o777 == 0o600
    order = [text.index(word) for word in ("[OCS Inventory Agent]", "Debug=1", "[HTTP]", "Server=http", "ProxyPort=3128",
                                           "[OCS Inventory Service]", "PROLOG_FREQ=10", "[OCS Companion]", "TAG=site")]
    assert order == sorted(order)


def test_package_is_whole(tmp_path):
    made = L.make_package(tmp_path, PACKAGE, {"a.sh": "x" * 5000}, command='echo "a" && b', frags=3, digest="SHA1", encode="Base64")
    text = (tmp_path / PACKAGE / "info").read_text()
    data = body_of(tmp_path, made)
    assert made["frags"] == 3 and L.digest_of(data, "SHA1", "Base64") in text
    assert "COMMAND=\"echo 'a' && b\"" in text, "the console does not escape"
    alone = L.make_package(tmp_path, "1700000002", command="true")
    assert alone["frags"] == 0 and 'FRAGS="0"' in (tmp_path / "1700000002" / "info").read_text()


# ---- the test server -----------------------------------------------------------------------------------------------------

def test_prolog_over_http_and_https(server):
    for url, options in ((server.url, ()), (server.tls_url, ("--cacert", str(server.ca)))):
        status, reply = prolog(url, *options)
        assert (status, reply.findtext("RESPONSE"), reply.findtext("PROLOG_FREQ")) == (200, "SEND", "24")
        assert not offered(reply)
    assert L.curl(server.tls_url)[0] == 0, "curl must not trust the private CA by itself"


@pytest.mark.parametrize("agent, status", [
    (L.USER_AGENT, 200), ("OCS-NG_WINDOWS_AGENT_v2.11.0.1", 200), ("OCS-NG_unified_unix_agent_v2.10.0", 200),
    ("OCS-NG_unified_unix_agent_v2.9.0", 400), ("OCS-NG_unified_unix_agent_v3.0", 400), ("curl/8", 400), ("other_v2.1", 400)])
def test_user_agent(server, agent, status):
    assert prolog(server.url, agent=agent)[0] == status


@pytest.mark.parametrize("xml, status", [
    ("<?xml version='1.0'?><REQUEST><QUERY>PROLOG</QUERY></REQUEST>", 400),
    ("<?xml version='1.0'?><REQUEST><DEVICEID>x</DEVICEID><QUERY>PROLOG</QUERY></REQUEST>", 400),
    (f"<?xml version='1.0'?><REQUEST><DEVICEID>{DEVICE}</DEVICEID></REQUEST>", 400),
    (f"<?xml version='1.0'?><REQUEST DEVICEID='{DEVICE}' QUERY='PROLOG'/>", 200),
    ("<?xml version='1.0'?><REQUEST>", 500),
    (f"<?xml version='1.0'?><!DOCTYPE a><REQUEST DEVICEID='{DEVICE}' QUERY='PROLOG'/>", 500)])
def test_bad_requests(server, xml, status):
    assert post(server.url, xml)[0] == status


def test_forms_of_the_body(server):
    request = L.ocs_request(DEVICE, "PROLOG")
    assert post(server.url, request, pack=gzip.compress, unpack=gzip.decompress)[0] == 200
    assert post(server.url, request, pack=bytes, unpack=bytes)[0] == 200
    assert post(server.url, "garbage", pack=bytes)[0] == 500
    assert post(server.url, "", pack=bytes)[0] == 500
    assert post(server.url, request, "-H", "Transfer-Encoding: chunked")[0] == 500
    assert L.curl(server.url)[0] == 400
    assert L.curl(server.url, "-X", "PUT", "-d", "x")[0] == 403


def test_inventory_and_account(server):
    status, reply = inventory(server.url, account(TAG="mine"))
    assert (status, reply.findtext("RESPONSE")) == (200, "NO_ACCOUNT_UPDATE")
    assert server.device()["checksum"] == "4194303" and "<SSN>L4B</SSN>" in server.device()["inventory"]
    assert prolog(server.url)[1].findtext("RESPONSE") == "STOP"
    server.config(accountinfo={"TAG": "theirs", "fields_3": "a & b"})
    reply = inventory(server.url, account(TAG="mine"))[1]
    pairs = {a.findtext("KEYNAME"): a.findtext("KEYVALUE") for a in reply.iter("ACCOUNTINFO")}
    assert reply.findtext("RESPONSE") == "ACCOUNT_UPDATE" and pairs == {"TAG": "theirs", "fields_3": "a & b"}
    reply = inventory(server.url, account(TAG="theirs", fields_3="a &amp; b"))[1]
    assert reply.findtext("RESPONSE") == "NO_ACCOUNT_UPDATE"
    assert inventory(server.url, "<BIOS><SSN>2</SSN></BIOS>")[0] == 500, "two BIOS"


def test_package_is_offered_until_reported(server, tmp_path):
    offer(server, tmp_path)
    assert not offered(prolog(server.url)[1]), "an unknown device gets no package"
    inventory(server.url)
    for _ in range(2):
        reply = prolog(server.url)[1]
        assert reply.findtext("RESPONSE") == "STOP" and set(offered(reply)) == {PACKAGE}
        assert server.result(PACKAGE) == "NOTIFIED"
    location = offered(reply)[PACKAGE]
    assert location["INFO_LOC"] == f"127.0.0.1:{server.tls_port}/download" and location["PACK_LOC"] == f"127.0.0.1:{server.port}/download"
    report = f'<?xml version="1.0"?><REQUEST DEVICEID="{DEVICE}" ERR="ERR_BAD_DIGEST" ID="{PACKAGE}" QUERY="DOWNLOAD" />'
    assert post(server.url, report) == (200, None)
    assert server.result(PACKAGE) == "ERR_BAD_DIGEST" and not offered(prolog(server.url)[1])
    server.redeploy(PACKAGE)
    assert set(offered(prolog(server.url)[1])) == {PACKAGE}


def test_history_closes_an_offer(server, tmp_path):
    offer(server, tmp_path)
    inventory(server.url, f'<DOWNLOAD><HISTORY><PACKAGE ID="{PACKAGE}"/></HISTORY></DOWNLOAD>')
    assert not offered(prolog(server.url)[1]) and server.result(PACKAGE) == "SUCCESS_ALREADY_IN_HISTORY"
    server.redeploy(PACKAGE, force=True)
    assert offered(prolog(server.url)[1])[PACKAGE]["FORCE"] == "1"
    inventory(server.url)
    assert server.device()["history"] == [], "no DOWNLOAD section empties the history"


def test_configured_answers(server):
    server.config(response="OFF")
    reply = prolog(server.url)[1]
    assert [child.tag for child in reply] == ["RESPONSE"] and reply.findtext("RESPONSE") == "STOP"
    server.config(response="STOP", prolog_freq=3, download=None)
    reply = prolog(server.url)[1]
    assert reply.find("OPTION") is None and reply.findtext("PROLOG_FREQ") == "3"
    server.config(user="u", password="p")
    assert prolog(server.url)[0] == 401 and prolog(server.url, "-u", "u:p")[0] == 200
    server.config(user=None, label="Which site?")
    assert L.curl(server.url + "/deploy/label")[:2] == (200, b"Which site?")
    with pytest.raises(RuntimeError):
        server.config(answer="SEND")
    with pytest.raises(RuntimeError):
        server.rule("/x", count=1)


def test_files_ranges_and_validators(server, tmp_path):
    made = offer(server, tmp_path, frags=2)
    url, data = f"{server.base}/download/{PACKAGE}/{PACKAGE}-1", (tmp_path / PACKAGE / f"{PACKAGE}-1").read_bytes()
    status, body, headers = L.curl(url)
    assert (status, body) == (200, data) and "last-modified" in headers
    status, body, ranged = L.curl(url, "-r", "10-19", "-H", f"If-Range: {headers['etag']}")
    assert (status, body, ranged["content-range"]) == (206, data[10:20], f"bytes 10-19/{len(data)}")
    assert L.curl(url, "-r", "10-19", "-H", 'If-Range: "x"')[:2] == (200, data)
    assert L.curl(url, "-r", "-5")[:2] == (206, data[-5:])
    assert L.curl(url, "-r", f"{len(data)}-")[0] == 416
    assert L.curl(url, "-H", f"If-None-Match: {headers['etag']}")[:2] == (304, b"")
    assert L.curl(url, "-I")[2]["content-length"] == str(len(data))
    for bad in ("nothing", f"{PACKAGE}/../../etc/passwd", f"{PACKAGE}/%2e%2e/x"):
        assert L.curl(f"{server.base}/download/{bad}", "--path-as-is")[0] == 404
    assert L.curl(f"{server.tls_base}/download/{PACKAGE}/info", "--cacert", str(server.ca))[0] == 200
    assert made["size"] > server.bytes_sent(f"/download/{PACKAGE}/{PACKAGE}-*") - 2 * len(data) > 0


def test_misbehaviour(server, tmp_path):
    offer(server, tmp_path)
    path = f"/download/{PACKAGE}/{PACKAGE}-1"
    url, data = server.base + path, (tmp_path / PACKAGE / f"{PACKAGE}-1").read_bytes()

    def bent(*options, **rule):
        server.rule(path, times=1, **rule)
        return L.curl(url, *options)

    assert bent(status=503)[0] == 503
    assert bent(truncate_after=1000)[1] == data[:1000]
    assert bent(content_length=len(data) + 10)[1:][1]["content-length"] == str(len(data) + 10)
    assert bent(content_length=100)[1] == data[:100]
    assert bent(body="<html>log in</html>", content_type="text/html")[1] == b"<html>log in</html>"
    assert "etag" not in bent(no_validators=True)[2]
    assert bent(headers={"Cache-Control": "no-store"})[2]["cache-control"] == "no-store"
    assert bent(close=True)[0] == 0 and bent(reset=True)[0] == 0
    wrong = bent(corrupt_at=100, corrupt_length=4)[1]
    assert [i for i in range(len(data)) if wrong[i] != data[i]] == [100, 101, 102, 103]
    assert bent("-r", "102-", corrupt_at=100, corrupt_length=4)[1][:4] == bytes(b ^ 255 for b in data[102:104]) + data[104:106]
    assert L.curl(url)[1] == data, "each rule applied once"
    assert [r["used"] for r in server.state()["rules"]] == [1] * 11
    assert not server.log(path)[1]["complete"] and server.log(path)[1]["sent"] == 1000


def test_slow_replies_hold_nobody_up(server, tmp_path):
    offer(server, tmp_path)
    url = f"{server.base}/download/{PACKAGE}/{PACKAGE}-1"
    size = (tmp_path / PACKAGE / f"{PACKAGE}-1").stat().st_size
    took = {}

    def get(name, *options):
        start = time.monotonic()
        status, body, _ = L.curl(url, *options)
        took[name] = (time.monotonic() - start, status, len(body))

    for name, rule in (("delay", {"delay_ms": 700}), ("rate", {"rate": size}), ("stall", {"stall_after": 100, "stall_ms": 700})):
        server.rule("/download/*", times=1, **rule)
        thread = threading.Thread(target=get, args=(name,))
        thread.start()
        L.wait_for(lambda: server.state()["rules"][-1]["used"] == 1)
        get("quick")
        thread.join()
        assert took["quick"][0] < 0.4 and took["quick"][1:] == (200, size)
    assert took["delay"][0] >= 0.7 and took["delay"][1:] == (200, size)
    assert 0.9 <= took["rate"][0] < 2 and took["rate"][1:] == (200, size)
    assert took["stall"][0] >= 0.7 and took["stall"][2] == 100


def test_stops_while_a_reply_stalls(tmp_path):
    with L.TestServer(tmp_path) as server:
        server.rule("/ocsinventory", delay_ms=60000)
        client = subprocess.Popen(["curl", "-s", server.url])
        L.wait_for(lambda: server.log("/ocsinventory"))
        process = server.process
        start = time.monotonic()
    assert time.monotonic() - start < 3 and process.returncode == 0
    client.wait(5)


def test_many_at_once(server, tmp_path):
    offer(server, tmp_path)
    url = f"{server.base}/download/{PACKAGE}/{PACKAGE}-1"
    data = (tmp_path / PACKAGE / f"{PACKAGE}-1").read_bytes()
    server.rule("/download/*", delay_ms=300)
    start = time.monotonic()
    done = subprocess.run(["curl", "-s", "-Z", "--parallel-immediate", "--parallel-max", "50", *[w for n in range(50) for w in (url, "-o", f"{tmp_path}/o{n}")]])
    assert done.returncode == 0 and time.monotonic() - start < 10
    assert all((tmp_path / f"o{n}").read_bytes() == data for n in range(50))


# ---- the proxies ---------------------------------------------------------------------------------------------------------

def test_squid_keeps_what_it_fetched(server, proxies, tmp_path):
    made = offer(server, tmp_path, mtime=time.time() - 10 * 86400)
    url = f"{server.base}/download/{PACKAGE}/{PACKAGE}-1"
    proxy, log = proxies.squid()
    before = L.squid_totals(log)
    first, second = (L.curl(url, "-x", proxy) for _ in range(2))
    assert "MISS" in first[2]["x-cache"] and "HIT" in second[2]["x-cache"] and first[1] == second[1] == body_of(tmp_path, made)
    assert len(server.log("/download/*")) == 1 and server.bytes_sent() == made["size"]
    # Squid writes its log when it likes.
    L.wait_for(lambda: L.squid_totals(log)["hits"] > before["hits"], what="the hit in Squid's log")
    after = L.squid_totals(log)
    assert (after["hits"] - before["hits"], after["misses"] - before["misses"]) == (1, 1)
    assert after["hit_bytes"] - before["hit_bytes"] > made["size"]


def test_squid_keeps_a_large_object(server, proxies):
    with open(server.root / "large", "wb") as file:
        file.truncate(20 << 20)
    os.utime(server.root / "large", (1, 1))
    url, proxy = server.base + "/download/large", proxies.squid()[0]
    L.curl(url, "-x", proxy)
    assert "HIT" in L.curl(url, "-x", proxy, "-H", "Cache-Control: only-if-cached, max-stale=604800")[2]["x-cache"]
    assert server.bytes_sent() == 20 << 20


@pytest.mark.parametrize("kind", ["basic", "digest"])
def test_proxies_that_want_a_password(server, proxies, kind):
    proxy, log = proxies.squid(kind)
    status, _, headers = L.curl(server.url + "/deploy/label", "-x", proxy)
    assert status == 407 and headers["proxy-authenticate"].lower().startswith(kind) and not server.log()
    login = ("-x", proxy, f"--proxy-{kind}", "-U", f"{proxies['PROXY_USER']}:{proxies['PROXY_PASSWORD']}")
    assert prolog(server.url, *login)[0] == 200
    assert prolog(server.tls_url, "--cacert", str(server.ca), *login)[0] == 200
    assert prolog(server.url, *login[:-1], "companion:wrong")[0] == 407
    assert L.squid_totals(log)["tunnels"] >= 1


def test_socks(server, proxies):
    assert prolog(server.url, "--socks5", f"127.0.0.1:{proxies['SOCKS_PORT']}")[0] == 200


def test_lab_stops_what_it_started(tmp_path_factory):
    lab = start_lab(tmp_path_factory, "--socks")
    with lab:
        port = int(lab["SOCKS_PORT"])
        socket.create_connection(("127.0.0.1", port), 2).close()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), 2)
    assert not list(pathlib.Path(lab.folder).glob("*/*.pid"))
    shutil.rmtree(lab.folder)


# ---- the real server -----------------------------------------------------------------------------------------------------

@pytest.mark.real
def test_real_session_and_package(real):
    url = real["OCS_URL"]
    assert prolog(url, agent="curl/8")[0] == 400
    status, reply = prolog(url)
    assert (status, reply.findtext("RESPONSE")) == (200, "SEND")
    assert inventory(url)[1].findtext("RESPONSE") == "NO_ACCOUNT_UPDATE"
    assert real.device_ids() == [DEVICE]
    assert real.sql("SELECT NAME, USERAGENT FROM hardware") == [["lab", L.USER_AGENT]]
    assert real.sql("SELECT s.SSN FROM bios s") == [["L4B"]]
    assert real.sql("SELECT n.NAME FROM software s JOIN software_name n ON n.ID=s.NAME_ID ORDER BY 1") == [["one"], ["two"]]

    made = L.make_package(real.package_dir(), PACKAGE, {"hello.sh": "echo hello\n"}, command="sh hello.sh", frags=2)
    real.enable_package(made, DEVICE)
    reply = prolog(url)[1]
    assert reply.findtext("RESPONSE") == "STOP" and set(offered(reply)) == {PACKAGE} and real.result(PACKAGE) == "NOTIFIED"
    place = offered(reply)[PACKAGE]
    status, info, _ = L.curl(f"https://{place['INFO_LOC']}/{PACKAGE}/info", "--cacert", str(real.ca))
    assert status == 200 and ET.fromstring(info).get("FRAGS") == "2"
    parts = [L.curl(f"http://{place['PACK_LOC']}/{PACKAGE}/{PACKAGE}-{n}") for n in (1, 2)]
    assert L.digest_of(parts[0][1] + parts[1][1]) == ET.fromstring(info).get("DIGEST") and "etag" in parts[0][2]
    post(url, f'<?xml version="1.0"?><REQUEST DEVICEID="{DEVICE}" ERR="SUCCESS" ID="{PACKAGE}" QUERY="DOWNLOAD" />')
    assert real.result(PACKAGE) == "SUCCESS" and not offered(prolog(url)[1])
    assert real.bytes_sent(f"/download/{PACKAGE}/{PACKAGE}-*") > made["size"]


@pytest.mark.real
def test_real_over_https(real):
    status, reply = prolog(real["OCS_TLS_URL"], "--cacert", str(real.ca))
    assert status == 200 and reply.find("OPTION/NAME").text == "DOWNLOAD"
    assert L.curl(real["OCS_TLS_URL"])[0] == 0


@pytest.mark.real
def test_real_and_own_server_agree(real, server):
    """The same requests to both: the same status."""
    requests = [("", bytes), ("garbage", bytes), (L.ocs_request("x", "PROLOG"), zlib.compress), (L.ocs_request(DEVICE, "NOTHING"), zlib.compress),
                (L.ocs_request(DEVICE, "PROLOG"), gzip.compress), (L.ocs_request(DEVICE, "PROLOG"), bytes), ("<?xml version='1.0'?><a>", bytes),
                (L.ocs_request(DEVICE, "UPDATE"), zlib.compress), (L.ocs_request(DEVICE, "DOWNLOAD", ID="1", ERR="X"), zlib.compress)]
    unpack = {bytes: bytes, zlib.compress: zlib.decompress, gzip.compress: gzip.decompress}
    for xml, pack in requests:
        statuses = [post(url, xml, pack=pack, unpack=unpack[pack])[0] for url in (real["OCS_URL"], server.url)]
        assert statuses[0] == statuses[1], (xml, statuses)
    for agent in ("OCS-NG_unified_unix_agent_v2.9.0", "OCS-NG_unified_unix_agent_v2.10.0", "OCS-NG_WINDOWS_AGENT_v2.11.0.1", "x_v1", L.USER_AGENT):
        statuses = [prolog(url, agent=agent)[0] for url in (real["OCS_URL"], server.url)]
        assert statuses[0] == statuses[1], (agent, statuses)


def test_what_judges_ntlm():
    """The published values: RFC 1320, and MS-NLMP 4.2.4."""
    spec = importlib.util.spec_from_file_location("squid_ntlm", pathlib.Path(__file__).parent / "squid-ntlm.py")
    helper = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(helper)
    assert helper.md4(b"1234567890" * 8).hex() == "e33b4ddc9c38f2199c3e7b164fcc0536"
    assert helper.key_of("User", "Domain", "Password").hex() == "0c868a403bfd7a93a3001ef22ef02e3f"
