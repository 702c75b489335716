# SPDX-License-Identifier: GPL-3.0-or-later
"""A courier that somebody has taken over. It may keep a machine from its packages; it must not hurt the worker, write elsewhere, or make a worker
that takes signed packages only run anything."""
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from lab import make_archive, wait_for
from machine import WORKER, Machine

ID = "1700000001"
PROGRAMS = Path(WORKER).parent

# With these the package still comes to be what it was: they change nothing that counts.
HARMLESS = {"", "a way in many words", "negative bytes", "bytes of no disk", "traffic of odd types", "size below", "head of odd types", "info of many"}
IN_A_CONTACT = ("reply is text", "reply of odd types", "options of odd types", "path in the id", "path in the place", "offers without end",
                "data before the trailer", "block too large", "trailer without end", "trailer too deep", "cut off", "a failure in many words")
IN_AN_INFO = ("info of another", "info is a list", "info of odd types", "info is too large", "info of many", "nul in the info",
              "fragments without end", "message too large", "no json", "error of its own", "error in many words")
IN_A_FETCH = ("starts elsewhere", "starts below", "size of no disk", "size below", "head of odd types", "longer than it said", "negative bytes",
              "bytes of no disk", "traffic of odd types", "wrong bytes", "half of it", "block too large in a fetch", "no trailer", "error of no name")


@pytest.fixture
def liar(tmp_path, tls):
    """A machine whose couriers are ours; the folder is where they leave their traces."""
    made = []

    def make(lie, **sections):
        programs, folder = tmp_path / "programs", tmp_path / "lies"
        programs.mkdir()
        folder.mkdir()
        # The courier's user must get at both.
        for path in (folder, *folder.parents):
            if path.is_relative_to(tmp_path.parent.parent) and path.owner() == Path.home().owner():
                path.chmod(path.stat().st_mode | 0o711)
        folder.chmod(0o777)
        (folder / "archive").write_bytes(make_archive({"x": "y" * 5000}))
        for name in ("ocs-worker", "ocs-run"):
            shutil.copy2(PROGRAMS / name, programs / name)
        shutil.copy2(Path(__file__).parent / "lying_courier.py", programs / "ocs-courier")
        (programs / "ocs-courier").chmod(0o755)
        machine = Machine(tmp_path / "machine", Server="https://127.0.0.1:9/ocsinventory", CaBundle=tls / "ca.pem")
        if sections:
            machine.ini(HTTP={"Server": "https://127.0.0.1:9/ocsinventory", "CaBundle": tls / "ca.pem"}, **sections)
        machine.environment.update(OCS_LIE=lie, OCS_LIE_FOLDER=str(folder), PYTHONDONTWRITEBYTECODE="1")
        machine.arguments = lambda *more: [programs / "ocs-worker", *Machine.arguments(machine, *more)[1:]]
        made.append(machine)
        return machine, folder
    yield make
    for machine in made:
        machine.stop()


def memory(machine):
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{machine.process.pid}/status").read_text()).group(1)) // 1024


def contact(machine):
    return machine.outcome(machine.call("Contact")["serial"])


def reported(folder):
    path = folder / "reported"
    return re.findall(r'ERR="([^"]*)"', path.read_text().replace("'", '"')) if path.exists() else []


@pytest.mark.parametrize("lie", ("", "a way in many words", *IN_A_CONTACT, *IN_AN_INFO, *IN_A_FETCH), ids=lambda lie: lie or "none")
def test_a_lie_hurts_nobody(liar, lie):
    machine, folder = liar(lie)
    with machine.start():
        contact(machine)
        if lie in HARMLESS:
            machine.wait_result(ID)
            assert (folder / "mark").exists() and reported(folder)[0] == "SUCCESS"
        elif lie not in IN_A_CONTACT:
            wait_for(lambda: {"reason", "result"} & {name for name, value in (machine.package(ID) or {}).items() if value}, what="a reason")
        contact(machine)
        status = machine.status()
        assert memory(machine) < 250
        if lie != "offers without end":
            assert len(json.dumps(status)) < 20_000
        assert not re.search(r"\\u00[01]|\\n", json.dumps(status)), "what is shown is lines"
        if lie not in HARMLESS:
            assert not (folder / "mark").exists()
            assert set(reported(folder)) <= {"ERR_BAD_DIGEST"}
        for package in status["packages"]:
            assert package["from_wan"] >= 0 and package["from_cache"] >= 0 and package["bytes"] <= 1 << 50, package
        proxy = machine.call("GetProxy")["proxy"]
        assert 0 <= proxy["from_wan"] <= 1 << 50 and 0 <= proxy["from_cache"] <= 1 << 50
    written = {path.relative_to(machine.state).parts[0] for path in machine.state.rglob("*")}
    assert all(re.fullmatch(r"[\w.-]+", name) for name in written)
    assert {path.name for path in (machine.state / "packages").iterdir()} <= {ID, *map(str, range(2000))}
    assert "CRITICAL" not in machine.said() and "terminated" not in machine.said()


@pytest.mark.parametrize("lie", ["", "signature of odd type", "signature too large", "signature is none"], ids=lambda lie: lie or "asn1")
def test_it_cannot_forge_a_signature(liar, tmp_path, lie):
    """It makes up offer, info and bytes, and all of them fit: only what somebody else has signed stops that."""
    os.system(f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null -subj /CN=x "
              f"-out {tmp_path}/signers.pem 2>/dev/null")
    machine, folder = liar(lie, OCS_Companion={"RequireSignature": tmp_path / "signers.pem"})
    with machine.start():
        contact(machine)
        reason = wait_for(lambda: (machine.package(ID) or {}).get("reason"), what="a refusal")
        assert reason["code"] == "untrusted", reason
        assert memory(machine) < 250
    assert not (folder / "mark").exists() and not reported(folder)
