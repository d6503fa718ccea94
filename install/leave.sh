# shellcheck shell=bash
# `./setup.sh uninstall`: nothing stays but the music. Functions that install/box.sh reads.

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
    [ -n "$ROOT" ] || act chown -R "${SUDO_UID:-0}:${SUDO_GID:-0}" -- "$folder" 2>/dev/null ||
        say "   What lies in $folder belongs to whom its disk says, before and after."
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
