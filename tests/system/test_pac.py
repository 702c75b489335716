# SPDX-License-Identifier: GPL-3.0-or-later
"""PAC files: by file, by URL, found by DNS; what they may learn and name; and those that loop, lie or are none."""
import os
import shutil
import subprocess
import sys
import time

import pytest
from couriertest import AGENT, COURIER, Courier, refused, route
from lab import free_port, seal, wait_for
from peers import Handler, Server, make_proxy
from test_routes import at, contact, set_up, way

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")


def script(answer):
    return f"function FindProxyForURL(url, host) {{ return {answer}; }}"


class Offering(Handler):
    """Serves server.script as any path."""

    def do_GET(self):
        self.note()
        self.answer(self.server.status, self.server.script.encode(), [("Content-Type", "application/x-ns-proxy-autoconfig")])


def offer(text, status=200):
    server = Server(Offering)
    server.script, server.status = text, status
    return server


@pytest.fixture(scope="module")
def bulk(tmp_path_factory):
    courier = Courier(tmp_path_factory.mktemp("pac"), "bulk")
    yield courier
    courier.stop()


def ask(bulk, **how):
    return bulk.call("FindProxy", route=route(), user_agent=AGENT, target="http://ocs.example/", **how)


def test_one_question(bulk):
    assert ask(bulk, text=script("'PROXY a:1'"))["answer"] == "PROXY a:1"
    pac = offer(script("'PROXY ' + host + ':2'"))
    assert ask(bulk, url=pac.url("/proxy.pac")) == {"answer": "PROXY ocs.example:2", "url": pac.url("/proxy.pac")}


@pytest.mark.parametrize("text, status, error, words", [
    ("while (true);", 200, "TimedOut", "come to an end"),
    (script("(function f() { while (1); })()"), 200, "TimedOut", "come to an end"),
    ("var a = 'x'; while (true) a += a;", 200, "InvalidData", "evaluated"),
    ("not a script (", 200, "InvalidData", "evaluated"),
    ("<!DOCTYPE html><html><body>Log in</body></html>", 200, "InvalidData", "no PAC file"),
    ("", 200, "InvalidData", "no PAC file"),
    ("\ud7ff" * 100000, 200, "BadReply", "larger"),
    (script("'DIRECT'"), 404, "NotFound", "ProxyPac="),
    (script("'DIRECT'"), 500, "Refused", "500"),
])
def test_bad_files(bulk, text, status, error, words):
    pac = offer(text, status)
    began = time.monotonic()
    failure = refused(ask, bulk, url=pac.url("/p"))
    if "a += a" in text:  # memory may run out before the time or after it
        assert failure.name in (error, "TimedOut"), failure.message
    else:
        assert failure.name == error and words in failure.message, failure.message
    assert time.monotonic() - began < 60
    assert "part of the package" not in failure.message


def test_many_at_once_and_nothing_left(bulk):
    """Ten scripts that loop: all end, and so do their processes."""
    links = [bulk.connect() for _ in range(10)]
    for link in links:
        link.socket.sendall(b'{"method":"org.ocscompanion.Courier.FindProxy","parameters":%s}\0' % (
            b'{"route":{"proxy":{"kind":"none"}},"user_agent":"x","target":"http://o/","text":"while(1);"}'))
    time.sleep(0.3)
    for link in links[5:]:
        link.socket.close()
    for link in links[:5]:
        link.socket.settimeout(60)
        assert b"TimedOut" in link.socket.recv(65536)

    def children():
        done = subprocess.run(["pgrep", "-P", str(bulk.process.pid)], stdout=subprocess.PIPE, text=True, check=False)
        return done.stdout.split()

    wait_for(lambda: not children(), 20, "the end of every child")
    assert ask(bulk, text=script("'DIRECT'"))["answer"] == "DIRECT"


@pytest.mark.parametrize("how", ["file", "url"])
def test_worker_goes_by_it(machine, server, tmp_path, how):
    proxy, dead = make_proxy(), free_port()
    text = script(f"'PROXY 127.0.0.1:{dead}; PROXY 127.0.0.1:{proxy.port}; DIRECT'")
    if how == "file":
        (machine.folder / "proxy.pac").write_text(text)
        set_up(machine, server, ProxyPac="proxy.pac")
    else:
        set_up(machine, server, ProxyPac=offer(text).url("/proxy.pac"))
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert proxy.log and (way(machine)["why"], way(machine)["port"]) == ("pac", proxy.port)


def test_it_sees_no_path_and_is_asked_once(machine, server):
    pac = offer(script("url.match(/ocsinventory/) ? 'PROXY 127.0.0.1:1' : 'DIRECT'"))
    set_up(machine, server, ProxyPac=pac.url("/proxy.pac"))
    for _ in range(3):
        assert contact(machine)["kind"] in ("contacted", "sent")
    assert way(machine)["why"] == "pac_direct"
    assert len(pac.log) == 1


def test_login_is_not_for_whom_anybody_names(machine, server):
    """Over http anybody on the way could name a proxy; ProxyTrusted= says which may have the login."""
    proxy = make_proxy(login=("vip", "roxor"))
    pac = offer(script(f"'PROXY 127.0.0.1:{proxy.port}'"))
    login = {"ProxyAuthRequired": 1, "ProxyUser": seal("vip"), "ProxyPwd": seal("roxor")}
    set_up(machine, server, http=login, ProxyPac=pac.url("/proxy.pac"))
    outcome = contact(machine)
    assert outcome["reason"]["code"] == "proxy-auth" and "ProxyTrusted=" in outcome["reason"]["message"]
    assert "Proxy-Authorization" not in str(proxy.log)
    set_up(machine, server, http=login, ProxyPac=pac.url("/proxy.pac"), ProxyTrusted="127.0.0.0/8")
    assert contact(machine)["kind"] in ("contacted", "sent")


def test_no_file_to_be_had(machine, server):
    """Then the proxies of the ini count, then a direct way where it is allowed, and else it is said."""
    gone, proxy = f"http://127.0.0.1:{free_port()}/proxy.pac", make_proxy()
    set_up(machine, server, ProxyPac=gone)
    outcome = contact(machine)
    assert outcome["reason"]["code"] == "proxy-unreachable" and "PAC file" in outcome["reason"]["message"]
    set_up(machine, server, at(proxy), ProxyPac=gone)
    assert contact(machine)["kind"] in ("contacted", "sent")
    status = machine.status()["proxy"]
    assert status["why"] == "configured" and "PAC file" in status["reason"]["message"]
    set_up(machine, server, ProxyPac=gone, DirectFallback=1)
    assert contact(machine)["kind"] in ("contacted", "sent") and way(machine)["why"] == "last_resort"


def test_it_says_nonsense(machine, server):
    set_up(machine, server, ProxyPac=offer(script("'CARRIER pigeon'")).url("/p"), DirectFallback=1)
    assert contact(machine)["kind"] in ("contacted", "sent")
    assert way(machine)["why"] == "last_resort" and "FindProxyForURL" in machine.status()["proxy"]["reason"]["message"]


def test_file_is_missing(machine, server):
    set_up(machine, server, ProxyPac="nowhere.pac")
    assert any("ProxyPac" in warning for warning in machine.status()["warnings"])
    assert contact(machine)["reason"]["code"] == "proxy-unreachable"


def in_a_namespace(case, tmp_path):
    """Runs this file's function of that name with a network, names and resolver of its own."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("a namespace of its own needs root and unshare")
    code = f"import sys; sys.path[:0] = {sys.path!r}; import test_pac; from pathlib import Path; test_pac.{case}(Path({str(tmp_path)!r}))"
    done = subprocess.run(["unshare", "-n", "-m", sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=120, check=False)
    assert done.returncode == 0, done.stdout


def name_things(folder, hosts, resolv):
    for name, text in (("hosts", hosts), ("resolv.conf", resolv)):
        (folder / name).write_text(text)
        subprocess.run(["mount", "--bind", folder / name, os.path.realpath(f"/etc/{name}")], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def inside_wpad(folder):
    from lab import TestServer, make_ca
    from machine import Machine

    name_things(folder, "127.0.0.1 localhost\n127.0.0.80 wpad.site.example\n", "search nowhere.example site.example\nnameserver 127.0.0.1\n")
    proxy = make_proxy(login=("vip", "roxor"))
    open_proxy = make_proxy()
    pac = Server(Offering, host="127.0.0.80", port=80)
    pac.status, pac.script = 200, script(f"'PROXY 127.0.0.1:{proxy.port}; PROXY 127.0.0.1:{open_proxy.port}'")
    with TestServer(folder / "server", ca=make_ca(folder / "tls")) as server, Machine(folder / "machine", Server=server.url) as machine:
        set_up(machine, server, http={"ProxyAuthRequired": 1, "ProxyUser": seal("vip"), "ProxyPwd": seal("roxor")}, ProxyAutoDetect=1)
        assert contact(machine)["kind"] in ("contacted", "sent"), machine.said()
        assert pac.log[0][1] == "/wpad.dat"
        assert way(machine)["why"] == "found" and way(machine)["port"] == open_proxy.port
        assert proxy.refused and "Proxy-Authorization" not in str(proxy.log), "never a login to a proxy that the network names"
        pac.status = 404
        set_up(machine, server, ProxyAutoDetect=1, ProxyBypass=".other.example")
        assert contact(machine)["kind"] in ("contacted", "sent")
        assert way(machine)["why"] == "none", "nothing found is nothing meant"


def test_found_by_dns(tmp_path):
    in_a_namespace("inside_wpad", tmp_path)


def inside_moves(folder):
    """From a site with a proxy to home and back, without a restart; nothing but addresses and routes change."""
    from lab import TestServer, make_ca
    from machine import Machine

    def ip(*words):
        subprocess.run(["ip", *words], check=True)

    name_things(folder, "127.0.0.1 localhost\n", "")
    ip("link", "add", "site", "type", "veth", "peer", "name", "there")
    ip("link", "set", "there", "up")
    ip("link", "set", "site", "up")
    ip("address", "add", "10.77.0.5/24", "dev", "site")
    proxy = make_proxy(host="10.77.0.5")
    (folder / "machine").mkdir()
    (folder / "machine/site.pac").write_text(
        "function FindProxyForURL(url, host) { return isInNet(myIpAddress(), '10.77.0.0', '255.255.255.0') ?"
        f" 'PROXY 10.77.0.5:{proxy.port}' : 'DIRECT'; }}")
    ip("route", "add", "default", "via", "10.77.0.1", "dev", "site")
    with TestServer(folder / "server", ca=make_ca(folder / "tls")) as server, Machine(folder / "machine", Server=server.url) as machine:
        set_up(machine, server, ProxyPac="site.pac")
        pid = machine.process.pid
        assert contact(machine)["kind"] in ("contacted", "sent"), machine.said()
        assert way(machine)["why"] == "pac" and proxy.log
        proxy.go()
        ip("link", "delete", "site")
        ip("link", "add", "home", "type", "veth", "peer", "name", "away")
        ip("link", "set", "away", "up")
        ip("link", "set", "home", "up")
        ip("address", "add", "192.168.9.7/24", "dev", "home")
        ip("route", "add", "default", "via", "192.168.9.1", "dev", "home")
        assert contact(machine)["kind"] in ("contacted", "sent"), machine.said()
        assert way(machine)["why"] == "pac_direct" and machine.process.pid == pid


def test_another_network(tmp_path):
    in_a_namespace("inside_moves", tmp_path)
