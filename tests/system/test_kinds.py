# SPDX-License-Identifier: GPL-3.0-or-later
"""What the attributes of offer and info mean, in all the forms that consoles write them."""
import base64
import json
import os

import pytest
from lab import TestServer, digest_of, make_archive, make_package, wait_for

ID = "1700000001"
PACING = {"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30", "EXECUTION_TIMEOUT": "120"}


@pytest.fixture
def offer(server, machine, tmp_path):
    assert machine.once() == 0, machine.said()

    def make(files=None, offered=None, **keys):
        package = make_package(tmp_path / "packages", ID, files, **keys)
        server.add_package(package, **(offered or {}))
        return package
    return make


FORMS = {
    "hex": lambda raw: ("Hexa", raw.hex()), "HEX": lambda raw: ("HEXA", raw.hex().upper()), "Hex": lambda raw: ("hexa", raw.hex().title()),
    "base64": lambda raw: ("Base64", base64.b64encode(raw).decode()), "base64 unpadded": lambda raw: ("base64", base64.b64encode(raw).decode().rstrip("=")),
    "base64 said to be hex": lambda raw: ("Hexa", base64.b64encode(raw).decode()), "hex said to be base64": lambda raw: ("Base64", raw.hex()),
    "blanks": lambda raw: ("Hexa", f" {raw.hex()} "),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_a_digest(server, machine, offer, tmp_path, form):
    """Each algorithm in one go: four packages, of which one is wrong in its last digit."""
    archive = make_archive({"x": "y"})
    for number, algorithm in enumerate(("MD5", "sha1", "Sha256", "SHA512")):
        raw = bytearray(base64.b64decode(digest_of(archive, algorithm, "Base64")))
        encode, digest = FORMS[form](bytes(raw))
        identity = str(1700000010 + number)
        server.add_package(make_package(tmp_path / "packages", identity, archive=archive, command=f"echo {identity} >> {tmp_path}/ran",
                                        DIGEST=digest, DIGEST_ALGO=algorithm, DIGEST_ENCODE=encode))
    raw[-1] ^= 1
    encode, digest = FORMS[form](bytes(raw))
    server.add_package(make_package(tmp_path / "packages", "1700000019", archive=archive, command=f"touch {tmp_path}/stolen",
                                    DIGEST=digest, DIGEST_ALGO="SHA512", DIGEST_ENCODE=encode))
    assert machine.once() == 0
    assert [server.result(str(1700000010 + number)) for number in range(4)] == ["SUCCESS"] * 4
    assert server.result("1700000019") != "SUCCESS" and not (tmp_path / "stolen").exists()


@pytest.mark.parametrize("action", ["STORE", "EXECUTE", "LAUNCH"])
def test_install_path(server, machine, offer, tmp_path, action):
    place = tmp_path / "in st all"
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca}, OCS_Companion={"InstallPath": place})
    offer({"go.sh": f"#!/bin/sh\nmkdir -p \"$1\" && echo x > \"$1/mark\"\n"}, action=action, path="INSTALL_PATH/sub",
          command="sh go.sh 'INSTALL_PATH/sub'", name="go.sh 'INSTALL_PATH/sub'")
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"
    assert (place / "sub" / ("go.sh" if action == "STORE" else "mark")).exists()


@pytest.mark.parametrize("action, subject, result", [
    ("EXECUTE", "true", "SUCCESS"), ("EXECUTE", "exit 255", "EXIT_CODE_255"), ("EXECUTE", "kill -9 $$", "EXIT_CODE_137"),
    ("EXECUTE", "no-such-program", "EXIT_CODE_127"), ("LAUNCH", "go.sh 7", "EXIT_CODE_7"), ("LAUNCH", "go.sh 0", "SUCCESS"),
    ("LAUNCH", "none.sh", "ERR_EXECUTE"), ("LAUNCH", "go.sh 'x", "ERR_BAD_PARAM"), ("STORE", "relative/path", "ERR_BAD_PARAM"),
    ("STORE", "/proc/nowhere", "ERR_EXECUTE"),
])
def test_results(server, machine, offer, action, subject, result):
    offer({"go.sh": "#!/bin/sh\nexit $1\n"}, action=action, **{{"EXECUTE": "command", "LAUNCH": "name", "STORE": "path"}[action]: subject})
    assert machine.once() == 0
    assert server.result(ID) == result
    assert (machine.state / "history").exists() == (result == "SUCCESS")


@pytest.mark.parametrize("frags", ["0", ""])
def test_command_without_an_archive(server, machine, offer, tmp_path, frags):
    offer(command=f"pwd > {tmp_path}/mark", FRAGS=frags, DIGEST="", PROTO="" if frags else "HTTP")
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"
    assert (tmp_path / "mark").read_text().strip().endswith(f"/packages/{ID}/run")
    assert not server.log(f"/download/{ID}/{ID}-*")


def test_switched_off(server, machine, offer, tmp_path):
    """ON=0: nothing begins, what was run is still told; ON=1 goes on where it stood."""
    server.config(download={**PACING, "ON": "0"})
    offer({"x": "y"}, command=f"touch {tmp_path}/mark")
    assert machine.once() == 0
    assert not (tmp_path / "mark").exists() and not server.log(f"/download/{ID}/*")
    server.config(download=PACING)
    assert machine.once() == 0
    assert server.result(ID) == "SUCCESS"


def test_time_is_up(server, machine, offer, tmp_path):
    """TIMEOUT days after the offer a package that cannot be had is given up, and only then told."""
    server.rule(f"/download/{ID}/*", status=404)
    offer({"x": "y"}, command=f"touch {tmp_path}/mark")
    assert machine.once() == 0
    assert server.result(ID) == "NOTIFIED"
    journal = machine.state / "packages" / ID / "state.json"
    state = json.loads(journal.read_text())
    state["since"] -= 31 * 86400
    journal.write_text(json.dumps(state))
    assert machine.once() == 0
    assert server.result(ID) == "ERR_TIMEOUT" and not (tmp_path / "mark").exists()


@pytest.mark.parametrize("proto", ["HTTP", "HTTPS", "http"])
def test_from_another_place(server, machine, offer, tmp_path, tls, proto):
    """A redistribution server: info lies with the server, the fragments elsewhere, on a port and in a folder of their own."""
    with TestServer(tmp_path / "near", ca=tls) as near:
        package = make_package(near.root / "depot/ocs", ID, {"x": os.urandom(5000)}, command="true", frags=3, proto=proto)
        make_package(tmp_path / "packages", ID, archive=b"".join((near.root / "depot/ocs" / ID / f"{ID}-{n}").read_bytes() for n in (1, 2, 3)),
                     command="true", frags=3, proto=proto)
        base = near.tls_base if proto == "HTTPS" else near.base
        server.add_package({**package, "dir": str(tmp_path / "packages" / ID)}, pack_loc=base.split("://")[1] + "/download/depot/ocs")
        assert machine.once() == 0
        assert server.result(ID) == "SUCCESS"
        assert len(near.log("/download/depot/*")) == 3 and not server.log(f"/download/{ID}/{ID}-*")


def test_output_is_capped(server, machine, offer):
    offer(command="echo first; head -c 5000000 /dev/zero | tr '\\0' 'x'; echo; echo last")
    assert machine.once() == 0
    output = (machine.state / "packages" / ID / "output").read_text()
    assert server.result(ID) == "SUCCESS"
    assert output.startswith("first\n") and output.endswith("last\n") and "left out" in output and len(output) < 70_000


def test_the_time_limit_ends_all_of_it(server, machine, offer, tmp_path):
    """The limit is in minutes; the order is given a shorter one in its place while the package waits for its lock."""
    offer(command=f"setsid sh -c 'echo $$ > {tmp_path}/pid; sleep 300' & trap '' TERM; sleep 300",
          offered={"schedule": "2099/01/01 08:00"})
    with machine.start():
        wait_for(lambda: (machine.package(ID) or {}).get("step") == "scheduled", what="the schedule")
    folder = machine.state / "packages" / ID
    order = {"version": 1, "id": ID, "action": "EXECUTE", "fragments": 0, "timeout": 1,
             "command": json.loads((folder / "state.json").read_text())["info"]["COMMAND"]}
    (folder / "order.json").write_text(json.dumps(order))
    state = json.loads((folder / "state.json").read_text())
    state["step"], state["schedule"] = "running", 0
    (folder / "state.json").write_text(json.dumps(state))
    with machine.start():
        wait_for(lambda: server.result(ID) == "ERR_EXECUTE_TIMEOUT", 40, "the limit")
    child = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_withdrawn_while_it_runs_is_told(server, machine, offer, tmp_path):
    package = offer(command=f"touch {tmp_path}/runs; while ! test -e {tmp_path}/go; do sleep 0.05; done")
    with machine.start():
        wait_for((tmp_path / "runs").exists, what="the run")
        server.drop_package(ID)
        before = len(server.log(query="PROLOG"))
        machine.call("Contact")
        wait_for(lambda: len(server.log(query="PROLOG")) > before, what="a contact")
        assert machine.package(ID)["step"] == "running"
        (tmp_path / "go").touch()
        wait_for(lambda: [r for device in server.devices().values() for r in device["reports"]], what="the result")
    assert package["frags"] == 0
