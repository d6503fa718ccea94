# shellcheck shell=bash
# Who the box runs as, where its things lie, and what the rest of the system is told. Functions that install/box.sh reads.

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

# An uninstall that keeps the settings leaves them to root, for their readers go; the next install gives them back.
ours() { # FILE MODE OWNER
    [ -z "$ROOT" ] && [ -f "$1" ] && [ "$(stat -c '%a %U:%G' -- "$1")" != "$2 $3" ] || return 0
    step "The half that speaks may read $1"
    act chown "$3" -- "$1"
    act chmod "$2" -- "$1"
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
    ours $SETTINGS 640 root:mien
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
