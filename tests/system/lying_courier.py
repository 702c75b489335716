#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A courier that somebody has taken over, in place of the real one: it offers a package of its own to whoever runs as root, and lies as
OCS_LIE says. OCS_LIE_FOLDER holds the package's archive and gets what was reported. Speaks Varlink by hand on the socket that it inherits."""
import base64
import hashlib
import json
import os
import socket
import struct
import threading

ID = "1700000001"
LIE = os.environ.get("OCS_LIE", "")
FOLDER = os.environ["OCS_LIE_FOLDER"]
TRAFFIC = {"http_status": 200, "bytes": 100, "verdict": "miss", "connect_ms": 1, "first_byte_ms": 1, "total_ms": 1, "date": 0}
MEBI = 1 << 20
PARTS = 200


class Peer:
    def __init__(self, connection):
        self.connection, self.pending = connection, b""

    def more(self):
        piece = self.connection.recv(1 << 16)
        if not piece:
            raise EOFError
        self.pending += piece

    def take(self, count):
        while len(self.pending) < count:
            self.more()
        taken, self.pending = self.pending[:count], self.pending[count:]
        return taken

    def message(self):
        while b"\0" not in self.pending:
            self.more()
        text, self.pending = self.pending.split(b"\0", 1)
        return json.loads(text)

    def raw(self, data):
        self.connection.sendall(data)

    def say(self, parameters):
        self.raw(json.dumps({"parameters": parameters}).encode() + b"\0")

    def block(self, data):
        self.raw(struct.pack(">I", len(data)) + data)

    def end(self, trailer):
        self.raw(struct.pack(">I", 0) + json.dumps(trailer).encode() + b"\0")

    def blocks(self):
        data = b""
        while True:
            (length,) = struct.unpack(">I", self.take(4))
            if length == 0:
                self.message()
                return data
            data += self.take(length)


def archive():
    with open(os.path.join(FOLDER, "archive"), "rb") as stream:
        return stream.read()


def offer(**change):
    return {"attributes": {"TYPE": "PACK", "ID": ID, "INFO_LOC": "127.0.0.1/download", "PACK_LOC": "127.0.0.1/download", "CERT_PATH": "",
                           "CERT_FILE": "", "SCHEDULE": "", "POSTCMD": "", "FORCE": "0", **change}, "text": ""}


def prolog():
    packs = [offer()]
    if LIE == "offers without end":
        packs = [offer(ID=str(n)) for n in range(2000)]
    if LIE == "path in the id":
        packs = [offer(ID="../../../../tmp/x"), offer(ID=f"{ID}/.."), offer(ID=""), offer(ID="1" * 400)]
    if LIE == "path in the place":
        packs = [offer(INFO_LOC="127.0.0.1/../../etc"), offer(ID="2", PACK_LOC="127.0.0.1/a\nb"), offer(ID="3", INFO_LOC="file:///etc")]
    conf = {"attributes": {"TYPE": "CONF", "ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"}, "text": ""}
    reply = {"response": "SEND", "prolog_freq": 24, "options": [{"name": "DOWNLOAD", "params": [conf, *packs]}], "account": []}
    return {"reply is text": "x", "reply of odd types": {"response": 5, "options": {"a": 1}, "account": "x"},
            "options of odd types": {**reply, "options": [1, None, "x", {"name": []}, {"name": "DOWNLOAD", "params": [[], {"attributes": 7}]}]},
            }.get(LIE, reply)


def exchange(peer, parameters):
    peer.say({})
    xml = peer.blocks().decode(errors="replace")
    if "PROLOG" in xml:
        if LIE == "data before the trailer":
            peer.block(b"x" * 1000)
        if LIE == "block too large":
            peer.raw(struct.pack(">I", 0xffffffff) + b"x" * 1000)
        if LIE == "trailer without end":
            peer.raw(struct.pack(">I", 0) + b'{"reply":"' + b"x" * (3 * MEBI))
        if LIE == "trailer too deep":
            peer.raw(struct.pack(">I", 0) + b"[" * 100_000 + b"\0")
        if LIE == "cut off":
            raise EOFError
        if LIE == "a failure in many words":
            peer.end({"error": "refused", "message": "x\n\x1b[2J" * 100_000, "traffic": TRAFFIC})
            return
        if LIE == "a way in many words":
            peer.end({"reply": prolog(), "traffic": {**TRAFFIC, **{name: "x" * 300_000 for name in ("via", "auth", "proxy")}}})
            return
        peer.end({"reply": prolog(), "traffic": TRAFFIC})
    elif "INVENTORY" in xml:
        peer.end({"reply": {"response": "NO_ACCOUNT_UPDATE", "options": [], "account": []}, "traffic": TRAFFIC})
    else:
        with open(os.path.join(FOLDER, "reported"), "a") as stream:
            stream.write(xml + "\n")
        peer.end({"traffic": TRAFFIC})


def describe(peer, parameters):
    mark = os.path.join(FOLDER, "mark")
    attributes = {"ID": ID, "PRI": "5", "ACT": "EXECUTE", "DIGEST": hashlib.sha256(archive()).hexdigest(), "PROTO": "HTTP", "FRAGS": "1",
                  "DIGEST_ALGO": "SHA256", "DIGEST_ENCODE": "Hexa", "COMMAND": f"touch {mark}"}
    if LIE.startswith("haul"):
        attributes["FRAGS"] = str(PARTS)
    odd = {"info of another": {**attributes, "ID": "1700000002"}, "info is a list": [attributes], "info of odd types": {**attributes, "COMMAND": 5, "ID": None},
           "info is too large": {**attributes, "COMMAND": "x" * (MEBI - 2000)}, "info of many": {**attributes, **{f"A{n}": "x" for n in range(20_000)}},
           "nul in the info": {**attributes, "COMMAND": f"touch {mark}\0"}, "fragments without end": {**attributes, "FRAGS": "1000001"}}
    if LIE == "message too large":
        peer.raw(b'{"parameters":{"attributes":{"ID":"' + b"x" * (2 * MEBI) + b'"}}}\0')
    if LIE == "no json":
        peer.raw(b"\xff\xfe{{{\0")
    if LIE == "error in many words":
        peer.raw(json.dumps({"error": "org.ocscompanion.Courier.Refused", "parameters": {"message": "y\n\x1b[2J" * 100_000}}).encode() + b"\0")
        return
    if LIE == "error of its own":
        peer.raw(b'{"error":"org.example.Odd","parameters":{"message":"\\u0007bell"}}\0')
        return
    peer.say({"attributes": odd.get(LIE, attributes), "traffic": TRAFFIC})


def part(url):
    """That of a fragment; the first ones are longer by one."""
    data, number = archive(), int(url.rsplit("-", 1)[1]) - 1
    size, long = divmod(len(data), PARTS)
    start = number * size + min(number, long)
    return data[start:start + size + (number < long)]


def haul(peer, parameters):
    """Many objects by one call. Once only does it lie: what it has not given is asked for again."""
    also, mark = parameters.get("also", []), os.path.join(FOLDER, "lied")
    urls, lies, end = [parameters["url"], *also], also and not os.path.exists(mark), {}
    with open(os.path.join(FOLDER, "hauls"), "a") as stream:
        stream.write(f"{len(urls)}\n")
    if lies:
        with open(mark, "w"):
            pass
    if lies and LIE == "haul without more":
        urls = urls[:1]
    if lies and LIE == "haul that fails":
        urls, end = urls[:2], {"error": "not-found", "message": "no cache holds it"}
    if lies and LIE == "haul with others":
        urls += urls[:1] * 5
    peer.say({"offset": 0, "size": -1 if lies else len(part(urls[0]))})
    for i, url in enumerate(urls):
        data = part(url)
        if lies and LIE == "haul in other order":
            data = part(urls[i - 1])
        if lies and LIE == "haul cut off" and i == 1:
            raise EOFError
        if lies and LIE == "haul with a long one" and i == 1:
            data += b"x" * MEBI
        for at in range(0, len(data), 1 << 17):
            peer.block(data[at:at + (1 << 17)])
        more = i + 1 < len(urls) or (lies and LIE == "haul that promises")
        peer.end({"traffic": {**TRAFFIC, "verdict": "hit", "bytes": len(data), "proxy": "127.0.0.1:9"}, **({"more": True} if more else end)})


def fetch(peer, parameters):
    if LIE.startswith("haul"):
        haul(peer, parameters)
        return
    data = archive()
    head = {"offset": 0, "size": len(data)}
    head.update({"starts elsewhere": {"offset": 10}, "starts below": {"offset": -1}, "size of no disk": {"size": (1 << 63) - 1}, "size below": {"size": -7},
                 "head of odd types": {"offset": "0", "size": None, "validator": 7}, "longer than it said": {"size": 10}}.get(LIE, {}))
    traffic = {"negative bytes": {**TRAFFIC, "bytes": -(1 << 62)}, "bytes of no disk": {**TRAFFIC, "bytes": 1 << 62},
               "traffic of odd types": {"bytes": "x", "verdict": 5}}.get(LIE, TRAFFIC)
    peer.say(head)
    if LIE == "wrong bytes":
        data = data[:-3] + b"xyz"
    if LIE == "half of it":
        data = data[:len(data) // 2]
    if LIE == "block too large in a fetch":
        peer.raw(struct.pack(">I", 0x7fffffff))
    peer.block(data)
    if LIE == "no trailer":
        raise EOFError
    peer.end({"traffic": traffic, **({"error": "no-such-nick"} if LIE == "error of no name" else {})})


def attest(peer, parameters):
    signature = {"signature of odd type": 5, "signature too large": "A" * (MEBI - 1000), "signature is none": "!!!!"}
    peer.say({"signature": signature.get(LIE, base64.b64encode(b"\x30\x80" * 500).decode()), "traffic": TRAFFIC})


def probe(peer, parameters):
    """Of what nobody has a cache that can be asked says so."""
    if not LIE.startswith("haul"):
        peer.say({"held": False, "traffic": TRAFFIC})
    elif "?" in parameters["url"]:
        peer.say({"held": False, "traffic": {**TRAFFIC, "http_status": 504, "proxy": "127.0.0.1:9"}})
    else:
        peer.say({"held": True, "traffic": {**TRAFFIC, "verdict": "hit", "proxy": "127.0.0.1:9"}})


METHODS = {"Exchange": exchange, "Describe": describe, "Fetch": fetch, "Attest": attest, "Probe": probe}


def serve(connection):
    peer = Peer(connection)
    try:
        while True:
            message = peer.message()
            METHODS[message["method"].rsplit(".", 1)[-1]](peer, message.get("parameters", {}))
    except (EOFError, OSError, KeyError, ValueError):
        pass
    finally:
        connection.close()


def main():
    listener = socket.socket(fileno=3)
    listener.setblocking(True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


main()
