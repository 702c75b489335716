# SPDX-License-Identifier: GPL-3.0-or-later
"""A system bus of the test's own with a polkit that answers as the test says and tells what it was asked.

The bus is a real dbus-daemon; the authority is a program of its own (this file), told by lines of JSON.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lab"))

import lab  # noqa: E402

NAME = "org.freedesktop.PolicyKit1"


class Polkit:
    """answers: "yes", "no", "challenge" (nobody is there to type a password) or "wait" (the dialog stands)."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "bus"
        self.address = f"unix:path={path}"
        self.daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.address}"],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lab.wait_for(path.exists, what="the test's bus")
        self.service = subprocess.Popen(["/usr/bin/python3", "-B", __file__, self.address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.service.stdout.readline() == "ready\n"

    def tell(self, command):
        self.service.stdin.write(json.dumps(command) + "\n")
        self.service.stdin.flush()
        return json.loads(self.service.stdout.readline())

    def say(self, answer):
        """What is asked from now on gets this answer; what waits gets it too."""
        self.tell(answer)

    def asked(self):
        """All questions so far: {"pid", "start", "uid", "action", "flags", "id", "cancelled"}"""
        return self.tell("tell")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.service.kill()
        self.service.wait()
        self.daemon.terminate()
        self.daemon.wait()


def serve(address):
    import dbus.bus
    import dbus.lowlevel
    import dbus.mainloop.glib
    from gi.repository import GLib

    bus = dbus.bus.BusConnection(address, mainloop=dbus.mainloop.glib.DBusGMainLoop())
    asked, waiting, state = [], [], {"answer": "no"}

    def settle(message, answer):
        reply = dbus.lowlevel.MethodReturnMessage(message)
        reply.append(dbus.Struct((answer == "yes", answer == "challenge", dbus.Dictionary({}, signature="ss")), signature="bba{ss}"))
        bus.send_message(reply)
        bus.flush()

    def on_message(_connection, message):
        if not isinstance(message, dbus.lowlevel.MethodCallMessage) or message.get_interface() != NAME + ".Authority":
            return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        arguments = message.get_args_list()
        if message.get_member() == "CheckAuthorization":
            (kind, details), action, _, flags, name = arguments
            assert kind == "unix-process"
            asked.append({"pid": int(details["pid"]), "start": int(details["start-time"]), "uid": int(details["uid"]), "action": str(action),
                          "flags": int(flags), "id": str(name), "cancelled": False})
            if state["answer"] == "wait":
                waiting.append(message)
            else:
                settle(message, state["answer"])
        else:
            for each in asked:
                each["cancelled"] |= each["id"] == str(arguments[0])
            bus.send_message(dbus.lowlevel.MethodReturnMessage(message))
        return dbus.lowlevel.HANDLER_RESULT_HANDLED

    def on_line(stream, _condition):
        line = stream.readline()
        if not line:
            loop.quit()
            return False
        command = json.loads(line)
        if command != "tell":
            state["answer"] = command
            while command != "wait" and waiting:
                settle(waiting.pop(), command)
        print(json.dumps(asked), flush=True)
        return True

    loop = GLib.MainLoop()
    bus.add_message_filter(on_message)
    bus.request_name(NAME)
    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, on_line)
    print("ready", flush=True)
    loop.run()


if __name__ == "__main__":
    os.environ.pop("DBUS_SYSTEM_BUS_ADDRESS", None)
    serve(sys.argv[1])
