# shellcheck shell=bash
# A release: finished and tried, then pointed at, its units known to systemd. Functions that install/box.sh reads.

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
