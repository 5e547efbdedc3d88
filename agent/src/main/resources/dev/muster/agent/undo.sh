# The undo of one fault, on the node, outside the pod. Waits until it is told, its agent is gone, or the time is over;
# then takes back what FOLDER/undo lists, by identity, and removes FOLDER. Tries again as long as something resists.
# Arguments: FOLDER AGENT_PID AGENT_START DEADLINE (seconds of uptime)
FOLDER=$1 AGENT=$2 START=$3 DEADLINE=$4
PATH=/usr/sbin:/usr/bin:/sbin:/bin
cd /

start_of() { # the start time of a process, in ticks; nothing for a corpse
  stat=
  read -r stat 2>/dev/null < "/proc/$1/stat" || return 1
  set -- ${stat##*) }
  [ "$1" != Z ] || return 1
  shift 19
  echo "$1"
}

uptime_now() {
  read -r now rest < /proc/uptime
  echo "${now%.*}"
}

wait_for_a_reason() {
  while :; do
    if [ -e "$FOLDER/now" ]; then echo told; return; fi
    if [ "$(start_of "$AGENT")" != "$START" ]; then echo "agent gone"; return; fi
    if [ "$(uptime_now)" -ge "$DEADLINE" ]; then echo "ttl over"; return; fi
    sleep 0.3
  done
}

undo_chain() { # PROGRAM TABLE NAME HOOK …
  program=$1 table=$2 name=$3
  shift 3
  for hook in "$@"; do
    while "$program" -w 5 -t "$table" -D "$hook" -j "$name" 2>/dev/null; do :; done
  done
  "$program" -w 5 -t "$table" -F "$name" 2>/dev/null
  "$program" -w 5 -t "$table" -X "$name" 2>/dev/null
  # a program that cannot look, as while another holds the lock, has not seen that the chain is gone
  rules=$("$program" -w 5 -t "$table" -S 2>/dev/null) || return 1
  case "$rules
" in
    *"-N $name
"*) return 1 ;;
  esac
}

undo_cgroup() { # FOLDER …
  left=
  for group in "$@"; do
    [ -d "$group" ] || continue
    tries=0
    while [ "$tries" -lt 20 ]; do
      tries=$((tries + 1))
      while read -r pid; do kill -9 "$pid" 2>/dev/null; done < "$group/cgroup.procs"
      rmdir "$group" 2>/dev/null && break
      sleep 0.1
    done
    [ ! -d "$group" ] || left=$group
  done
  [ -z "$left" ]
}

undo_cont() { # PID START
  [ "$(start_of "$1")" = "$2" ] || return 0
  kill -CONT "$1"
}

undo_file() { # PATH
  rm -f -- "$1"
}

undo_qdisc() { # DEVICE HANDLE
  tc=$(which tc) || return 1 # by its path: the shell has a tc of its own that knows no netem
  [ -e "/sys/class/net/$1" ] || return 0
  root=$("$tc" qdisc show dev "$1" root 2>/dev/null) || return 1
  case "$root" in
    *"netem $2"*) "$tc" qdisc del dev "$1" root ;;
  esac
}

undo_all() {
  bad="reading $FOLDER/undo"
  [ -r "$FOLDER/undo" ] || return 1
  bad=
  while read -r what arguments; do
    case $what in
      chain | cgroup | cont | file | qdisc) "undo_$what" $arguments || bad="$what $arguments" ;;
    esac
  done < "$FOLDER/undo"
  [ -z "$bad" ]
}

reason=$(wait_for_a_reason)
tries=0
until undo_all; do
  echo "$reason; could not undo: $bad" > "$FOLDER/failed"
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || exit 1
  sleep 2
done
rm -rf -- "$FOLDER"
