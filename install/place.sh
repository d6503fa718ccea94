# shellcheck shell=bash
# Whether this machine is a place for the box, and what it lacks of Debian. Functions that install/box.sh reads.

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
    # libnss-mdns is what finds a name in .local, of a broker or a music server; Avahi alone only tells the box's own.
    local wanted=(python3-venv python3-numpy libopenblas0-serial python3-opencv opencv-data alsa-utils avahi-daemon libnss-mdns ffmpeg)
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
