#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes a private CA and a server certificate for localhost and 127.0.0.1 in a folder: make-ca.sh DIR [MORE-NAME-OR-ADDRESS...]
# Result: DIR/ca.pem ca.key server.pem server.key. Keeps what is there.
set -eu
dir=${1:?make-ca.sh: name the folder}
shift
[ ! -s "$dir/server.pem" ] || exit 0
mkdir -p "$dir"
umask 077
san=DNS:localhost,IP:127.0.0.1
for name in "$@"; do
  case $name in *[!0-9.]*) san=$san,DNS:$name ;; *) san=$san,IP:$name ;; esac
done

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=OCS lab CA $$" \
  -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
  -keyout "$dir/ca.key" -out "$dir/ca.pem" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
  -keyout "$dir/server.key" -out "$dir/server.csr" 2>/dev/null
printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' "$san" >"$dir/server.ext"
openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 30 \
  -extfile "$dir/server.ext" -out "$dir/server.pem.new" 2>/dev/null
rm -f "$dir/server.csr" "$dir/server.ext" "$dir/ca.srl"
mv "$dir/server.pem.new" "$dir/server.pem"
chmod 644 "$dir/ca.pem" "$dir/server.pem"
chmod 755 "$dir"
