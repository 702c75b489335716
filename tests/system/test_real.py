# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole line against the real parts: Debian's OCS server behind Apache and MariaDB, Squid without, with Basic and with Digest login, a
SOCKS proxy. What the console would show is read from the database, what crossed the line from Apache's log."""
import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest
from lab import Lab, curl, make_package, seal, squid_totals, wait_for
from machine import Machine, root_is_mounted

# Files of two days ago: a cache takes them as fresh by its usual heuristic.
OLD = time.time() - 172800


@pytest.fixture(scope="module")
def lab():
    if os.geteuid() != 0:
        pytest.skip("the real parts need root")
    if not Path("/etc/apache2/conf-available/ocsinventory-server.conf").exists() or not shutil.which("squid"):
        pytest.skip("ocsinventory-server or squid is not installed: run tests/install.sh lab")
    folder = Path(tempfile.mkdtemp(prefix="ocs-real.", dir="/tmp"))
    folder.chmod(0o755)
    running = Lab(folder)
    try:
        with running:
            for name in ("DOWNLOAD_FRAG_LATENCY", "DOWNLOAD_CYCLE_LATENCY"):
                running.set_config(name, 0)
            running.set_config("DOWNLOAD", 1)
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_machine(lab, tmp_path):
    """Makes machines whose ini differs by the given keys. Their names come from the clock, so each waits for its own second."""
    made = []

    def make(**keys):
        machine = Machine(tmp_path / f"machine-{len(made)}", **{"Server": lab["OCS_URL"], "CaBundle": lab.ca, **keys})
        made.append(machine)
        time.sleep(1.1)
        return machine
    yield make
    for machine in made:
        machine.stop()


def through(lab, kind, **more):
    """ini keys for a proxy of the lab."""
    port = lab["SQUID_PORT" if kind == "plain" else f"SQUID_{kind.upper()}_PORT"]
    return {"ProxyType": 1, "Proxy": "127.0.0.1", "ProxyPort": port, **more}


def login(lab):
    return {"ProxyAuthRequired": 1, "ProxyUser": seal(lab["PROXY_USER"]), "ProxyPwd": seal(lab["PROXY_PASSWORD"])}


def rows(lab, table, deviceid, columns="COUNT(*)"):
    return lab.sql(f"SELECT {columns} FROM {table} t JOIN hardware h ON h.ID=t.HARDWARE_ID WHERE h.DEVICEID='{deviceid}'")


def deploy(lab, machine, number, files, frags=10, **keys):
    package = make_package(lab.package_dir(), number, files, frags=frags, mtime=OLD, **keys)
    lab.enable_package(package, machine.identity())
    return package


def test_inventory_is_stored(lab, new_machine):
    machine = new_machine()
    assert machine.once() == 0, machine.said()
    name = machine.identity()
    assert lab.sql(f"SELECT USERAGENT FROM hardware WHERE DEVICEID='{name}'")[0][0].startswith("OCS-NG_unified_unix_agent_v2.1.0-companion-")
    installed = sum(1 for line in Path("/var/lib/dpkg/status").read_text(errors="replace").splitlines() if line == "Status: install ok installed")
    assert int(rows(lab, "software", name)[0][0]) == installed
    for table in ("bios", "cpus", "networks", "storages", *(["drives"] if root_is_mounted() else [])):
        assert int(rows(lab, table, name)[0][0]) >= 1, table
    memory = lab.sql(f"SELECT MEMORY, OSNAME, UUID, ARCH FROM hardware WHERE DEVICEID='{name}'")[0]
    assert int(memory[0]) > 100 and "Debian" in memory[1]


def test_second_contact_and_account(lab, new_machine):
    machine = new_machine()
    assert machine.once() == 0
    name = machine.identity()
    lab.sql(f"UPDATE accountinfo a JOIN hardware h ON h.ID=a.HARDWARE_ID SET a.TAG='lyon' WHERE h.DEVICEID='{name}'")
    lab.set_config("FREQUENCY", 0)
    try:
        assert machine.once() == 0
        assert '"lyon"' in (machine.state / "account.json").read_text()
        assert machine.once() == 0
    finally:
        lab.set_config("FREQUENCY", 1)
    assert lab.sql(f"SELECT COUNT(*) FROM hardware WHERE DEVICEID='{name}'") == [["1"]]
    assert rows(lab, "accountinfo", name, "TAG") == [["lyon"]]


def test_administrator_switched_it_off(lab, new_machine):
    machine = new_machine()
    assert machine.once() == 0
    lab.set_config("FREQUENCY", -1)
    try:
        with machine.start():
            serial = machine.call("Contact")["serial"]
            assert machine.outcome(serial)["kind"] == "switched_off"
    finally:
        lab.set_config("FREQUENCY", 1)


def test_stop_is_overruled_by_a_person(lab, new_machine):
    machine = new_machine()
    assert machine.once() == 0
    schedule = machine.state / "schedule.json"
    # As if the inventory had been sent an hour ago.
    text = schedule.read_text()
    sent = text.split('"last_inventory":')[1].split(",")[0]
    schedule.write_text(text.replace(f'"last_inventory":{sent}', f'"last_inventory":{int(sent) - 3600}').replace(
        '"inventory_on_startup":true', '"inventory_on_startup":false'))
    before = len([entry for entry in lab.access_log("/ocsinventory") if entry["status"] == 200])
    with machine.start():
        how, outcome = machine.send_inventory()
        assert outcome["kind"] == "sent" and how in ("started", "joined")
    assert len([entry for entry in lab.access_log("/ocsinventory") if entry["status"] == 200]) >= before + 2


WAYS = {
    "direct": lambda lab: {},
    "https": lambda lab: {"Server": lab["OCS_TLS_URL"]},
    "squid": lambda lab: through(lab, "plain"),
    "squid-https": lambda lab: through(lab, "plain", Server=lab["OCS_TLS_URL"]),
    "basic": lambda lab: through(lab, "basic", **login(lab)),
    "basic-https": lambda lab: through(lab, "basic", Server=lab["OCS_TLS_URL"], **login(lab)),
    "digest": lambda lab: through(lab, "digest", **login(lab)),
    "digest-https": lambda lab: through(lab, "digest", Server=lab["OCS_TLS_URL"], **login(lab)),
    "socks5": lambda lab: {"ProxyType": 3, "Proxy": "127.0.0.1", "ProxyPort": lab["SOCKS_PORT"]},
}


@pytest.mark.parametrize("way", WAYS)
def test_inventory_and_package_by_every_way(lab, new_machine, tmp_path, way):
    machine = new_machine(**WAYS[way](lab))
    assert machine.once() == 0, machine.said()
    number = 1700001000 + list(WAYS).index(way)
    deploy(lab, machine, number, {"go.sh": f"echo {way} > {tmp_path}/mark\n", "data": os.urandom(100_000)}, command="sh go.sh")
    assert machine.once() == 0, machine.said()
    assert lab.result(number, machine.identity()) == "SUCCESS"
    assert (tmp_path / "mark").read_text().strip() == way


@pytest.mark.parametrize("kind", ["basic", "digest"])
def test_wrong_login(lab, new_machine, kind):
    machine = new_machine(**through(lab, kind, ProxyAuthRequired=1, ProxyUser=seal("vip"), ProxyPwd=seal("wrong-canary")))
    with machine.start():
        status = machine.wait_state("problem")
        assert status["reason"]["code"] == "proxy-auth" and "ProxyPwd" in status["reason"]["message"]
        assert status["proxy"]["reason"]["code"] == "proxy-auth"
        assert "wrong-canary" not in machine.said()


def test_login_is_missing(lab, new_machine):
    machine = new_machine(**through(lab, "basic"))
    with machine.start():
        assert machine.wait_state("problem")["reason"]["code"] == "proxy-auth"


@pytest.mark.parametrize("action, keys, result", [
    ("EXECUTE", {"command": "test -e data"}, "SUCCESS"),
    ("EXECUTE", {"command": "exit 3"}, "EXIT_CODE_3"),
    ("LAUNCH", {"name": "go.sh one"}, "SUCCESS"),
    ("STORE", {"path": "{tmp}/stored"}, "SUCCESS"),
])
def test_actions(lab, new_machine, tmp_path, action, keys, result):
    machine = new_machine()
    assert machine.once() == 0
    number = 1700002000 + int(time.time()) % 1000
    deploy(lab, machine, number, {"go.sh": "#!/bin/sh\ntest \"$1\" = one\n", "data": "x" * 5000}, action=action,
           **{key: value.format(tmp=tmp_path) for key, value in keys.items()})
    assert machine.once() == 0, machine.said()
    assert lab.result(number, machine.identity()) == result
    lab.set_config("FREQUENCY", 0)
    try:
        assert machine.once() == 0
    finally:
        lab.set_config("FREQUENCY", 1)
    known = rows(lab, "download_history", machine.identity(), "PKG_ID")
    assert ([str(number)] in known) == (result == "SUCCESS")


def test_second_machine_takes_it_from_the_cache(lab, new_machine, tmp_path):
    first, second = new_machine(**through(lab, "plain")), None
    assert first.once() == 0
    second = new_machine(**through(lab, "plain"))
    assert second.once() == 0
    number = 1700003001
    package = make_package(lab.package_dir(), number, {"data": os.urandom(8_000_000)}, frags=10, mtime=OLD, command="true")
    for machine in (first, second):
        lab.enable_package(package, machine.identity())
    assert first.once() == 0
    crossed = lab.bytes_sent(f"/download/{number}/{number}-*")
    assert package["size"] <= crossed < package["size"] * 1.01
    assert second.once() == 0
    assert lab.bytes_sent(f"/download/{number}/{number}-*") == crossed, "not one byte more over the line"
    _, log = lab.squid()
    assert squid_totals(log)["hits"] >= 10
    assert lab.result(number, first.identity()) == lab.result(number, second.identity()) == "SUCCESS"
    with second.start():
        proxy = second.call("GetProxy")["proxy"]
        assert proxy["from_cache"] >= package["size"] and proxy["from_wan"] == 0, f"{proxy}\n{second.said()}\n{log.read_text()}"
        assert second.package(number)["from_cache"] >= package["size"]


def test_wrong_bytes_in_the_cache_are_healed(lab, new_machine):
    number = 1700003002
    machines = []
    for _ in range(2):
        machines.append(new_machine(**through(lab, "plain")))
        assert machines[-1].once() == 0
    package = make_package(lab.package_dir(), number, {"data": os.urandom(400_000)}, frags=10, mtime=OLD, command="true")
    victim = Path(package["dir"]) / f"{number}-2"
    good = victim.read_bytes()
    victim.write_bytes(good[:1000] + b"POISONED" + good[1008:])
    os.utime(victim, (OLD, OLD))
    url = f"http://127.0.0.1:{lab['OCS_PORT']}/download/{number}/{number}-2"
    proxy, _ = lab.squid()
    assert b"POISONED" in curl(url, "-x", proxy)[1]
    victim.write_bytes(good)
    os.utime(victim, (OLD, OLD))
    assert b"POISONED" in curl(url, "-x", proxy)[1], "the cache holds on to the wrong bytes: same size, same date"
    for machine in machines:
        lab.enable_package(package, machine.identity())
    assert machines[0].once() == 0, machines[0].said()
    assert lab.result(number, machines[0].identity()) == "SUCCESS"
    assert curl(url, "-x", proxy)[1] == good, "the cache is healed for everybody"
    crossed = lab.bytes_sent(f"/download/{number}/{number}-*")
    assert machines[1].once() == 0
    assert lab.result(number, machines[1].identity()) == "SUCCESS"
    assert lab.bytes_sent(f"/download/{number}/{number}-*") == crossed


def test_a_site_takes_it_once(lab, new_machine):
    """Five machines that start in the same second on a cold cache: the line carries the package about once."""
    machines = [new_machine(**through(lab, "plain")) for _ in range(5)]
    for machine in machines:
        assert machine.once() == 0
    number = 1700003004
    package = make_package(lab.package_dir(), number, {"data": os.urandom(4_000_000)}, frags=10, mtime=OLD, command="true")
    for machine in machines:
        lab.enable_package(package, machine.identity())
        machine.begin_once()
    for machine in machines:
        assert machine.end_once() == 0, machine.said()
        assert lab.result(number, machine.identity()) == "SUCCESS"
    crossed = lab.bytes_sent(f"/download/{number}/{number}-*")
    print(f"bytes over the line: {crossed / package['size']:.2f} x the package")
    # Chance decides who begins together; all five at once in one order would be 5.
    assert crossed < 2 * package["size"]


def test_proxy_line_and_progress_while_it_comes(lab, new_machine):
    machine = new_machine(**through(lab, "plain"))
    assert machine.once() == 0
    number = 1700003003
    package = deploy(lab, machine, number, {"data": os.urandom(60_000_000)}, frags=12, command="sleep 0.2")
    with machine.start():
        seen = []

        def look():
            status = machine.status()
            if status.get("job") and status["job"]["kind"] == "downloading" and status["job"]["total"] > 0:
                seen.append(status["job"]["done"])
            package_now = next((p for p in status["packages"] if p["id"] == str(number)), None)
            return package_now and package_now["step"] == "gone"
        machine.call("Contact")
        wait_for(look, 60, "the end of the package")
        assert seen == sorted(seen) and len(seen) >= 2 and seen[-1] <= package["size"]
