#!/usr/bin/env bash
# Run a command beside a real S3 server: a Ceph RADOS gateway on 127.0.0.1, one node, all in memory.
#
#   tools/rados_gateway.sh COMMAND…        run it, and stop the server whatever happens
#
# COMMAND finds S3_ENDPOINT_URL, S3_ACCESS_KEY, S3_SECRET_KEY and S3_KMS_KEY in its environment.
# Everything is in a folder that is gone afterwards; only processes started here are stopped, by their ids.
set -euo pipefail

PROGRAMS=(setpriv ceph ceph-authtool ceph-mon ceph-osd monmaptool radosgw radosgw-admin)
START_SECONDS=120 # it takes some 12

if (($# == 0)); then
  echo "Usage: $0 COMMAND…" >&2
  exit 2
fi
for program in "${PROGRAMS[@]}"; do
  command -v "$program" >/dev/null && continue
  echo "$0: $program is missing. Get it with: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd" >&2
  exit 1
done
folder=$(mktemp --directory --tmpdir rados-gateway.XXXXXX) # configuration, keys and logs; finish removes it
processes=()
started=

finish() {
  local status=$?
  trap - EXIT
  if [[ -z $started ]]; then
    echo "$0: the server did not start. Its last words:" >&2
    tail --lines 5 "$folder"/*.out.log >&2 || :
  fi
  if ((${#processes[@]})); then
    kill -KILL "${processes[@]}" 2>/dev/null || : # in memory: there is nothing to put away
    wait "${processes[@]}" 2>/dev/null || :
  fi
  rm --recursive --force "$folder"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# until COMMAND… succeeds, as long as all processes live
await() {
  local what=$1 process
  shift
  until "$@" >/dev/null 2>&1; do
    for process in "${processes[@]}"; do
      kill -0 "$process" 2>/dev/null || { echo "$0: a process of the server ended while waiting for $what" >&2; exit 1; }
    done
    ((SECONDS < START_SECONDS)) || { echo "$0: no $what after $START_SECONDS s" >&2; exit 1; }
    sleep 0.2
  done
}

start() {
  local name=$1
  shift
  setpriv --pdeathsig KILL -- "$@" >"$folder/$name.out.log" 2>&1 & # it ends with this shell, even if that is killed
  processes+=($!)
}

cluster=$(cat /proc/sys/kernel/random/uuid)
monitor_port=$(free_port)
gateway_port=$(free_port)
export CEPH_CONF=$folder/ceph.conf
export S3_ENDPOINT_URL=http://127.0.0.1:$gateway_port
export S3_ACCESS_KEY=local
S3_SECRET_KEY=$(head --bytes 24 /dev/urandom | base64 | tr '+/' 'ab')
export S3_SECRET_KEY
export S3_KMS_KEY=key-of-the-tests
master_key=$(head --bytes 32 /dev/urandom | base64)

cat >"$CEPH_CONF" <<CONFIGURATION
[global]
fsid = $cluster
mon host = v2:127.0.0.1:$monitor_port
ms bind msgr1 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = $folder/keyring
run dir = $folder
admin socket =
pid file =
log file = $folder/\$name.log
mon cluster log file = $folder/cluster.log
mon data = $folder/mon
osd data = $folder/osd
crash dir = $folder
osd objectstore = memstore
memstore device bytes = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false

[client.gateway]
rgw frontends = beast endpoint=127.0.0.1:$gateway_port
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = $S3_KMS_KEY=$master_key
CONFIGURATION

ceph-authtool --create-keyring "$folder/keyring" --gen-key --name mon. --cap mon 'allow *' >/dev/null
for name in client.admin client.gateway osd.0; do
  ceph-authtool "$folder/keyring" --gen-key --name "$name" \
    --cap mon 'allow *' --cap osd 'allow *' >/dev/null
done
monmaptool --create --fsid "$cluster" --addv only "[v2:127.0.0.1:$monitor_port]" "$folder/monmap" >/dev/null
mkdir "$folder"/{mon,osd}
ceph-mon --mkfs --id only --monmap "$folder/monmap" --keyring "$folder/keyring"
start monitor ceph-mon --foreground --id only --public-addr "v2:127.0.0.1:$monitor_port"
await 'monitor' ceph --connect-timeout 2 status
device=$(cat /proc/sys/kernel/random/uuid)
ceph osd new "$device" 0 >/dev/null 2>&1
ceph-osd --mkfs --id 0 --osd-uuid "$device" >"$folder/mkfs.out.log" 2>&1
start storage ceph-osd --foreground --id 0
await 'storage' sh -c 'ceph osd stat | grep -q "1 up"'
radosgw-admin user create --uid tests --display-name tests \
  --access-key "$S3_ACCESS_KEY" --secret-key "$S3_SECRET_KEY" >"$folder/user.out.log" 2>&1
start gateway radosgw --foreground --name client.gateway
await 'gateway' python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1])' "$S3_ENDPOINT_URL"
started=yes
echo "The gateway answers at $S3_ENDPOINT_URL after $SECONDS s" >&2

"$@"
