# shellcheck shell=bash
# The box: `./setup.sh install`, `upgrade` and `uninstall`, as functions that setup.sh reads.
#
# A release is a folder of its own, /opt/mien/releases/VERSION-CONTENT, with the code, the units and a Python environment
# for them. It is finished and tried before anything points at it; /opt/mien/current names the one that lives, and
# moving that name is the one moment at which the box changes. So whatever is interrupted before leaves a box that works
# as it did, and is done again from its beginning by the next call; what follows is compared with what is there already
# and written only where it differs.
#
# MIEN_ROOT puts all of it under another folder, so that the steps can be tried without touching the machine. MIEN_HEALTH
# is the number of seconds in which a new release must be well, for machines that are slower than any Pi.
#
# Here stand the words of the command line, the two ways in which anything is changed, and the verbs; what they consist of
# has a file for each part, read below in the order in which an install comes to it.

ROOT=${MIEN_ROOT:-}
HOME_OF_CODE=/opt/mien
UNITS=/usr/local/lib/systemd/system
SETTINGS=/etc/mien/mien.toml
EYE=/etc/mien/eye.toml
MPD_CONF=/etc/mien/mpd.conf
# What came from Debian, and in packages-along what came with that; kept with the history, for the last uninstall.
CAME=/etc/mien/packages
CONFIG=/boot/firmware/config.txt CMDLINE=/boot/firmware/cmdline.txt # what a Pi starts with
MEMORY=cgroup_enable=memory BOOT_WORD=/etc/mien/boot-word # for Linux, and where it is noted that the word is ours
OUR_MPD=/run/mien-mpd/socket
ITSELF='found by setup.sh' # of a sound card that nobody asked for by name
SPACE=2200        # MB that a fresh box needs: on Trixie 1400 stay, 350 are packages on their way, a Pi's camera takes more
BEGAN=1767225600  # the first of January 2026: a checkout that was made with a wrong clock bears its wrong time
HEALTH=${MIEN_HEALTH:-60}
UNFINISHED='' OLD='' # a release that is being made; the one to go back to
UNPROVEN=$HOME_OF_CODE/unproven # notes the release before, while the new one has yet to show that it is well
MPD='' MUSIC='' SOUND='' BY_ITSELF='' BOOT='' CAMERA='' KEEP='' HISTORY='' PACKAGES='' OVERLAYS=()
# shellcheck source=install/place.sh
. "$HERE/install/place.sh"
# shellcheck source=install/release.sh
. "$HERE/install/release.sh"
# shellcheck source=install/system.sh
. "$HERE/install/system.sh"
# shellcheck source=install/keep.sh
. "$HERE/install/keep.sh"
# shellcheck source=install/music.sh
. "$HERE/install/music.sh"
# shellcheck source=install/change.sh
. "$HERE/install/change.sh"
# shellcheck source=install/leave.sh
. "$HERE/install/leave.sh"

wishes() { # WORDS...: what was asked for on the command line
    while [ $# -gt 0 ]; do
        case $1 in
            --dry-run) DRY=yes ;;
            --keep-history | --forget | --packages)
                [ "$VERB" = uninstall ] || die "$1 belongs to uninstall. See ./setup.sh help"
                case $1 in
                    --keep-history) HISTORY=keep ;;
                    --forget) HISTORY=forget ;;
                    --packages) PACKAGES=yes ;;
                esac ;;
            -h | --help) usage; exit 0 ;;
            --mpd | --music | --sound | --camera | --overlay | --keep)
                [ "$VERB" = install ] || die "$1 belongs to install, which may be called again at any time."
                [ $# -ge 2 ] || die "$1 needs a word behind it. See ./setup.sh help"
                case $1 in
                    --mpd) MPD=$2 ;;
                    --music) MUSIC=$(realpath -m -- "$2") ;;
                    --sound) SOUND=$2 ;;
                    --camera) CAMERA=$2 ;;
                    --overlay) OVERLAYS+=("$2") ;;
                    --keep) KEEP=$2 ;;
                esac
                shift ;;
            *) die "\"$1\" is not understood. See ./setup.sh help" ;;
        esac
        shift
    done
    fits "$MPD" '[A-Za-z0-9._-]+:[0-9]{1,5}|/[^"|]+' "--mpd wants HOST:PORT, such as 192.168.1.5:6600"
    fits "$MUSIC" '/[^"|\\]+' "A music folder with \", | or \\ in its name cannot be told to MPD: rename it."
    fits "$SOUND" '[A-Za-z0-9_-]+' "--sound wants the name of a card, or none"
    fits "$CAMERA" 'auto|usb|actor|picamera2|replay:/[^"|]+' "--camera wants auto, picamera2, usb, actor or replay:/FOLDER"
    fits "$KEEP" '/dev/[^"|\\ ]+' "--keep wants a disk or a part of one, such as /dev/sda1"
    fits "${OVERLAYS[*]:-}" '[A-Za-z0-9,=_ -]+' "--overlay wants a name, such as hifiberry-dac"
}

fits() { [[ -z $1 || $1 =~ ^($2)$ ]] || die "$3"; } # WORD PATTERN COMPLAINT

# --- the two ways in which anything is changed: by a command, and by writing a file ---

act() {
    CHANGED=yes
    if [ -n "$DRY" ]; then say "   would run: $*"; else "$@"; fi
}

put() { # FILE MODE OWNER STEP: what comes in, written at once or not at all; nothing where it is there already
    local file=$ROOT$1 text
    text=$(cat)
    if [ -f "$file" ] && [ "$(<"$file")" = "$text" ]; then return 0; fi
    CHANGED=yes
    [ -z "$4" ] || step "$4"
    if [ -n "$DRY" ]; then say "   would write: $1"; return 0; fi
    mkdir -p -- "${file%/*}"
    printf '%s\n' "$text" >"$file.new"
    chmod "$2" "$file.new"
    [ -n "$ROOT" ] || chown "$3" "$file.new"
    sync -- "$file.new"
    mv -f -- "$file.new" "$file"
}

# --- the verbs; uninstall is in leave.sh ---

unfinished() { # what an end before the end leaves
    local rc=$?
    [ $rc -eq 0 ] && return 0
    if [ -n "$UNFINISHED" ] && [ -z "$DRY" ]; then rm -rf -- "$UNFINISHED"; fi
    if [ -n "$OLD" ]; then go_back "The change was cut short"; fi
    say "Not done. The box is as it was, but for the steps above that ended well; mend what is said and run it again." >&2
    return $rc
}

prepare() {
    [ -n "$DRY" ] || trap unfinished EXIT
    look_around
    box_packages
    build_release
    users
    keep
    settings
    music_server
    network_name
    command_line
    boot_lines
    memory_limits
}

box_install() {
    local before
    VERB=install
    wishes "$@"
    prepare
    before=$(living)
    if [ -n "$before" ] && [ "$before" != "$TREE" ]; then change_over "$before"; return; fi
    [ -n "$before" ] || first_songs
    if [ -z "$before" ]; then step "The release begins to live" && switch_to "$TREE"; fi
    units "$TREE"
    proven || return 0
    if [ -z "$CHANGED" ] && [ "$(condition)" != dead ]; then
        say "Nothing to do: $(basename -- "$TREE") is installed and runs, at $(address)"
        return 0
    fi
    chime
    step "Start"
    restart
    [ -z "$DRY" ] || return 0
    becomes ill $((HEALTH * 3)) || { doctor; die "It does not run. The journal says why: journalctl -b -u 'mien*'"; }
    doctor
    greet
}

box_upgrade() {
    VERB=upgrade
    wishes "$@"
    [ -n "$(living)" ] || die "Nothing is installed here: sudo ./setup.sh install"
    prepare
    if [ "$(living)" != "$TREE" ]; then change_over "$(living)"; return; fi
    units "$TREE"
    if proven; then
        [ -z "$CHANGED" ] || restart
        say "Nothing to do: $(basename -- "$TREE") lives already."
    fi
}

# --- what the person sees at the end ---

address() { printf 'http://%s:%s' "$(hostname -I 2>/dev/null | awk '{print $1}' | grep . || hostname)" "$(page_port)"; }

# Before the music begins: many a card is one program's alone, and would be said to fail.
chime() {
    [ -z "$DRY" ] || return 0
    elsewhere && return 0
    is_there "$SOUND" || return 0
    ! systemctl is-active --quiet mien-mpd.service || systemctl stop mien-mpd.service
    step "A chime on $SOUND. Did you hear it? If not: sudo ./setup.sh install --sound CARD, of: $(cards | tr '\n' ' ')"
    (cd -- "$ROOT$TREE" && .venv/bin/python -m install.chime | aplay -q -D "default:CARD=$SOUND" -) ||
        say "   The card did not take it: it is another program's just now, or is not what plays here (aplay -l)."
}

doctor() { "$ROOT/usr/local/bin/mien" doctor || true; }

greet() {
    say "   The lamp pulses white while the box opens its eye; then it glows in the colour of the mood."
    say "   The page, for a phone in this network: $(address), or http://$(hostname).local:$(page_port)"
    (cd -- "$ROOT$TREE" && .venv/bin/python -c 'import segno, sys; segno.make(sys.argv[1]).terminal(compact=True)' "$(address)") || true
    if on_a_pi && [ ${#OVERLAYS[@]} -eq 0 ]; then
        say "   A DAC or a camera that the Pi does not find by itself needs a boot line: --overlay hifiberry-dac, --overlay imx519"
    fi
    [ -z "$BOOT" ] || say "   Its boot lines are new. Restart it once: sudo reboot. For a new sound card then: sudo ./setup.sh install"
}
