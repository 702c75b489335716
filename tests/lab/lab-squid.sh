# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by lab.sh: Squid as Debian ships it, plus what a cache for packages needs (cache_dir, maximum_object_size) and, for some kinds, a
# login: basic, digest, negotiate (Kerberos), ntlm (NTLMv2). inspect opens TLS: that needs squid-openssl, which Debian does not
# install beside squid, so it is unpacked only.

proxy_user=companion
proxy_password='S3cret!pw'
proxy_realm=ocs-lab

squid_auth_lines() {
  case $1 in
    basic)
      echo "auth_param basic program /usr/lib/squid/basic_ncsa_auth $dir/passwd"
      echo "auth_param basic realm $proxy_realm"
      ;;
    digest)
      echo "auth_param digest program /usr/lib/squid/digest_file_auth -c $dir/passwd"
      echo "auth_param digest realm $proxy_realm"
      ;;
    negotiate)
      echo "auth_param negotiate program /usr/lib/squid/negotiate_kerberos_auth -k $dir/proxy.keytab -s HTTP/localhost@$kdc_realm"
      echo "auth_param negotiate children 2"
      ;;
    ntlm)
      echo "auth_param ntlm program /usr/bin/python3 $dir/squid-ntlm.py $dir/passwd $dir/logins"
      echo "auth_param ntlm children 4 startup=1"
      ;;
    *) return 0 ;;
  esac
  echo "acl known proxy_auth REQUIRED"
  echo "http_access deny !known"
}

squid_passwords() {
  case $1 in
    basic) printf '%s:%s\n' "$proxy_user" "$(openssl passwd -apr1 "$proxy_password")" ;;
    digest) printf '%s:%s:%s\n' "$proxy_user" "$proxy_realm" "$(printf %s "$proxy_user:$proxy_realm:$proxy_password" | md5sum | cut -d' ' -f1)" ;;
    ntlm) printf '%s:%s\n' "$proxy_user" "$proxy_password" ;;
  esac
}

# maximum_object_size must stand before cache_dir. CONNECT: Debian allows it to port 443 only, the lab's servers have others.
# hosts_file: Debian's own names ::1 localhost too, and of two addresses Squid keeps the last; the lab's servers listen on 127.0.0.1.
squid_conf() {
  echo '127.0.0.1 localhost' >"$dir/hosts"
  cat <<C
$(squid_port "$1")
pid_filename $dir/$1.pid
cache_log $dir/cache.log
hosts_file $dir/hosts
access_log stdio:$dir/access.log squid
visible_hostname ocs-lab-$1
shutdown_lifetime 0 seconds
pinger_enable off
netdb_filename none
cache_effective_user proxy
$(squid_cache_lines "$1")
acl SSL_ports port 1025-65535
C
  printf '%s\n' "${SQUID_EXTRA:-}"
  [ "$1" != inspect ] || squid_inspect_lines
  sed -n '/^include /q;p' /etc/squid/squid.conf | squid_debian_lines
  [ "$1" != manual ] || sed "s|/var/spool/squid|$dir/cache|" "$here/../../data/manual/squid.conf"
  squid_auth_lines "$1"
  sed '1,/^include /d' /etc/squid/squid.conf | squid_debian_lines
}

# manual: the file that the manual gives to administrators, word by word but for its folder, where Debian's file includes it.
squid_cache_lines() {
  [ "$1" != manual ] || return 0
  echo 'maximum_object_size 1 GB'
  echo "cache_dir ufs $dir/cache 4096 16 256"
}

# tls: spoken to over TLS, with the lab's certificate.
squid_port() {
  if [ "$1" = tls ]; then
    echo "https_port 127.0.0.1:$port tls-cert=$dir/tls.pem"
  else
    echo "http_port 127.0.0.1:$port$(squid_inspect_port "$1")"
  fi
}

squid_inspect_port() {
  [ "$1" != inspect ] || printf ' ssl-bump tls-cert=%s generate-host-certificates=on' "$dir/inspect.pem"
}

squid_inspect_lines() {
  echo "sslcrtd_program $unpacked/usr/lib/squid/security_file_certgen -s $dir/certificates -M 4MB"
  echo "ssl_bump bump all"
  echo "tls_outgoing_options cafile=$lab/tls/ca.pem"
}

# An authority of its own, as a site's inspecting proxy has: known to nobody but those who were given it.
squid_inspect_prepare() {
  [ ! -s "$dir/inspect.pem" ] || return 0
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/O=Lab/CN=Inspecting Proxy CA' -addext basicConstraints=critical,CA:TRUE \
    -keyout "$dir/inspect.pem" -out "$dir/inspect-ca.pem" 2>/dev/null
  cat "$dir/inspect-ca.pem" >>"$dir/inspect.pem"
  "$unpacked/usr/lib/squid/security_file_certgen" -c -s "$dir/certificates" -M 4MB >>"$dir/squid.log" 2>&1
}

# squid-openssl of the same version as squid, for its program and helper; all else is squid's.
unpacked=${OCS_LAB_UNPACKED:-/var/cache/ocs-lab/squid-openssl}
unpack_squid_openssl() {
  [ ! -x "$unpacked/usr/sbin/squid" ] || return 0
  mkdir -p "$unpacked"
  chmod 755 "$unpacked"
  (cd "$unpacked" && apt-get -qq -o APT::Sandbox::User=root download squid-openssl && dpkg-deb -x squid-openssl_*.deb . && rm squid-openssl_*.deb)
}

squid_debian_lines() {
  grep -Ev '^(http_port|coredump_dir|#|[[:space:]]*$)'
}

start_squid() {
  need squid
  kind=$1
  case $kind in plain | basic | digest | negotiate | ntlm | inspect | manual | tls) ;; *) die "no squid of kind '$kind', see lab.sh" ;; esac
  squid=squid
  dir=$lab/squid-$kind
  ! alive "$dir/$kind.pid" || return 0
  [ -w /dev/shm ] || die "/dev/shm must be writable for squid: mount -t tmpfs tmpfs /dev/shm"
  mkdir -p "$dir/cache"
  port=$(free_ports 1)
  case $kind in
    negotiate)
      start_kdc
      cp "$kdc/proxy.keytab" "$dir/proxy.keytab"
      ;;
    ntlm)
      # Squid's user may not be let into the folder of the sources.
      cp "$here/squid-ntlm.py" "$dir/squid-ntlm.py"
      : >>"$dir/logins"
      ;;
    tls)
      squid=$unpacked/usr/sbin/squid
      unpack_squid_openssl >/dev/null 2>&1 || die "squid-openssl cannot be had: see that apt-get download works"
      cat "$lab/tls/server.pem" "$lab/tls/server.key" >"$dir/tls.pem"
      ;;
    inspect)
      squid=$unpacked/usr/sbin/squid
      unpack_squid_openssl >/dev/null 2>&1 || die "squid-openssl cannot be had: see that apt-get download works"
      squid_inspect_prepare
      ;;
  esac
  squid_conf "$kind" >"$dir/squid.conf"
  squid_passwords "$kind" >"$dir/passwd"
  chmod 640 "$dir/passwd"
  chown -R proxy:proxy "$dir"
  # One name per lab and kind: squid names its shared memory by it.
  name=ocs$(printf %s "$dir" | md5sum | cut -c1-10)
  # Squid refuses to start over a pid file that names itself, so a stale one goes first.
  rm -f "$dir/$kind.pid"
  [ -d "$dir/cache/00" ] || "$squid" -N -z -n "$name" -f "$dir/squid.conf" >>"$dir/squid.log" 2>&1 || die "squid -z failed, see $dir/squid.log"
  setsid "$squid" -N -n "$name" -f "$dir/squid.conf" </dev/null >>"$dir/squid.log" 2>&1 &
  wait_port "$port" 15
  squid_env "$kind" >"$lab/env.d/20-squid-$kind"
}

squid_env() {
  case $1 in
    plain)
      printf 'SQUID_PORT=%s\nSQUID_URL=http://127.0.0.1:%s\nSQUID_LOG=%s\n' "$port" "$port" "$dir/access.log"
      ;;
    *)
      upper=$(echo "$1" | tr a-z A-Z)
      printf 'SQUID_%s_PORT=%s\nSQUID_%s_LOG=%s\n' "$upper" "$port" "$upper" "$dir/access.log"
      [ "$1" != inspect ] || printf 'SQUID_INSPECT_CA=%s\n' "$dir/inspect-ca.pem"
      [ "$1" != ntlm ] || printf 'SQUID_NTLM_LOGINS=%s\n' "$dir/logins"
      printf "PROXY_USER=%s\nPROXY_PASSWORD='%s'\n" "$proxy_user" "$proxy_password"
      ;;
  esac
}
