# SPDX-License-Identifier: GPL-3.0-or-later
"""The questions at installation, answered beforehand: what becomes of right, odd and wrong answers, and of what people wrote."""
import pytest
from conftest import INI, STATE, mode

PASSWORD = "pass word|1"
ANSWERS = {"server": ("string", "https://ocs.test/ocsinventory"), "verify": ("boolean", "true"), "ca-bundle": ("string", "site.pem"),
           "server-user": ("string", "machine"), "server-password": ("password", PASSWORD),
           "proxy-type": ("select", "HTTP"), "proxy": ("string", "cache.test"), "proxy-port": ("string", "8080"),
           "proxy-user": ("string", "vip"), "proxy-password": ("password", PASSWORD + "2"),
           "tag": ("string", "branch 17"), "no-tag": ("boolean", "true"), "no-software": ("boolean", "true"),
           "user-domain": ("string", "CORP"), "debug": ("select", "more")}
NO_LOGIN = {"server-user": "", "server-password": "", "proxy-user": "", "proxy-password": ""}
DEFAULTS = {**NO_LOGIN, "ca-bundle": "cacert.pem", "proxy-type": "none", "tag": "", "no-tag": "false", "no-software": "false",
            "user-domain": "", "debug": "what matters"}


def preseed(tree, **changes):
    changes = {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"ocs-companion ocs-companion/{name} {kind} {changes.get(name, value)}" for name, (kind, value) in ANSWERS.items()]
    (tree.path / "root/answers").write_text("\n".join(lines) + "\n")
    tree.run("debconf-set-selections", "/root/answers")


def keys(tree):
    lines = (tree.path / INI).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def reconfigure(tree):
    return tree.run("dpkg-reconfigure", "-fnoninteractive", "ocs-companion")


def test_every_answer(tree):
    preseed(tree)
    said = tree.install("old")
    got = keys(tree)
    sealed = {name: got.pop(name) for name in ("User", "Pwd", "ProxyUser", "ProxyPwd")}
    assert got == {"Server": "https://ocs.test/ocsinventory", "CaBundle": "site.pem", "AuthRequired": "1", "ProxyType": "1",
                   "Proxy": "cache.test", "ProxyPort": "8080", "ProxyAuthRequired": "1", "TAG": "branch 17", "NoTAG": "1",
                   "NoSoftware": "1", "DEFAULT_USER_DOMAIN": "CORP", "Debug": "1"}
    assert mode(tree.path / INI) == "0o600" and mode(tree.path / STATE) == "0o700"
    assert all(sealed.values()) and PASSWORD not in said
    # The program itself opens what it has sealed, and finds nothing to change where the same is said again.
    command = f"printf '%s\\n' 'Pwd={PASSWORD}' 'ProxyPwd={PASSWORD}2' | /usr/libexec/ocs-companion/ocs-worker --configure --secret-fd=0"
    assert "changed" not in tree.run("sh", "-c", command)


def test_secrets_are_not_kept(tree):
    preseed(tree)
    tree.install("old")
    for place in ("var/cache/debconf", "var/log", "etc/ocs-companion"):
        for file in (tree.path / place).rglob("*"):
            assert not file.is_file() or PASSWORD.encode() not in file.read_bytes(), file
    assert "ocs.test" in tree.run("debconf-show", "ocs-companion")
    before = (tree.path / INI).read_text()
    reconfigure(tree)
    assert (tree.path / INI).read_text() == before, "a login stays where none is given"
    tree.run("dpkg", "--purge", "ocs-companion")
    assert "ocs.test" not in tree.run("debconf-show", "ocs-companion", check=False)


def test_answers_that_change_nothing_are_not_written(tree):
    preseed(tree, **DEFAULTS)
    tree.install("old")
    assert (tree.path / INI).read_text() == "[HTTP]\nServer=https://ocs.test/ocsinventory\n"


def test_no_check_of_certificates(tree):
    preseed(tree, **{**DEFAULTS, "verify": "false"})
    tree.install("old")
    assert keys(tree)["SSL"] == "0"


def test_what_people_wrote_comes_before_answers(tree):
    preseed(tree, **NO_LOGIN)
    tree.install("old")
    theirs = ("; of the site\r\n[HTTP]\r\n Server = http://other.test/ocs\r\nSSL=0\r\nProxyType=4\r\nPwd=a|||b==\r\n\r\n"
              "[OCS Inventory Agent]\r\nDebug=2\r\nNoTAG=0\r\n")
    (tree.path / INI).write_bytes(theirs.encode())
    for command in (["dpkg-reconfigure", "-fnoninteractive", "ocs-companion"], ["dpkg", "-i", "/root/ocs-companion.deb"]):
        tree.run(*command)
        text = (tree.path / INI).read_bytes().decode()
        assert text.startswith(theirs.partition("\r\n\r\n")[0] + "\r\n"), text
        assert "[OCS Inventory Agent]\r\nDebug=2\r\nNoTAG=0\r\n" in text and text.count("Server") == 1
        assert text.count("\n") == text.count("\r\n")


def test_a_complete_file_is_not_touched(tree):
    """By none of the ways that a package takes through its life, whatever was answered once."""
    preseed(tree, **DEFAULTS)
    tree.install("old")
    theirs = "[HTTP]\nServer=http://other.test/ocs\nCaBundle=cacert.pem\n"
    (tree.path / INI).write_text(theirs)
    for version in ("new", "old", "old"):
        tree.install(version)
        assert (tree.path / INI).read_text() == theirs
    reconfigure(tree)
    assert (tree.path / INI).read_text() == theirs


def test_drop_ins_come_before_answers(tree):
    preseed(tree, **DEFAULTS)
    tree.install("old")
    folder = tree.path / "etc/ocs-companion/ocsinventory.d"
    folder.mkdir()
    (folder / "10-fleet.ini").write_text("[HTTP]\nServer=https://fleet.test/ocsinventory\n[OCS Companion]\nTAG=fleet\n")
    before = (tree.path / INI).read_text()
    assert "left as it was" not in reconfigure(tree)
    assert (tree.path / INI).read_text() == before


def test_no_scheme_is_http(tree):
    preseed(tree, **{**DEFAULTS, "server": "ocs.test/ocsinventory"})
    tree.install("old")
    assert keys(tree)["Server"] == "ocs.test/ocsinventory"
    assert "CaBundle" in tree.run("/usr/libexec/ocs-companion/ocs-worker", "--configure", "CaBundle=x.pem")


def test_wrong_server_of_people_is_kept(tree):
    """And told of, but nobody is asked about it at each upgrade."""
    preseed(tree, **DEFAULTS)
    tree.install("old")
    theirs = "[HTTP]\nServer=ftp://ocs.test\nNoTAG=1\n"
    (tree.path / INI).write_text(theirs)
    tree.install("new")
    assert (tree.path / INI).read_text() == theirs


@pytest.mark.parametrize("server", ["not an address", "https://ocs.test/a b", "ftp://ocs.test", ""])
def test_no_server_leaves_it_unset(tree, server):
    preseed(tree, server=server)
    tree.install("old")
    assert not (tree.path / INI).exists()
    assert PASSWORD not in (tree.path / "var/cache/debconf/passwords.dat").read_text()


@pytest.mark.parametrize("changes, words", [({"proxy_port": "eighty"}, "ProxyPort: eighty"),
                                            ({"proxy": "u:p@cache.test"}, "Proxy: holds a login")])
def test_wrong_answers_are_said_and_nothing_is_written(tree, changes, words):
    preseed(tree, **changes)
    said = tree.install("old")
    assert words in said and "dpkg-reconfigure ocs-companion" in said
    assert not (tree.path / INI).exists()
    assert "install ok installed" in tree.run("dpkg-query", "-W", "-f", "${Status}", "ocs-companion")


def test_odd_answers_are_text(tree):
    odd = "$(touch /root/oops) \\1 & 'x' \"y\" /%s/"
    preseed(tree, tag=odd)
    tree.install("old")
    assert keys(tree)["TAG"] == odd and not (tree.path / "root/oops").exists()


def test_full_disk(tree):
    """Nothing is half written, what was there counts, and the package is configured all the same."""
    preseed(tree, **DEFAULTS)
    tree.install("old")
    preseed(tree, **{**DEFAULTS, "tag": "new"})
    script = ("mount -t tmpfs -o size=64k tmpfs /etc/ocs-companion; cd /etc/ocs-companion;"
              "printf '[HTTP]\\nServer=http://old.test/ocs\\n' >ocsinventory.ini;"
              "dd if=/dev/zero of=ballast bs=1k count=100 2>/dev/null;"
              "dpkg-reconfigure -fnoninteractive ocs-companion; echo status $?; cat ocsinventory.ini; ls -A")
    said = tree.run("sh", "-c", script)
    assert "No space left" in said and "left as it was" in said and "status 0" in said, said
    assert said.endswith("[HTTP]\nServer=http://old.test/ocs\nballast\nocsinventory.ini\n"), said


@pytest.mark.parametrize("language, words", [("de", "Port des Proxys"), ("fr", "Port du proxy"), ("es", "Puerto del proxy")])
def test_translated(tree, language, words):
    tree.install("old")
    templates = (tree.path / "var/lib/dpkg/info/ocs-companion.templates").read_text()
    assert f"Description-{language}.UTF-8: {words}" in templates
    assert templates.count(f"Description-{language}.UTF-8:") == templates.count("\nDescription:")
    assert templates.count(f"Choices-{language}.UTF-8:") == templates.count("\nChoices:") == 2
