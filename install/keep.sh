# shellcheck shell=bash
# A box whose card is not written to: its history, likes and settings lie on another disk, and are bound to where they
# always are. Functions that install/box.sh reads.
#
# By units and never by /etc/fstab: Raspberry Pi OS's overlay turns whatever fstab names into memory as well, so that all
# would seem to be kept and be gone with the power. Until the last of the copies is whole, the card's own folders are what
# counts, and a mark on the disk says that the copies are unfinished; a call that was cut short begins them anew.

KEPT=/srv/mien # where the disk is seen
MOUNTS=/etc/systemd/system
FOLDERS=(mien mien-eye mien-mpd)
MARK=$KEPT/.unfinished

mount_unit() { # PATH: the name of its unit
    systemd-escape --path --suffix=mount "$1"
}

bound() { mountpoint -q -- "$ROOT$1"; }

full() { [ -n "$(find "$ROOT$1" -mindepth 1 -print -quit 2>/dev/null)" ]; } # FOLDER: something is in it

# Nothing that is installed, upgraded or taken away in memory would be so after the next start.
written_to() {
    [ "$(findmnt -n -o SOURCE /)" != overlayroot ] ||
        refuse "This card is not written to, so all of this would be gone with the power. Switch that off first (sudo raspi-config, Performance, Overlay File System), restart, and switch it on again afterwards."
}

fit_to_keep() { # DISK: says its kind of file system and its mark, or refuses
    local kind uuid
    [ -e "$1" ] || die "There is no $1. Disks and their parts, such as /dev/sda1, are listed by lsblk."
    kind=$(blkid -o value -s TYPE "$1" || true)
    uuid=$(blkid -o value -s UUID "$1" || true)
    case $kind in
        ext4 | btrfs | f2fs | xfs) ;;
        *) die "$1 has ${kind:-no file system}, on which nothing can belong to anybody. To make it ext4, which clears it: sudo mkfs.ext4 $1" ;;
    esac
    [ -z "$(findmnt --fstab --noheadings --source "UUID=$uuid" || findmnt --fstab --noheadings --source "$1")" ] ||
        die "$1 stands in /etc/fstab, by which an overlay would make memory of it. Take that line away, then: sudo umount $1"
    printf '%s %s' "$kind" "$uuid"
}

keep() {
    local fit name moved=()
    [ -n "$KEEP" ] || return 0
    fit=$(fit_to_keep "$KEEP")
    put "$MOUNTS/$(mount_unit $KEPT)" 0644 root: "History, likes and settings are kept on $KEEP" <<TEXT
# Written by Mien's setup.sh, for a card that is not written to.
[Unit]
Description=The disk that keeps what Mien learns
[Mount]
What=/dev/disk/by-uuid/${fit#* }
Where=$KEPT
Type=${fit% *}
Options=noatime,nofail
[Install]
WantedBy=multi-user.target
TEXT
    for name in "${FOLDERS[@]}"; do
        bound "/var/lib/$name" || moved+=("$name")
    done
    [ ${#moved[@]} -gt 0 ] || return 0
    act systemctl daemon-reload
    act systemctl enable --quiet --now "$(mount_unit $KEPT)"
    if [ -z "$DRY" ] && [ ! -e "$ROOT$MARK" ]; then
        for name in "${moved[@]}"; do
            if full "/var/lib/$name" && full "$KEPT/$name"; then
                die "Both the card and $KEEP have a history. Take away the one that is not wanted: sudo rm -r /var/lib/mien*, or: sudo rm -r $KEPT/mien*"
            fi
        done
    fi
    ! systemctl is-active --quiet mien.target || act systemctl stop mien.target
    act touch -- "$ROOT$MARK"
    for name in "${moved[@]}"; do act copy_over "$name"; done
    act sync -f "$ROOT$KEPT"
    for name in "${moved[@]}"; do act bind "$name"; done
    act rm -f -- "$ROOT$MARK"
}

# What the card has; what the disk has had from another card stays where this one has nothing.
copy_over() { # NAME
    mkdir -p -- "$ROOT/var/lib/$1"
    if full "/var/lib/$1" || [ ! -e "$ROOT$KEPT/$1" ]; then
        rm -rf -- "$ROOT$KEPT/$1"
        cp -a -- "$ROOT/var/lib/$1" "$ROOT$KEPT/$1"
    fi
}

bind() { # NAME
    local unit; unit=$(mount_unit "/var/lib/$1")
    # Without its disk no part begins: it might have forgotten that the shutter was closed. The red lamp tells.
    put "$MOUNTS/$unit" 0644 root: '' <<TEXT
# Written by Mien's setup.sh, for a card that is not written to.
[Unit]
Description=What $1 keeps, on a disk of its own
[Mount]
What=$KEPT/$1
Where=/var/lib/$1
Type=none
Options=bind,nofail
[Install]
RequiredBy=$1.service$([ "$1" != mien ] || printf ' mien-library.service')
TEXT
    systemctl daemon-reload
    systemctl enable --quiet "$unit"
    find "$ROOT/var/lib/$1" -mindepth 1 -delete # what was forgotten later would still lie beneath
    systemctl start "$unit"
}

copy_back() { # NAME
    [ -e "$ROOT$KEPT/$1" ] || return 0
    rm -rf -- "$ROOT/var/lib/$1.new"
    cp -a -- "$ROOT$KEPT/$1" "$ROOT/var/lib/$1.new"
    rm -rf -- "$ROOT/var/lib/$1"
    mv -T -- "$ROOT/var/lib/$1.new" "$ROOT/var/lib/$1"
    sync -f "$ROOT/var/lib/$1"
}

# The folders back on the card, as the uninstall is about to keep or to forget them.
unkeep() {
    local name unit
    [ -e "$ROOT$MOUNTS/$(mount_unit $KEPT)" ] || return 0
    step "The disk that kept history, likes and settings"
    for name in "${FOLDERS[@]}"; do
        unit=$(mount_unit "/var/lib/$name")
        act systemctl disable --quiet --now "$unit" || true
        [ "$HISTORY" = forget ] || act copy_back "$name"
        act rm -rf -- "$ROOT$KEPT/$name" "$ROOT$MOUNTS/$unit"
    done
    unit=$(mount_unit $KEPT)
    act systemctl disable --quiet --now "$unit" || true
    act rm -f -- "$ROOT$MOUNTS/$unit"
    hollow $KEPT
}
