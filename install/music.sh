# shellcheck shell=bash
# The music server of its own: its sound card, its folders, its first songs. Functions that install/box.sh reads.

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
        folder_of "$MUSIC" ${SUDO_UID:+-o "$SUDO_UID" -g "$SUDO_GID"}
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

# On FAT or exFAT nothing can belong to anybody: there the folder is made all the same.
folder_of() { # FOLDER [-o USER -g GROUP]
    act install -d -m 0755 "${@:2}" -- "$ROOT$1" 2>/dev/null || act mkdir -p -- "$ROOT$1"
}

# From within the folder, for a home may be closed to whoever is not let in by the unit.
speaker_writes() { [ -n "$ROOT$DRY" ] || (cd -- "$1" && setpriv --reuid=mien --regid=mien --clear-groups test -w .); } # FOLDER

# The one folder of the music in which the half that speaks may write, for songs that phones bring. Where the music
# cannot be written to there is none, and the page says so. What an uninstall left to the household is taken back.
from_phones() {
    local folder=$MUSIC/from-phones line="ReadWritePaths=\"-$MUSIC/from-phones\""
    if [ ! -d "$ROOT$folder" ]; then
        [ -n "$DRY" ] || [ -w "$ROOT$MUSIC" ] || return 0
        step "The folder $folder, for songs from phones"
        folder_of "$folder"
    fi
    speaker_writes "$folder" || { chown mien:mien -- "$folder" 2>/dev/null && speaker_writes "$folder"; } ||
        { say "   Phones cannot bring songs: the half that speaks may not write to $folder, as on a disk with FAT or exFAT."; return 0; }
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
    chmod -R u=rwX,go=rX -- "$folder" 2>/dev/null || say "   Who may read them is as their disk says."
    [ -n "$ROOT" ] || chown -R "${SUDO_UID:-0}:${SUDO_GID:-0}" -- "$folder" 2>/dev/null || say "   They belong to whom their disk says."
    mv -T -- "$folder" "$ROOT$1"
}
