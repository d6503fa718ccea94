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
# shellcheck source=install/keep.sh
. "$HERE/install/keep.sh"

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

# --- is this a place for it? ---

refuse() { if [ -n "$DRY" ]; then say "   would refuse: $*"; else die "$*"; fi; }

look_around() {
    local architecture free written
    command -v dpkg >/dev/null || die "This is no Debian. Install Raspberry Pi OS Lite (64-bit), or Debian, Bookworm or Trixie."
    [ -n "$ROOT" ] || [ "$(id -u)" -eq 0 ] || refuse "This changes the machine, so it needs root: sudo ./setup.sh $VERB"
    [ ! -e "$ROOT$SETTINGS" ] || [ -r "$ROOT$SETTINGS" ] ||
        die "What is installed here only root may read, so only root can compare: sudo ./setup.sh $VERB --dry-run"
    alone
    written_to
    [ -z "$KEEP" ] || fit_to_keep "$KEEP" >/dev/null
    architecture=$(dpkg --print-architecture)
    case $architecture in arm64 | amd64) ;; *) refuse "This system is $architecture. Install the 64-bit edition of Raspberry Pi OS Lite." ;; esac
    CODENAME=$(sed -n 's/^VERSION_CODENAME=//p' "$ROOT/etc/os-release")
    case $CODENAME in bookworm | trixie) ;; *) refuse "This system is \"$CODENAME\". Mien is tried on Raspberry Pi OS and Debian, Bookworm and Trixie: install one of them." ;; esac
    [ -n "$ROOT" ] || [ -d /run/systemd/system ] || refuse "This system was not started by systemd, which keeps the speaker alive."
    written=$(stat -c %Y "$HERE/setup.sh")
    [ "$written" -gt "$BEGAN" ] || written=$BEGAN
    [ "$(date +%s)" -ge "$written" ] ||
        refuse "The clock stands at $(date '+%F %H:%M'), before this file was written. Connect the network, or: sudo date -s '2030-01-31 12:00'"
    free=$(df --output=avail -BM "${ROOT:-/}" | tail -n 1 | tr -dc 0-9)
    [ -n "$(living)" ] || [ "$free" -ge "$SPACE" ] || refuse "Only $free MB are free, $SPACE are needed. Use a larger card, or make room."
    # What was asked for and is not here, before minutes go by.
    [ ${#OVERLAYS[@]} -eq 0 ] || [ -f "$ROOT$CONFIG" ] || die "There is no $CONFIG here: --overlay is for a Raspberry Pi."
    elsewhere || sound_card
    [ -n "$(living)" ] || board
}

# One setup.sh at a time. The lock goes with the process, however that ends.
alone() {
    [ -z "$DRY" ] || return 0
    mkdir -p "$ROOT/run"
    exec 9>"$ROOT/run/mien-setup.lock"
    flock -n 9 || die "Another setup.sh is at work on this machine. Wait for it to end."
}

board() {
    local model
    on_a_pi || { say "   This is no Raspberry Pi: there will be no lamps and no button, and all else as on one."; return 0; }
    model=$(tr -d '\0' <"$ROOT/proc/device-tree/model")
    case $model in
        *"Pi "[345]* | *"Zero 2"* | *"Compute Module "[345]*) ;; # 400 and 500 are a 4 and a 5
        *) say "   This is a $model. Mien is made for a Pi 3, 4, 5 or Zero 2 W; it goes on, and may be slow." ;;
    esac
}

# --- Debian's packages ---

# Debian's own Python; where it is not there yet, as in a dry run, the one that will come.
python_version() {
    if [ -x "$ROOT/usr/bin/python3" ]; then
        "$ROOT/usr/bin/python3" -c 'import sys; print("%d.%d" % sys.version_info[:2])'
    elif [ "$CODENAME" = trixie ]; then
        echo 3.13
    else
        echo 3.11
    fi
}

# What must match the system comes from Debian: Python, OpenCV, the camera's library, the music server.
box_packages() {
    # OpenBLAS, on one core: with the plain BLAS that numpy brings alone, lists take three times as long to be learned.
    local wanted=(python3-venv python3-numpy libopenblas0-serial python3-opencv opencv-data alsa-utils avahi-daemon ffmpeg)
    # Named by itself as well, or apt keeps it when all goes, for Debian's Python suggests it.
    [ ! -x "$ROOT/usr/bin/python3" ] || wanted+=("python$(python_version)-venv")
    if on_a_pi; then
        wanted+=(python3-lgpio)
        if [ -e "$ROOT/etc/rpi-issue" ]; then # Raspberry Pi OS
            wanted+=(python3-picamera2)
        else
            say "   This is Debian itself, which has no picamera2: a USB camera will do, and one on the ribbon cable wants Raspberry Pi OS."
        fi
    fi
    elsewhere || wanted+=(mpd)
    # shellcheck disable=SC2034  # debian_packages notes there what it installs
    RECORD=$ROOT$CAME
    debian_packages "${wanted[@]}"
    # Where an install was cut short between apt and this, Debian's own server would play beside the box's for ever.
    if [ -z "$DRY$(living)" ] && grep -qsx mpd "$RECORD" && systemctl is-enabled --quiet mpd.service 2>/dev/null; then
        retire mpd.service mpd.socket
    fi
}

# --- the release ---

parts() {
    cd -- "$HERE" && find firmware appliance songs desk config systemd install models setup.sh pyproject.toml LICENSE README.md \
        \( -name __pycache__ -o -path 'models/*/*' \) -prune -o -type f -print | LC_ALL=C sort
}

# Python is of its content: a system that has gone from Bookworm to Trixie gets another release and not one that is dead.
release_name() {
    local version content
    version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$HERE/pyproject.toml" | head -n 1)
    content=$(cd -- "$HERE" && { parts | xargs -d '\n' sha256sum; python_version; } | sha256sum | cut -c 1-8)
    printf '%s-%s' "$version" "$content"
}

# Finished, it bears the file .complete; one that does not is no release and is begun anew.
build_release() {
    local python=$ROOT/usr/bin/python3 pins
    TREE=$HOME_OF_CODE/releases/$(release_name)
    [ ! -e "$ROOT$TREE/.complete" ] || return 0
    step "The release in $TREE"
    pins=install/python-$(python_version).txt
    [ -f "$HERE/$pins" ] || die "There is no $pins: this Python is not one of Bookworm or Trixie. Is /usr/bin/python3 Debian's own?"
    UNFINISHED=$ROOT$TREE
    act rm -rf -- "$ROOT$TREE"
    act mkdir -p -- "$ROOT$TREE"
    [ -n "$DRY" ] || (cd -- "$HERE" && parts | xargs -d '\n' cp --parents --preserve=timestamps -t "$ROOT$TREE")
    act chmod -R u=rwX,go=rX -- "$ROOT$TREE"
    step "Its Python packages, each with the hash that it must have"
    act "$python" -m venv --system-site-packages -- "$ROOT$TREE/.venv"
    # Ours are complete without Debian's, but for what must match the system; so nothing is looked up beside the list.
    act "$ROOT$TREE/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps --ignore-installed \
        --require-hashes --only-binary :all: -r "$ROOT$TREE/$pins" ||
        die "pip could not bring these; what it said stands above. Is the network there, and is the card full (df -h /)? Then run this again."
    act "$ROOT$TREE/.venv/bin/python" -m compileall -q "$ROOT$TREE"
    step "A trial of it: a drawn face is found and read, and the settings are understood"
    act trial_of "$TREE" || die "The trial failed, as it says above, so nothing was pointed at this release. Mend what it names in /etc/mien, or take another checkout."
    act sync -f "$ROOT$TREE"
    act touch "$ROOT$TREE/.complete"
    UNFINISHED=
}

trial_of() { (cd -- "$ROOT$1" && MIEN_ETC=$ROOT/etc/mien MIEN_STATE=$ROOT/var/lib/mien .venv/bin/python -m install.trial); }

# --- who it runs as, and where its things lie ---

users() {
    put /usr/local/lib/sysusers.d/mien.conf 0644 root: "Users, one for each part" <"$HERE/systemd/mien.sysusers"
    put /usr/local/lib/tmpfiles.d/mien.conf 0644 root: "The folder of its sockets" <"$HERE/systemd/mien.tmpfiles"
    if [ -z "$DRY" ] && { [ -z "$(getent passwd mien-mpd)" ] || [ -z "$(getent passwd mien-eye)" ] || [ -z "$(getent passwd mien)" ]; }; then
        act systemd-sysusers "$ROOT/usr/local/lib/sysusers.d/mien.conf"
    fi
    [ -d "$ROOT/run/mien" ] || act systemd-tmpfiles --create "$ROOT/usr/local/lib/tmpfiles.d/mien.conf"
    # Raspberry Pi OS lets the group gpio at the pins; plain Debian does not know it.
    if ! grep -qs 'GROUP="gpio"' "$ROOT"/{etc,usr/lib,lib}/udev/rules.d/*.rules; then
        put /etc/udev/rules.d/60-mien-gpio.rules 0644 root: "The pins, for the group gpio" <<<'SUBSYSTEM=="gpio", KERNEL=="gpiochip*", GROUP="gpio", MODE="0660"'
        if [ -S "$ROOT/run/udev/control" ]; then act udevadm control --reload && act udevadm trigger --subsystem-match=gpio; fi
    fi
}

told() { # FILE KEY: its value in quotes, if it has one
    if [ -f "$ROOT$1" ]; then sed -n "s/^$2 *=* *\"\(.*\)\".*/\1/p" "$ROOT$1" | head -n 1; fi
}

# Whether the music server is somebody else's: now, by --mpd, or by what an earlier call was told.
elsewhere() {
    [ -n "$MPD" ] || MPD=$(told "$SETTINGS" server)
    [ -n "$MPD" ] && [ "$MPD" != "$OUR_MPD" ]
}

settings() {
    local server=$OUR_MPD
    elsewhere && server=$MPD
    if [ ! -e "$ROOT$SETTINGS" ]; then
        put $SETTINGS 0640 root:mien "Settings in /etc/mien" <<TEXT
# This box's own settings of the half that speaks. All keys and their meaning: $HOME_OF_CODE/current/config/mien.toml

[music]
server = "$server"
TEXT
    elif [ "$(told $SETTINGS server)" != "$server" ]; then
        [ -n "$(told $SETTINGS server)" ] || die "Write server = \"$server\" under [music] in $SETTINGS, for that file is yours."
        put $SETTINGS 0640 root:mien "The music server is $server" < <(sed "s|^server *=.*|server = \"$server\"|" "$ROOT$SETTINGS")
    fi
    [ -n "$CAMERA" ] || return 0
    if [ ! -e "$ROOT$EYE" ]; then
        put $EYE 0644 root: "The camera is $CAMERA" <<TEXT
# This box's own settings of the half that sees. All keys and their meaning: $HOME_OF_CODE/current/config/eye.toml

[camera]
source = "$CAMERA"
TEXT
    elif [ "$(told $EYE source)" != "$CAMERA" ]; then
        [ -n "$(told $EYE source)" ] || die "Write source = \"$CAMERA\" under [camera] in $EYE, for that file is yours."
        put $EYE 0644 root: "The camera is $CAMERA" < <(sed "s|^source *=.*|source = \"$CAMERA\"|" "$ROOT$EYE")
    fi
}

# --- the music server ---

# The sound cards that can play, by name: a USB camera's microphone is a card too.
cards() {
    local number name
    while read -r number name; do
        if grep -qs "^$(printf %02d "$number")-.*: playback " "$ROOT/proc/asound/pcm"; then printf '%s\n' "$name"; fi
    done < <(sed -n 's/^ *\([0-9]*\) \[\([^] ]*\) *\].*/\1 \2/p' "$ROOT/proc/asound/cards" 2>/dev/null)
}

first_card() { cards | grep -vi "$@" | head -n 1 || true; } # PATTERNS of those that are passed over

is_there() { grep -qx -- "$1" <<<"$(cards)"; }

# A DAC or USB card before the jack, the jack before a television. What a person chose stays. What was chosen here stays
# too, unless it is gone, or something better came: a DAC is there only after the start that its boot line asks for.
sound_card() {
    local before
    if [ -n "$SOUND" ]; then
        [ "$SOUND" = none ] || is_there "$SOUND" || [ ${#OVERLAYS[@]} -gt 0 ] ||
            die "There is no sound card \"$SOUND\". There are: $(cards | tr '\n' ' ')(--sound CARD, or --sound none)"
        return 0
    fi
    before=$(told "$MPD_CONF" '    device' | sed 's/^default:CARD=//')
    if [ -f "$ROOT$MPD_CONF" ] && ! grep -qs "$ITSELF" "$ROOT$MPD_CONF"; then
        SOUND=${before:-none}
        [ "$SOUND" = none ] || is_there "$SOUND" || say "   The sound card \"$SOUND\" is not there now; what was chosen stays. To choose another: --sound CARD"
        return 0
    fi
    BY_ITSELF=" # $ITSELF"
    case $before in '' | Headphones | Loopback | *[Hh][Dd][Mm][Ii]*) ;; *) if is_there "$before"; then SOUND=$before; return 0; fi ;; esac
    SOUND=$(first_card -e hdmi -e '^Headphones$' -e '^Loopback$')
    [ -n "$SOUND" ] || SOUND=$(first_card -e hdmi)
    [ -n "$SOUND" ] || SOUND=$(first_card -e '^$')
    SOUND=${SOUND:-none}
}

music_server() {
    local outputs
    elsewhere && return 0
    MUSIC=${MUSIC:-$(told "$MPD_CONF" music_directory)}
    MUSIC=${MUSIC:-/srv/music}
    if [ "$SOUND" = none ]; then
        outputs="audio_output {$BY_ITSELF\n    type \"null\"\n    name \"nowhere\"\n    mixer_type \"software\"\n}"
        [ -e "$ROOT$MPD_CONF" ] || say "   There is no sound card: the music plays in silence until there is one and this is run again."
    else
        outputs="audio_output {\n    type \"alsa\"\n    name \"the speaker\"\n    device \"default:CARD=$SOUND\"$BY_ITSELF\n    mixer_type \"software\"\n}"
    fi
    put $MPD_CONF 0644 root: "A music server of its own: songs from $MUSIC, sound to $SOUND" < <(
        sed -e "s|@MUSIC@|${MUSIC//&/\\&}|" -e 's|@DATA@|/var/lib/mien-mpd|' -e "s|@SOCKET@|$OUR_MPD|" -e "s|@OUTPUTS@|$outputs|" \
            "$HERE/config/mpd.conf"
        printf '\n# Lines of your own, which no install writes over.\ninclude_optional "/etc/mien/mpd-own.conf"\n')
    if [ ! -d "$ROOT$MUSIC" ]; then
        step "The music folder $MUSIC"
        act install -d -m 0755 ${SUDO_UID:+-o "$SUDO_UID" -g "$SUDO_GID"} -- "$ROOT$MUSIC"
    fi
    from_phones
    case $MUSIC in
        /home/* | /root/*) for unit in mien-mpd mien-library; do
            drop_in $unit music "$MUSIC, and nothing else of that home, is shown to $unit" "BindReadOnlyPaths=\"-$MUSIC\""
        done ;;
        *) [ -n "$ROOT$DRY" ] || setpriv --reuid=mien-mpd --regid=mien --clear-groups test -r "$MUSIC" -a -x "$MUSIC" ||
            die "The music server may not read $MUSIC. Let others read it: chmod -R o+rX '$MUSIC'" ;;
    esac
}

drop_in() { # UNIT NAME STEP LINES: what lies over one of our units
    put "/etc/systemd/system/$1.service.d/$2.conf" 0644 root: "$3" < <(printf '[Service]\n%s\n' "$4")
}

# The one folder of the music in which the half that speaks may write, for songs that phones bring. Where the music
# cannot be written to there is none, and the page says so.
from_phones() {
    local folder=$MUSIC/from-phones line="ReadWritePaths=\"-$MUSIC/from-phones\"" owner=()
    if [ ! -d "$ROOT$folder" ]; then
        [ -n "$DRY" ] || [ -w "$ROOT$MUSIC" ] || return 0
        [ -n "$ROOT" ] || owner=(-o mien -g mien)
        step "The folder $folder, for songs from phones"
        act install -d -m 0755 ${owner[@]+"${owner[@]}"} -- "$ROOT$folder"
    fi
    case $MUSIC in /home/* | /root/*) line=$'ProtectHome=tmpfs\n'"BindPaths=\"-$folder\"" ;; esac
    drop_in mien music "$folder may be written by the half that speaks" "$line"
}

# A household that has brought no music yet hears the box's own.
first_songs() {
    elsewhere && return 0
    [ -z "$(find "$ROOT$MUSIC" -mindepth 1 ! -path '*/.composing*' ! -name from-phones -print -quit 2>/dev/null)" ] || return 0
    if ! grep -qs '^\[choice\]' "$ROOT$SETTINGS"; then
        put $SETTINGS 0640 root:mien "Short gaps between songs, for a small library" < <(
            [ ! -f "$ROOT$SETTINGS" ] || cat -- "$ROOT$SETTINGS"
            printf '\n# With forty-two short songs the usual gaps would leave nothing to play. Take these lines away when yours are there.\n'
            printf '[choice]\nsong_hours = 0.0\nartist_gap = 0\n')
    fi
    step "$MUSIC is empty: the box composes forty-two short songs of its own"
    act compose "$MUSIC/Mien"
}

compose() {
    local folder; folder=$(dirname -- "$ROOT$1")/.composing
    (cd -- "$ROOT$TREE" && .venv/bin/python -m songs "$folder" >/dev/null)
    chmod -R u=rwX,go=rX -- "$folder"
    [ -n "$ROOT" ] || chown -R "${SUDO_UID:-0}:${SUDO_GID:-0}" -- "$folder"
    mv -T -- "$folder" "$ROOT$1"
}

# --- what the rest of the system is told ---

page_port() { sed -n 's/^port *= *\([0-9]*\).*/\1/p' "$ROOT$SETTINGS" 2>/dev/null | head -n 1 | grep . || echo 8080; }

network_name() {
    put /etc/avahi/services/mien.service 0644 root: "Its name in the home's network" <<TEXT
<?xml version="1.0" standalone="no"?>
<!DOCTYPE service-group SYSTEM "avahi-service.dtd">
<service-group>
  <name replace-wildcards="yes">Mien on %h</name>
  <service><type>_http._tcp</type><port>$(page_port)</port></service>
</service-group>
TEXT
}

command_line() {
    put /usr/local/bin/mien 0755 root: "The command mien" <<TEXT
#!/bin/sh
# status, look, mood, why, doctor, pair. It asks the speaker through a socket that root and the box's own users may use.
cd $HOME_OF_CODE/current && exec .venv/bin/python -m appliance.cli "\$@"
TEXT
}

boot_lines() {
    local file=$CONFIG ours
    if [ ${#OVERLAYS[@]} -eq 0 ]; then return 0; fi
    ours=$(printf '# Mien begins\n[all]\n'; printf 'dtoverlay=%s\n' "${OVERLAYS[@]}"; printf '# Mien ends\n')
    [ "$(sed -n '/^# Mien begins$/,/^# Mien ends$/p' "$ROOT$file")" = "$ours" ] || BOOT=new
    put $file 0755 root: "Boot lines in $file, in force after the next start: ${OVERLAYS[*]}" < <(without_our_lines "$ROOT$file"; printf '%s\n' "$ours")
}

# Raspberry Pi OS starts Linux without the controller that limits memory, so that the units' limits would be mere words.
memory_limits() {
    local file=$CMDLINE
    [ -f "$ROOT$file" ] && ! grep -qw "$MEMORY" "$ROOT$file" && ! grep -qsw memory "$ROOT/sys/fs/cgroup/cgroup.controllers" || return 0
    put $BOOT_WORD 0644 root: '' <<<"$MEMORY" # what an uninstall takes out again
    BOOT=new
    put $file 0755 root: "A word in $file, in force after the next start: memory is limited as the units say" < <(sed "1s/ *$/ $MEMORY/" "$ROOT$file")
}

without_our_lines() { sed '/^# Mien begins$/,/^# Mien ends$/d' "$1"; }

# --- the change itself ---

ENABLED=(mien.target mien.socket mien.service mien-eye.service mien-look.socket mien-off.path mien-library.timer mien-library.path)

understood() { # FILE VERSION: a unit without the line that a systemd before 254, Bookworm's, does not know
    if [ "$2" -ge 254 ]; then cat -- "$1"; else sed '/^RestartMode=/d' "$1"; fi
}

# The units of a release, and none that it does not have.
units() { # TREE
    local from=$ROOT$1/systemd file unit version changed=''
    [ -d "$from" ] || from=$HERE/systemd # a dry run has no tree
    version=$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p')
    for file in "$from"/*.{service,socket,target,timer,path}; do
        unit=${file##*/}
        if understood "$file" "${version:-0}" | cmp -s -- - "$ROOT$UNITS/$unit"; then continue; fi
        [ -n "$changed" ] || step "The units in $UNITS"
        put "$UNITS/$unit" 0644 root: '' < <(understood "$file" "${version:-0}")
        changed=yes
    done
    for file in "$ROOT$UNITS"/mien*; do
        unit=${file##*/}
        if [ -e "$file" ] && [ ! -e "$from/$unit" ]; then
            act systemctl disable --quiet --now "$unit" && act rm -- "$file" && changed=yes
        fi
    done
    [ -z "$changed" ] || act systemctl daemon-reload
    for unit in "${ENABLED[@]}" mien-mpd.service; do
        if [ "$unit" = mien-mpd.service ] && elsewhere; then
            ! systemctl is-enabled --quiet "$unit" 2>/dev/null || act systemctl disable --quiet --now "$unit"
        elif [ -e "$from/$unit" ]; then
            systemctl is-enabled --quiet "$unit" 2>/dev/null || act systemctl enable --quiet "$unit"
        fi
    done
}

switch_to() { # TREE: in one step, whatever is interrupted
    act ln -sfn -- "$1" "$ROOT$HOME_OF_CODE/current.new"
    act mv -fT -- "$ROOT$HOME_OF_CODE/current.new" "$ROOT$HOME_OF_CODE/current"
    act sync -f "$ROOT$HOME_OF_CODE"
}

living() { readlink -- "$ROOT$HOME_OF_CODE/current" 2>/dev/null || true; }

restart() {
    act systemctl daemon-reload # a drop-in may be new
    act systemctl reset-failed --quiet 'mien*'
    act systemctl restart --no-block mien.target # Debian 13's waits for a half that hangs until the last of its tries
}

# well, ill (it runs, and says that something is missing), or dead.
condition() {
    systemctl is-active --quiet mien.service mien-eye.service || { echo dead; return 0; }
    (cd -- "$ROOT$(living)" && .venv/bin/python -m install.ask "$(page_port)") || echo dead
}

# Whether it becomes at least so well in time, and stays so for three looks.
becomes() { # CONDITION SECONDS
    local now looks=0 end=$((SECONDS + $2))
    while [ $SECONDS -lt $end ]; do
        now=$(condition)
        if [ "$now" = well ] || [ "$now" = "$1" ]; then looks=$((looks + 1)); else looks=0; fi
        [ $looks -lt 3 ] || return 0
        sleep 2
    done
    return 1
}

# --- the verbs ---

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

# The new release in place of the old, whose state is set aside; all of it is taken back unless the new one is well, and
# where this is cut short by Ctrl-C, a full card or a fault of its own. Only a power cut, or a kill -9, leaves it undone:
# then the note UNPROVEN stays, and the next call goes on from there.
change_over() { # OLD TREE
    local was state=$ROOT/var/lib/mien
    was=$(condition)
    [ "$was" != dead ] || was=ill
    trap '' HUP # who asked may hang up meanwhile
    step "From $(basename -- "$1") to $(basename -- "$TREE")"
    [ -n "$DRY" ] || OLD=$1
    put $UNPROVEN 0644 root: '' <<<"$1"
    act systemctl stop mien.service mien-eye.service 'mien-library.*' # whoever writes to the state; the music plays on
    act rm -rf -- "$state.before" "$state.before.new"
    if [ -d "$state" ]; then
        act cp -a -- "$state" "$state.before.new"
        act mv -T -- "$state.before.new" "$state.before" # whole, or not there
    fi
    switch_to "$TREE"
    units "$TREE"
    restart
    [ -z "$DRY" ] || return 0
    prove "$was"
}

prove() { # CONDITION: it becomes so, or the old release comes back
    if becomes "$1" "$HEALTH"; then
        forget_old "$OLD"
        OLD=''
        rm -rf -- "$ROOT/var/lib/mien.before" "$ROOT$UNPROVEN"
        say "$(basename -- "$TREE") lives, at $(address)"
        return 0
    fi
    go_back "It was not well within $HEALTH seconds"
}

# True unless what lives is a new release whose minute was cut short by the mains: then its minute begins anew.
proven() {
    if [ -n "$DRY" ] || [ ! -e "$ROOT$UNPROVEN" ]; then return 0; fi
    OLD=$(<"$ROOT$UNPROVEN")
    if [ "$OLD" = "$(living)" ] || [ ! -e "$ROOT$OLD/.complete" ]; then # it never came to live, or nothing is left to go to
        OLD=''
        rm -rf -- "$ROOT$UNPROVEN" "$ROOT/var/lib/mien.before"
        CHANGED=yes # its halves may have been stopped for it
        return 0
    fi
    step "The last change was cut short before $(basename -- "$TREE") was proven"
    # What it has learnt since may be much, so it stays whatever comes.
    rm -rf -- "$ROOT/var/lib/mien.before"
    restart
    prove ill
    return 1
}

go_back() { # WHY: to OLD, with the state of before; ends with 1
    local old=$OLD state=$ROOT/var/lib/mien
    trap - EXIT # from here on it says by itself how things stand, and may not be cut short
    trap '' INT TERM HUP
    set +e # whatever fails, the rest of the way back is tried
    OLD=''
    step "$1: back to $(basename -- "$old")"
    journalctl --no-pager --lines 15 --boot --unit mien.service --unit mien-eye.service >&2
    systemctl stop mien.service mien-eye.service 'mien-library.*'
    if [ "$(living)" != "$old" ]; then
        if [ -d "$state.before" ]; then # the folder itself may be another disk's
            find "$state" -mindepth 1 -delete
            if cp -a -- "$state.before/." "$state"; then
                rm -rf -- "$state.before"
            else
                say "   Its state could not be put back. It lies in $state.before; make room, then: sudo cp -a $state.before/. $state"
            fi
        fi
        switch_to "$old"
        units "$old"
    else
        rm -rf -- "$state.before"
    fi
    rm -rf -- "$state.before.new"
    restart
    rm -rf -- "$ROOT$TREE" "$ROOT$UNPROVEN" # the same try is made from its beginning
    becomes ill $((HEALTH * 3)) || die "The old one is not well either. The journal says why: journalctl -b -u 'mien*'"
    die "The old release lives again. The box is as it was before."
}

forget_old() { # TREE: the one that is kept, for a way back by hand
    local tree
    for tree in "$ROOT$HOME_OF_CODE"/releases/*; do
        case $tree in "$ROOT$1" | "$ROOT$TREE") ;; *) act rm -rf -- "$tree" ;; esac
    done
}

box_uninstall() {
    local file name came along
    VERB=uninstall
    wishes "$@"
    [ -n "$ROOT$DRY" ] || [ "$(id -u)" -eq 0 ] || die "This changes the machine, so it needs root: sudo ./setup.sh uninstall"
    if [ -z "$HISTORY" ] && [ -z "$DRY" ]; then
        [ -t 0 ] || die "Should history, likes and settings go too? Say --forget or --keep-history."
        read -r -p "Keep history, likes and settings for another time? [y/n] " name
        case $name in [yY]*) HISTORY=keep ;; [nN]*) HISTORY=forget ;; *) die "Nothing was removed." ;; esac
    fi
    alone
    written_to
    step "The units"
    for file in "$ROOT$UNITS"/mien*; do
        [ ! -e "$file" ] || case $file in *@.service) ;; *) act systemctl disable --quiet --now "$(basename -- "$file")" || true ;; esac
    done
    for file in "$ROOT$UNITS"/mien* "$ROOT"/etc/systemd/system/mien*.d "$ROOT"/etc/systemd/system/*.wants/mien*; do remove "${file#"$ROOT"}"; done
    act systemctl daemon-reload
    act systemctl reset-failed --quiet 'mien*' || true
    take_leave
    songs_stay
    unkeep
    if [ -f "$ROOT$CONFIG" ]; then
        put $CONFIG 0755 root: "The boot lines" < <(without_our_lines "$ROOT$CONFIG")
    fi
    if [ -f "$ROOT$BOOT_WORD" ] && [ -f "$ROOT$CMDLINE" ]; then
        put $CMDLINE 0755 root: "The boot word" < <(sed "s/ $(<"$ROOT$BOOT_WORD")//" "$ROOT$CMDLINE")
        remove $BOOT_WORD
    fi
    step "The code and what the system was told"
    came=$(sort -u "$ROOT$CAME" 2>/dev/null | tr '\n' ' ' || true)
    along=$(cat -- "$ROOT$CAME-along" 2>/dev/null || true)
    remove $HOME_OF_CODE /usr/local/bin/mien /etc/avahi/services/mien.service /etc/udev/rules.d/60-mien-gpio.rules \
        /usr/local/lib/{sysusers,tmpfiles}.d/mien.conf /run/mien /var/lib/mien.before /var/lib/mien.before.new
    if [ "$HISTORY" = keep ]; then
        for file in "$ROOT"/etc/mien "$ROOT"/var/lib/mien*; do [ ! -e "$file" ] || act chown -R root:root "$file"; done
        say "   Kept: /etc/mien, /var/lib/mien, /var/lib/mien-eye, /var/lib/mien-mpd"
    else
        step "History, likes and settings"
        remove /var/lib/mien /var/lib/mien-eye /var/lib/mien-mpd
    fi
    step "The users"
    for name in mien mien-eye mien-mpd; do [ -z "$(getent passwd $name)" ] || act userdel $name; done
    for name in mien-wire mien mien-eye mien-mpd; do [ -z "$(getent group $name)" ] || act groupdel $name; done
    if [ -n "$came" ] && [ -n "$PACKAGES" ]; then
        step "The Debian packages that came with it: $came"
        # shellcheck disable=SC2086  # a list of words
        act apt-get autoremove --purge -y -qq $came >/dev/null
        # shellcheck disable=SC2086  # another
        purge_along $along
        remove $CAME $CAME-along
    elif [ -n "$came" ]; then
        say "   These Debian packages came with it, and may serve others: $came"
        say "   To remove them too: sudo apt-get autoremove --purge $came"
    fi
    # Last, for a call that was cut short must find in it what came from Debian.
    if [ "$HISTORY" != keep ]; then remove /etc/mien; fi
    remove /run/mien-setup.lock
    hollow /etc/systemd/system/mien.target.wants "$UNITS" "$(dirname -- "$UNITS")" /usr/local/lib/{sysusers,tmpfiles}.d /etc/udev/rules.d /etc/udev
    [ -n "$DRY" ] || say "Mien is gone. Your music is where it was."
}

# The home's broker keeps what it was told: Home Assistant would show the box for ever, as one that is away.
take_leave() {
    local mien=$ROOT/usr/local/bin/mien
    if [ ! -x "$mien" ] || [ -z "$(told $SETTINGS address)" ]; then return 0; fi
    step "The home's broker forgets the box"
    act "$mien" farewell || say "   It did not. docs/mqtt.md tells how it is done by hand."
}

# Songs that phones brought belonged to a user who goes.
songs_stay() {
    local folder
    folder=$(told "$MPD_CONF" music_directory)/from-phones
    [ -d "$ROOT$folder" ] || return 0
    [ -n "$ROOT" ] || act chown -R "${SUDO_UID:-0}:${SUDO_GID:-0}" -- "$folder"
    [ -n "$DRY" ] || rmdir --ignore-fail-on-non-empty -- "$ROOT$folder"
}

# What came along with those packages and apt keeps, for something else merely suggests it. dpkg leaves whatever
# something depends on, and whoever asked for one of them by name keeps it.
purge_along() { # PACKAGES...
    local name rest=()
    for name in "$@"; do
        if installed "$name" && [ -n "$(apt-mark showauto "$name")" ]; then rest+=("$name"); fi
    done
    if [ ${#rest[@]} -gt 0 ]; then act dpkg --purge "${rest[@]}" >"$(log_file dpkg)" 2>&1 || true; fi
}

remove() { # PATHS...: those that are there, under the root
    local path
    for path in "$@"; do
        if [ -e "$ROOT$path" ] || [ -L "$ROOT$path" ]; then act rm -rf -- "$ROOT$path"; fi
    done
}

hollow() { # FOLDERS...: those that are empty now and came with no package go too
    local folder
    for folder in "$@"; do
        if [ -d "$ROOT$folder" ] && [ -z "$DRY" ] && ! dpkg-query -S "$folder" >/dev/null 2>&1; then
            rmdir --ignore-fail-on-non-empty -- "$ROOT$folder"
        fi
    done
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
