# shellcheck shell=bash
# One release in place of another, and back again where the new one is not well. Functions that install/box.sh reads.

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
