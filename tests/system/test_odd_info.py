# SPDX-License-Identifier: GPL-3.0-or-later
"""An info that says odd things: nothing of it is run, nothing final is told (it may be mended), and what it lacks is said; mended, it runs."""
import json

from lab import make_package

FIRST = 1700000100
ODD = {
    "missing": lambda info: info.replace('ACT="EXECUTE" ', ""), "empty": lambda info: info.replace('ACT="EXECUTE"', 'ACT=""'),
    "negative": lambda info: info.replace('FRAGS="1"', 'FRAGS="-1"'), "huge": lambda info: info.replace('FRAGS="1"', 'FRAGS="99999999999999999999"'),
    "priority": lambda info: info.replace('PRI="5"', 'PRI="-3"'), "protocol": lambda info: info.replace('PROTO="HTTP"', 'PROTO="FTP"'),
    "duplicate": lambda info: info.replace("<DOWNLOAD ", '<DOWNLOAD ID="1" '), "other id": lambda info: info.replace('ID="17', 'ID="27', 1),
    "short digest": lambda info: info.replace('DIGEST="', 'DIGEST="x', 1), "algorithm": lambda info: info.replace('"MD5"', '"MD4"'),
    "no command": lambda info: info.replace('COMMAND="', 'COMMAND="" WAS="', 1), "cut": lambda info: info[:-20],
    "entity": lambda info: '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + info, "page": lambda info: "<html>" + info + "</html>",
    "nothing": lambda info: "", "no text": lambda info: info + "\0", "huge file": lambda info: info.replace('GARDEFOU="', 'GARDEFOU="' + "x" * 400_000),
}


def test_odd_info(server, machine, tmp_path):
    assert machine.once() == 0, machine.said()
    server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
    texts = {}
    for number, (what, spoil) in enumerate(ODD.items(), FIRST):
        package = make_package(tmp_path / "packages", number, {"x": what}, command=f"touch {tmp_path}/ran-{number}")
        info = tmp_path / "packages" / str(number) / "info"
        texts[number] = info.read_text()
        assert spoil(texts[number]) != texts[number], what
        info.write_text(spoil(texts[number]))
        server.add_package(package)
    assert machine.once(120) == 0, machine.said()
    assert {server.result(str(number)) for number in texts} == {"NOTIFIED"}
    assert not list(tmp_path.glob("ran-*"))
    for number, text in texts.items():
        path = machine.state / "packages" / str(number) / "state.json"
        journal = json.loads(path.read_text())
        assert journal["step"] == "offered" and journal["reason_message"] and journal["retry_at"], number
        path.write_text(json.dumps({**journal, "retry_at": 0}))
        (tmp_path / "packages" / str(number) / "info").write_text(text)
    assert machine.once(120) == 0, machine.said()
    assert {server.result(str(number)) for number in texts} == {"SUCCESS"}
    assert len(list(tmp_path.glob("ran-*"))) == len(texts)
