# Within the empty machine that `run` makes: the blocks of the pages, one after the other, in one shell, with what they are measured by.
set -euo pipefail

export LC_ALL=C.UTF-8
ip link set lo up
for folder in /etc/postgresql /var/lib/postgresql /var/log/postgresql /run/postgresql /var/backups /usr/local/bin /mnt; do
    mount -t tmpfs none "$folder"
    chmod 0755 "$folder"
done
chown postgres: /etc/postgresql /var/lib/postgresql /var/log/postgresql /run/postgresql
pg_createcluster 15 main --port 5432 >/dev/null
pg_ctlcluster 15 main start
mkdir -p /mnt/livret/target/release
cd /mnt/livret

# The n-th block of shell lines under a heading of a page.
block() {
    awk -v heading="## $2" -v wanted="${3:-1}" '
        /^## / { here = ($0 == heading) }
        here && /^```sh$/ { inside = (++count == wanted); next }
        /^```$/ { inside = 0 }
        inside' "$REPOSITORY/$1" >block.sh
    [ -s block.sh ] || { echo "$1: no block under $2" >&2; exit 1; }
}

# Plays a block, and writes down how long it took until the service was ready.
play() {
    local began=$EPOCHREALTIME
    block "$2" "$3" "${4:-1}"
    . ./block.sh >said
    until curl -fs "http://127.0.0.1:8080/health/ready" >/dev/null; do sleep 0.02; done
    note "$1" "$(since "$began")"
}

since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", to - from }'; }
note() { echo "| $1 | $2 | ${3:-–} |" >>"$PLAYED"; }

# Somebody who writes without a pause, by the first instance, and keeps what was acknowledged.
work() {
    while [ ! -e over ]; do
        name="Organisme $((++number))"
        if call --max-time 10 -o /dev/null http://127.0.0.1:8080/v1/organizations -d '{"name": "'"$name"'"}' 2>/dev/null; then
            echo "$EPOCHREALTIME $name" >>acknowledged
        else
            sleep 0.02
        fi
    done
}

begin_work() {
    rm -f over acknowledged
    number=0
    touch acknowledged
    work &
    WORK=$!
    sleep 2
}

end_work() {
    sleep 2
    touch over
    wait $WORK
}

# What was acknowledged and is no longer there.
lost() {
    psql "$LIVRET_DATABASE_URL" -XAtqc 'SELECT name FROM organizations' | sort >there
    cut -d' ' -f2- acknowledged | sort | comm -23 - there | wc -l
}

# The longest time without an acknowledged write.
gap() { awk 'NR > 1 && $1 - before > most { most = $1 - before } { before = $1 } END { printf "%.1f s", most }' acknowledged; }

cargo() { :; } # It is built already.

printf '| what | time | lost of what was acknowledged |\n|---|---|---|\n' >"$PLAYED"
cp "$LIVRET_OLD_BINARY" target/release/livret
play 'install, role, database, keys, administrator, until the service is ready' README.md 'First steps in production'
play 'first organization, coordinator and invitation' README.md 'First steps in production' 2
curl -fsS http://127.0.0.1:8080/v1/auth/invitations/accept -H 'content-type: application/json' -o /dev/null \
    -d "$(jq '{token: .url | split("#token=")[1], password: "trois moutons bleus"}' said)"
curl -fsS $API/v1/auth/login -H 'content-type: application/json' -o /dev/null \
    -d '{"email": "claire@example.org", "password": "trois moutons bleus"}'

begin_work
play 'a copy, the service beside it' docs/operations.md Saving
play 'rehearsal: would it come back' docs/operations.md 'Whether it would come back'
cp "$LIVRET_BINARY" target/release/livret
play 'upgrade, with a copy before it' docs/operations.md Upgrading
end_work
note 'the same: longest time in which a single instance acknowledged no write' "$(gap)" "$(lost) of $(wc -l <acknowledged) writes"

# The disk burns: the database, the keys and the settings are gone, the copies were elsewhere.
{ kill -9 $SERVICE; wait $SERVICE; } 2>/dev/null || true
pg_dropcluster --stop 15 main
rm -r keys livret.env
pg_createcluster 15 main --port 5432 >/dev/null
pg_ctlcluster 15 main start
livret_lines=$(wc -l <acknowledged)
play 'restore on a new machine, verified, until the service is ready' docs/operations.md 'When the disk is lost'
note 'the same: what was written after the copy began' – "$(lost) of $livret_lines writes"

play 'a second instance' docs/operations.md 'A second instance'
until curl -fs http://127.0.0.1:8081/health/ready >/dev/null; do sleep 0.02; done
curl -fsS http://127.0.0.1:8081/v1/me -H "authorization: Bearer $TOKEN" -o /dev/null
begin_work
play 'a standby' docs/operations.md 'A standby'
sleep 2
pg_ctlcluster 15 main stop -m immediate
play 'the standby takes over, both instances begin anew' docs/operations.md 'When the primary is lost'
end_work
note 'the same: longest time in which no write was acknowledged' "$(gap)" "$(lost) of $(wc -l <acknowledged) writes"
livret verify-audit >/dev/null
kill $SERVICE $SECOND
wait $SERVICE $SECOND || true
