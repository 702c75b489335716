# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by lab.sh: a Kerberos realm of its own on the loopback, with a keytab for the proxy and one for a machine.

kdc_realm=LAB.EXAMPLE
kdc_machine='PC1$'

# Names are taken as they are: the loopback has no DNS that could make them canonical.
kdc_conf() {
  cat >"$kdc/krb5.conf" <<C
[libdefaults]
  default_realm = $kdc_realm
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  $kdc_realm = {
    kdc = 127.0.0.1:$kdc_port
  }
[domain_realm]
  localhost = $kdc_realm
C
  cat >"$kdc/kdc.conf" <<C
[kdcdefaults]
  kdc_listen = 127.0.0.1:$kdc_port
  kdc_tcp_listen = 127.0.0.1:$kdc_port
[realms]
  $kdc_realm = {
    database_name = $kdc/principal
    key_stash_file = $kdc/stash
    acl_file = $kdc/acl
    max_life = 10h
  }
[logging]
  kdc = FILE:$kdc/kdc.log
C
}

# As with a joined machine, the first entry of its keytab is for those who come to it: only NAME$ may log in itself.
kdc_fill() {
  kdb5_util create -s -r "$kdc_realm" -P "$(openssl rand -hex 16)"
  kadmin.local -q 'addprinc -randkey HTTP/localhost'
  kadmin.local -q "ktadd -k $kdc/proxy.keytab HTTP/localhost"
  kadmin.local -q 'addprinc -randkey host/pc1.example'
  kadmin.local -q "addprinc -randkey $kdc_machine"
  kadmin.local -q "ktadd -k $kdc/machine.keytab host/pc1.example"
  kadmin.local -q "ktadd -k $kdc/machine.keytab $kdc_machine"
  kadmin.local -q 'modprinc -allow_tix host/pc1.example'
}

start_kdc() {
  need krb5kdc kdb5_util kadmin.local
  kdc=$lab/kdc
  export KRB5_CONFIG="$kdc/krb5.conf" KRB5_KDC_PROFILE="$kdc/kdc.conf"
  ! alive "$kdc/kdc.pid" || return 0
  mkdir -p "$kdc"
  kdc_port=$(free_ports 1)
  kdc_conf
  [ -s "$kdc/machine.keytab" ] || kdc_fill >"$kdc/fill.log" 2>&1 || die "the realm was not made, see $kdc/fill.log"
  detach "$kdc/kdc.pid" "$kdc/kdc.out" krb5kdc -n
  wait_port "$kdc_port" 10
  printf 'KRB5_CONFIG=%s\nKDC_LOG=%s\nMACHINE_KEYTAB=%s\nKDC_PID_FILE=%s\n' "$kdc/krb5.conf" "$kdc/kdc.log" "$kdc/machine.keytab" \
    "$kdc/kdc.pid" >"$lab/env.d/15-kdc"
}
