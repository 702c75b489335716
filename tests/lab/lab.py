# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab for pytest and the demo: the test server, the real parts, packages, ini files. Standard library and the openssl program only.

    with tempfile.TemporaryDirectory() as d, TestServer(d) as server:
        server.add_package(make_package(d + "/p", "1700000001", {"hello.sh": "echo hello"}, action="EXECUTE", command="sh hello.sh"))
        ... run a worker with server.url and server.ca ...
        server.result("1700000001")     # "SUCCESS"
        server.bytes_sent("/download/*")
"""
import base64
import fnmatch
import hashlib
import io
import json
import math
import os
import pathlib
import shlex
import socket
import subprocess
import tarfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
USER_AGENT = "OCS-NG_unified_unix_agent_v2.1.0-companion-lab"
# The constant in every Windows agent: it hides a password, it does not protect it.
INI_KEY = "76317b21082d27364338453536654927264f412f6d37215e266c3a6532334523"


def build_dir():
    """The build folder: OCS_BUILD_DIR (set by meson), or build/ beside the sources."""
    return pathlib.Path(os.environ.get("OCS_BUILD_DIR") or HERE.parent.parent / "build")


def wait_for(test, seconds=10, what="the condition"):
    """Calls test until it is true and returns its value; AssertionError after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        value = test()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(0.05)


def free_port():
    """A port of loopback at which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_ca(folder, *names):
    """A private CA and a server certificate for localhost, 127.0.0.1 and names: ca.pem ca.key server.pem server.key in folder."""
    subprocess.run([HERE / "make-ca.sh", str(folder), *names], check=True)
    return pathlib.Path(folder)


# ---- ini -----------------------------------------------------------------------------------------------------------------

def seal(text, iv=None):
    """A value as the Windows agent writes User, Pwd, ProxyUser, ProxyPwd: BASE64(IV)|||BASE64(AES-256-CBC(text + NUL)); "" for ""."""
    if not text:
        return ""
    iv = iv or os.urandom(16)
    done = subprocess.run(["openssl", "enc", "-aes-256-cbc", "-K", INI_KEY, "-iv", iv.hex()],
                          input=text.encode("cp1252") + b"\0", stdout=subprocess.PIPE, check=True)
    return base64.b64encode(iv).decode() + "|||" + base64.b64encode(done.stdout).decode()


INI_KEYS = {
    "HTTP": ("Server", "AuthRequired", "User", "Pwd", "ProxyType", "Proxy", "ProxyPort", "ProxyAuthRequired", "ProxyUser", "ProxyPwd",
             "SSL", "CaBundle"),
    "OCS Inventory Service": ("PROLOG_FREQ", "OLD_PROLOG_FREQ", "TTO_WAIT", "WRITE_INI_LATENCY", "INVENTORY_ON_STARTUP"),
    "OCS Inventory Agent": ("Debug", "Local", "NoSoftware", "HKCU", "NoTAG", "IpDisc", "ComProvider", "DEFAULT_USER_DOMAIN", "WMI_FLAG_MODE"),
}


def write_ini(path, **keys):
    """Writes an ocsinventory.ini (0600) as the Windows agent does, each key in the section where it belongs: those named above, and
    [OCS Companion] for keys of ours. Pass credentials through seal()."""
    sections = {"OCS Inventory Agent": {}, "HTTP": {}, "OCS Inventory Service": {}, "OCS Companion": {}}
    for key, value in keys.items():
        section = next((name for name, known in INI_KEYS.items() if key in known), "OCS Companion")
        sections[section][key] = value
    text = "".join(f"[{name}]\r\n" + "".join(f"{k}={v}\r\n" for k, v in values.items()) + "\r\n"
                   for name, values in sections.items() if values)
    path = pathlib.Path(path)
    path.touch(0o600)
    path.chmod(0o600)
    path.write_bytes(text.encode("latin-1"))
    return path


# ---- packages ------------------------------------------------------------------------------------------------------------

def make_archive(files, kind="tar.gz"):
    """files: {name: text or bytes}; names that end in .sh become executable. kind: tar.gz or zip."""
    out = io.BytesIO()
    if kind == "zip":
        import zipfile
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return out.getvalue()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive:
        for name, data in files.items():
            data = data.encode() if isinstance(data, str) else data
            member = tarfile.TarInfo(name)
            member.size = len(data)
            member.mode = 0o755 if name.endswith(".sh") else 0o644
            member.mtime = int(time.time())
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def digest_of(data, algorithm="MD5", encoding="Hexa"):
    raw = hashlib.new(algorithm.lower(), data).digest()
    return base64.b64encode(raw).decode() if encoding == "Base64" else raw.hex()


def make_package(folder, package_id, files=None, action="EXECUTE", command="", name="", path="", frags=1, digest="MD5", encode="Hexa",
                 proto="HTTP", priority=5, archive=None, kind="tar.gz", wrong_digest=False, mtime=None, info=None, **attributes):
    """Writes FOLDER/ID/info and FOLDER/ID/ID-1..N as the console does: nothing in info is escaped but that " becomes '.

    files: {name: data} to pack, or archive: the bytes of an archive, or neither for a package of a command alone (FRAGS=0).
    attributes: further or other attributes of info (NOTIFY_USER="1", …). info: replaces the whole text. mtime: of the files,
    e.g. time.time() - 172800, for which Squid's heuristic then holds them fresh. Returns a dict for add_package()."""
    package_id = str(package_id)
    target = pathlib.Path(folder) / package_id
    target.mkdir(parents=True, exist_ok=True)
    data = archive if archive is not None else make_archive(files, kind) if files else b""
    frags = frags if data else 0
    step = math.ceil(len(data) / frags) if frags else 0
    for i in range(frags):
        (target / f"{package_id}-{i + 1}").write_bytes(data[i * step:(i + 1) * step])
    digest_text = digest_of(data + b"!" if wrong_digest else data, digest, encode) if data else ""
    values = {"ID": package_id, "PRI": priority, "ACT": action, "DIGEST": digest_text, "PROTO": proto, "FRAGS": frags,
              "DIGEST_ALGO": digest, "DIGEST_ENCODE": encode, "PATH": path, "NAME": name, "COMMAND": command,
              "NOTIFY_USER": "0", "NOTIFY_TEXT": "", "NOTIFY_COUNTDOWN": "", "NOTIFY_CAN_ABORT": "0", "NOTIFY_CAN_DELAY": "0",
              "NEED_DONE_ACTION": "0", "NEED_DONE_ACTION_TEXT": "", "GARDEFOU": "rien", **attributes}
    text = info or '<?xml version="1.0" encoding="UTF-8"?>\n<DOWNLOAD ' + " ".join(
        "{}=\"{}\"".format(k, str(v).replace('"', "'")) for k, v in values.items()) + " />\n"
    (target / "info").write_text(text)
    for file in target.iterdir():
        file.chmod(0o644)
        if mtime:
            os.utime(file, (mtime, mtime))
    target.chmod(0o755)
    return {"id": package_id, "dir": str(target), "frags": frags, "size": len(data)}


# ---- the test server -----------------------------------------------------------------------------------------------------

class TestServer:
    """Our own server (ocs-test-server). folder: for its CA, log and, in download/, files of no package. As a context manager, or start/stop."""

    __test__ = False

    def __init__(self, folder, program=None, ca=None, port=0, tls_port=0):
        self.folder = pathlib.Path(folder).resolve()
        self.program = pathlib.Path(program or build_dir() / "tests/lab/ocs-test-server")
        self.tls = make_ca(ca or self.folder / "tls")
        self.ca = self.tls / "ca.pem"
        self.root = self.folder / "download"
        self.root.mkdir(parents=True, exist_ok=True)
        self.port, self.tls_port, self.process = port, tls_port, None

    def start(self):
        self.errors = open(self.folder / "ocs-test-server.log", "ab")
        self.process = subprocess.Popen(
            [self.program, f"--port={self.port}", f"--tls-port={self.tls_port}", f"--cert={self.tls}/server.pem", f"--key={self.tls}/server.key",
             f"--root={self.root}"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors)
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            raise RuntimeError("ocs-test-server ended at once")
        ports = json.loads(line)
        self.port, self.tls_port = ports["port"], ports["tls_port"]
        self.base, self.tls_base = f"http://127.0.0.1:{self.port}", f"https://127.0.0.1:{self.tls_port}"
        self.url, self.tls_url = self.base + "/ocsinventory", self.tls_base + "/ocsinventory"
        return self

    def stop(self):
        """Ends it; a later start() has the same ports and no memory."""
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()
            self.errors.close()
            code, self.process = self.process.returncode, None
            if code != 0:
                raise RuntimeError(f"ocs-test-server ended with {code}: " + (self.folder / "ocs-test-server.log").read_text()[-4000:])

    __enter__ = start

    def __exit__(self, *exc):
        self.stop()

    def control(self, path, body=None):
        request = urllib.request.Request(self.base + "/_lab/" + path, None if body is None else json.dumps(body).encode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.code} {error.read().decode()}") from None

    def config(self, **members):
        self.control("config", members)

    def rule(self, pattern, **members):
        """Misbehave for paths of this pattern (glob): see lab-rule.h for the members."""
        self.control("rule", {"pattern": pattern, **members})

    def clear_rules(self):
        self.control("rules/clear", {})

    def clear_log(self):
        self.control("log/clear", {})

    def reset(self):
        self.control("reset", {})

    def add_package(self, package, **members):
        """Offers a package of make_package(); members: force, schedule, postcmd, devices, info_loc, pack_loc, cert_path, cert_file."""
        self.control("package", {"id": package["id"], "dir": package["dir"], **members})

    def drop_package(self, package_id):
        self.control("drop", {"id": str(package_id)})

    def redeploy(self, package_id, force=False, device=None):
        self.control("redeploy", {"id": str(package_id), "force": force, **({"device": device} if device else {})})

    def log(self, pattern="*", **wanted):
        """The requests seen for paths of this pattern, oldest first; wanted: members to match, e.g. method="POST", query="PROLOG"."""
        return [entry for entry in self.control("log")["log"]
                if fnmatch.fnmatchcase(entry["path"], pattern) and all(entry.get(k) == v for k, v in wanted.items())]

    def state(self):
        return self.control("state")

    def devices(self):
        return self.state()["devices"]

    def device(self):
        """The only device."""
        devices = self.devices()
        assert len(devices) == 1, f"{len(devices)} devices are known to the server"
        return next(iter(devices.values()))

    def result(self, package_id, device=None):
        """TVALUE of a package: None before it was offered, "NOTIFIED", or what the device reported."""
        row = self.devices().get(device, {}) if device else self.device()
        return row.get("results", {}).get(str(package_id))

    def bytes_sent(self, pattern="/download/*"):
        """Bytes of bodies that left this server: with a proxy between, what crossed the line."""
        return sum(entry["sent"] for entry in self.log(pattern))


# ---- the real parts ------------------------------------------------------------------------------------------------------

def squid_totals(log):
    """Of a Squid access log: {"hits", "misses", "tunnels", "denied", "hit_bytes", "miss_bytes", "codes": {code: n}}; a revalidated copy is a hit."""
    totals = {"hits": 0, "misses": 0, "tunnels": 0, "denied": 0, "hit_bytes": 0, "miss_bytes": 0, "codes": {}}
    for line in pathlib.Path(log).read_text(errors="replace").splitlines():
        fields = line.split()
        if len(fields) < 7 or fields[6].startswith("error:"):
            continue
        code, size = fields[3].split("/")[0], int(fields[4])
        totals["codes"][code] = totals["codes"].get(code, 0) + 1
        if "TUNNEL" in code:
            totals["tunnels"] += 1
        elif "DENIED" in code:
            totals["denied"] += 1
        elif "HIT" in code or "UNMODIFIED" in code:
            totals["hits"] += 1
            totals["hit_bytes"] += size
        else:
            totals["misses"] += 1
            totals["miss_bytes"] += size
    return totals


class Lab:
    """The real parts by lab.sh: Lab(folder, "--squid=plain"), without parts all of them. Needs root. lab["SQUID_PORT"] and so on: LAB/env."""

    def __init__(self, folder=None, *parts, squid_extra="", origin=""):
        self.folder, self.parts, self.squid_extra, self.origin, self.env = folder, parts, squid_extra, origin, {}

    def start(self):
        done = subprocess.run([HERE / "lab.sh", "start", *self.parts, *([str(self.folder)] if self.folder else [])], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, 
                              env={**os.environ, "SQUID_EXTRA": self.squid_extra, "CACHE_ORIGIN": self.origin})
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip() or "lab.sh failed")
        self.folder = pathlib.Path(done.stdout.strip().splitlines()[-1])
        for line in (self.folder / "env").read_text().splitlines():
            key, _, value = line.partition("=")
            self.env[key] = "".join(shlex.split(value))
        return self

    def stop(self):
        if self.folder:
            subprocess.run([HERE / "lab.sh", "stop", str(self.folder)], check=True)

    __enter__ = start

    def __exit__(self, *exc):
        self.stop()

    def __getitem__(self, key):
        return self.env[key]

    @property
    def ca(self):
        return pathlib.Path(self["CA_PEM"])

    def squid(self, kind="plain"):
        """(URL, access log) of a Squid."""
        prefix = "SQUID_" if kind == "plain" else f"SQUID_{kind.upper()}_"
        return f"http://127.0.0.1:{self[prefix + 'PORT']}", pathlib.Path(self[prefix + "LOG"])

    def sql(self, statement):
        """Rows as lists of texts."""
        out = subprocess.run([HERE / "lab-sql", str(self.folder), statement], check=True, stdout=subprocess.PIPE, text=True).stdout
        return [line.split("\t") for line in out.splitlines()]

    def package_dir(self):
        """Where make_package() must write for the real server."""
        return pathlib.Path(self["OCS_DOWNLOAD_DIR"])

    def enable_package(self, package, device_id, force=False, schedule="", postcmd="", info_loc=None, pack_loc=None):
        """Affects a package to a device that has sent its inventory, as the console does."""
        pid, host = package["id"], "127.0.0.1"
        info_loc = info_loc or f"{host}:{self['OCS_TLS_PORT']}/download"
        pack_loc = pack_loc or f"{host}:{self['OCS_PORT']}/download"
        extra = "".join(
            f"INSERT INTO devices(HARDWARE_ID,NAME,IVALUE,TVALUE) SELECT h.ID,'{name}',e.ID,'{value}' FROM hardware h, download_enable e "
            f"WHERE h.DEVICEID='{device_id}' AND e.FILEID='{pid}';"
            for name, value in (("DOWNLOAD_FORCE", "1" if force else ""), ("DOWNLOAD_SCHEDULE", schedule), ("DOWNLOAD_POSTCMD", postcmd)) if value)
        self.sql(
            f"INSERT IGNORE INTO download_available(FILEID,NAME,PRIORITY,FRAGMENTS,SIZE,OSNAME,COMMENT) "
            f"VALUES('{pid}','package {pid}',5,{package['frags']},{package['size']},'LINUX','');"
            f"INSERT INTO download_enable(FILEID,INFO_LOC,PACK_LOC,CERT_PATH,CERT_FILE) SELECT '{pid}','{info_loc}','{pack_loc}','INSTALL_PATH',"
            f"'INSTALL_PATH/cacert.pem' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM download_enable WHERE FILEID='{pid}');"
            f"INSERT INTO devices(HARDWARE_ID,NAME,IVALUE,TVALUE) SELECT h.ID,'DOWNLOAD',e.ID,NULL FROM hardware h, download_enable e "
            f"WHERE h.DEVICEID='{device_id}' AND e.FILEID='{pid}';" + extra)

    def result(self, package_id, device_id=None):
        """devices.TVALUE: None while it is NULL or there is no row."""
        where = f" AND h.DEVICEID='{device_id}'" if device_id else ""
        rows = self.sql("SELECT d.TVALUE FROM devices d JOIN hardware h ON h.ID=d.HARDWARE_ID JOIN download_enable e ON e.ID=d.IVALUE "
                        f"WHERE d.NAME='DOWNLOAD' AND e.FILEID='{package_id}'{where}")
        return rows[0][0] if rows and rows[0][0] != "NULL" else None

    def device_ids(self):
        return [row[0] for row in self.sql("SELECT DEVICEID FROM hardware WHERE DEVICEID NOT LIKE '\\_%' ORDER BY ID")]

    def set_config(self, name, ivalue):
        self.sql(f"UPDATE config SET IVALUE={int(ivalue)} WHERE NAME='{name}'")

    def access_log(self, pattern="*"):
        """What Apache saw: {"method", "path", "status", "bytes" (on the wire, with headers), "user_agent", "range"}."""
        entries = []
        for line in pathlib.Path(self["OCS_ACCESS_LOG"]).read_text(errors="replace").splitlines():
            _, _, method, path, status, size, _, agent, wanted = line.split("\t")
            if fnmatch.fnmatchcase(path.partition("?")[0], pattern):
                entries.append({"method": method, "path": path, "status": int(status), "bytes": int(size), "user_agent": agent, "range": wanted})
        return entries

    def bytes_sent(self, pattern="/download/*"):
        """Bytes that left the origin: with a proxy between, what crossed the line."""
        return sum(entry["bytes"] for entry in self.access_log(pattern))


# ---- a plain client ------------------------------------------------------------------------------------------------------

def ocs_request(device_id, query, content="", **attributes):
    """The XML of a request."""
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<REQUEST' + "".join(f' {k}="{v}"' for k, v in attributes.items()) +
            f"><DEVICEID>{device_id}</DEVICEID><QUERY>{query}</QUERY>{content}</REQUEST>\n")


def curl(url, *options):
    """Runs curl without the environment's proxies: (status, body, headers as a dict of lower case names)."""
    env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    done = subprocess.run(["curl", "-s", "-i", "--suppress-connect-headers", "--max-time", "30", "-H", "Expect:", *options, url], env=env,
                          stdout=subprocess.PIPE)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    # An answered challenge leaves the 407 or 401 before the reply that counts.
    while body.startswith(b"HTTP/"):
        head, _, body = body.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
    status = int(lines[0].split()[1]) if lines[0].startswith("HTTP/") else 0
    return status, body, headers
