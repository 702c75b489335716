# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by lab.sh: caches that are no Squid, as HTTP proxies: nginx, varnish, ats (Apache Traffic Server), each with Debian's own
# manners; ats-quiet says nothing of itself in the answers, which is how Debian ships it. nginx-manual and ats-manual are set up by the files
# of the manual. varnish and nginx-manual know one origin only: CACHE_ORIGIN=HOST:PORT. They listen on CACHE_ADDRESS.

start_cache() {
  kind=$1
  dir=$lab/$kind
  ! alive "$dir/$kind.pid" || return 0
  mkdir -p "$dir"
  port=$(free_ports 1)
  address=${CACHE_ADDRESS:-127.0.0.1}
  case $kind in
    nginx | nginx-manual) start_nginx ;;
    varnish) start_varnish ;;
    ats | ats-quiet | ats-manual) start_ats ;;
    *) die "no cache of kind '$kind', see lab.sh" ;;
  esac
  wait_port "$port" 30 "$address"
  upper=$(echo "$kind" | tr a-z- A-Z_)
  printf '%s_PORT=%s\n' "$upper" "$port" >"$lab/env.d/25-$kind"
}

# As its manual shows a cache, and with the header that everybody adds to see it work. With Host: any origin.
nginx_conf() {
  cat <<C
daemon off;
pid $dir/nginx-own.pid;
error_log $dir/error.log;
worker_processes 1;
user www-data;
events { worker_connections 256; }
http {
  access_log $dir/access.log;
  client_body_temp_path $dir/body;
  proxy_temp_path $dir/temp;
  fastcgi_temp_path $dir/fastcgi;
  uwsgi_temp_path $dir/uwsgi;
  scgi_temp_path $dir/scgi;
  $(nginx_site)
}
C
}

# manual: word by word but for names and places.
nginx_site() {
  if [ "$kind" = nginx-manual ]; then
    [ -n "${CACHE_ORIGIN:-}" ] || die "nginx-manual needs CACHE_ORIGIN=HOST:PORT"
    sed "s|/var/lib/nginx/ocs-companion|$dir/cache|; s|listen 3128|listen $address:$port|
      s|server_name ocs.example.org|server_name ${CACHE_ORIGIN%:*}|; s|ocs.example.org|$CACHE_ORIGIN|" "$here/../../data/manual/nginx.conf"
    return
  fi
  cat <<C
  proxy_cache_path $dir/cache keys_zone=site:1m;
  server {
    listen $address:$port;
    location / {
      proxy_pass http://\$http_host\$request_uri;
      proxy_cache site;
      proxy_cache_key \$http_host\$request_uri;
      proxy_cache_valid 200 10m;
      add_header X-Cache-Status \$upstream_cache_status;
    }
  }
C
}

start_nginx() {
  need nginx
  nginx_conf >"$dir/nginx.conf"
  chown -R www-data:www-data "$dir"
  detach "$dir/$kind.pid" "$dir/nginx.log" nginx -p "$dir" -c "$dir/nginx.conf"
}

start_varnish() {
  need varnishd
  [ -n "${CACHE_ORIGIN:-}" ] || die "varnish needs CACHE_ORIGIN=HOST:PORT"
  printf 'vcl 4.1;\nbackend default { .host = "%s"; .port = "%s"; }\n' "${CACHE_ORIGIN%:*}" "${CACHE_ORIGIN##*:}" >"$dir/site.vcl"
  detach "$dir/varnish.pid" "$dir/varnish.log" varnishd -F -a "$address:$port" -f "$dir/site.vcl" -n "$dir/work" -s malloc,64m -j none
}

# A folder of its own by the run root; all but what is set here is Debian's records.config.
ats_runroot() {
  cat <<C
prefix: /usr
exec_prefix: /usr
bindir: /usr/bin
sbindir: /usr/sbin
sysconfdir: $dir/etc
datadir: $dir/data
includedir: /usr/include
libdir: /usr/lib/trafficserver
libexecdir: /usr/lib/trafficserver/modules
localstatedir: $dir/var
runtimedir: $dir/run
logdir: $dir/log
cachedir: $dir/cache
C
}

# manual: word by word but for the port.
ats_manual_records() {
  manual=$here/../../data/manual/trafficserver.config
  awk 'NR == FNR { if ($1 == "CONFIG") set[$2] = 1; next } !($2 in set)' "$manual" /etc/trafficserver/records.config
  sed "s|server_ports STRING 3128|server_ports STRING $port:ip-in=$address|" "$manual"
}

ats_records() {
  grep -Ev 'server_ports|insert_response_via_str|remap_required|reverse_proxy.enabled|heuristic_min_lifetime' /etc/trafficserver/records.config
  via=3
  [ "$kind" = ats ] || via=0
  cat <<C
CONFIG proxy.config.http.server_ports STRING $port:ip-in=$address
CONFIG proxy.config.http.insert_response_via_str INT $via
CONFIG proxy.config.url_remap.remap_required INT 0
CONFIG proxy.config.reverse_proxy.enabled INT 0
CONFIG proxy.config.hostdb.host_file.path STRING /etc/hosts
CONFIG proxy.config.http.connect_ports STRING *
CONFIG proxy.config.http.cache.heuristic_min_lifetime INT 3600
CONFIG proxy.config.http.cache.required_headers INT 0
C
}

start_ats() {
  need traffic_server
  mkdir -p "$dir/etc" "$dir/data" "$dir/var" "$dir/run" "$dir/log" "$dir/cache"
  cp -r /etc/trafficserver/. "$dir/etc/"
  if [ "$kind" = ats-manual ]; then ats_manual_records; else ats_records; fi >"$dir/etc/records.config"
  printf '%s 64M\n' "$dir/cache" >"$dir/etc/storage.config"
  ats_runroot >"$dir/runroot.yaml"
  chown -R trafficserver:trafficserver "$dir"
  # Its cache is not ready when its port is.
  TS_RUNROOT=$dir/runroot.yaml detach "$dir/$kind.pid" "$dir/ats.log" traffic_server --run-root="$dir/runroot.yaml"
  tries=300
  while ! grep -qs 'cache enabled' "$dir/log/diags.log" "$dir/ats.log"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] && alive "$dir/$kind.pid" || die "trafficserver did not start, see $dir/ats.log and $dir/log/diags.log"
    sleep 0.1
  done
}
