# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether ocs-tray shows itself in a session, before it has opened a display: there is none here, so one that is let in fails for want of it."""
import grp
import os
import subprocess
import time

import pytest

from fake_worker import FakeWorker

TRAY = os.environ["OCS_TRAY"]


class Policy(FakeWorker):
    show = "seat"

    def reply(self, method, parameters):
        if method == "GetPolicy":
            return {"parameters": {"show": self.show, "quit": True, "show_inventory": True}}
        return super().reply(method, parameters)


@pytest.fixture
def worker(tmp_path):
    fake = Policy(tmp_path / "worker.sock").start()
    yield fake
    fake.stop()


@pytest.fixture
def logind(tmp_path):
    """logind's folder with three sessions of this user: at the seat, by xrdp, and remote X."""
    for name, text in {"seat": "SEAT=seat0\nREMOTE=0\n", "xrdp": "REMOTE=0\n", "remote": "REMOTE=1\n"}.items():
        (tmp_path / "logind/sessions").mkdir(parents=True, exist_ok=True)
        (tmp_path / "logind/sessions" / name).write_text(f"UID={os.getuid()}\n{text}")
    (tmp_path / "logind/users").mkdir()
    (tmp_path / "logind/users" / str(os.getuid())).write_text("SESSIONS=xrdp remote\nSEATS=\n")
    return tmp_path / "logind"


def is_let_in(socket, logind, session, *arguments):
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_ID")}
    environment.update(OCS_LOGIND_DIR=str(logind), LC_ALL="C.UTF-8", LANGUAGE="", **({"XDG_SESSION_ID": session} if session else {}))
    done = subprocess.run([TRAY, f"--socket={socket}", *arguments], env=environment, capture_output=True, text=True, timeout=30)
    if done.returncode == 0:
        assert "does not show the tray" in done.stdout, done
        return False
    assert "display" in done.stderr.lower(), done
    return True


@pytest.mark.parametrize("show, session, background, shows", [
    ("seat", "seat", True, True), ("seat", "xrdp", True, False), ("seat", "remote", True, False), ("seat", None, True, False),
    ("seat", "xrdp", False, True), ("all", "remote", True, True), ("none", "seat", True, False), ("none", "seat", False, False),
    ("group:" + grp.getgrgid(os.getgid()).gr_name, "remote", True, True), ("group:nobody-is-here", "seat", True, False),
])
def test_policy(worker, logind, show, session, background, shows):
    worker.show = show
    assert is_let_in(worker.path, logind, session, *(["--background"] if background else [])) == shows


def test_without_logind(worker, tmp_path):
    assert is_let_in(worker.path, tmp_path / "nowhere", None, "--background")


def test_worker_that_is_absent_or_silent(worker, logind, tmp_path):
    """Its default holds, and nobody waits long at a login."""
    assert not is_let_in(tmp_path / "none.sock", logind, "xrdp", "--background")
    assert is_let_in(tmp_path / "none.sock", logind, "seat", "--background")
    worker.silent.add("GetPolicy")
    start = time.monotonic()
    assert is_let_in(worker.path, logind, "seat", "--background")
    assert time.monotonic() - start < 15
