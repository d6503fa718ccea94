# From now on this disk is a virtual Pi's: its devices at boot, the walk after it, and patience, for it is emulated.
set -e
cp /rig/rig.service /rig/devices.service /etc/systemd/system/
echo '/dev/vda / ext4 defaults,noatime 0 1' >/etc/fstab
for half in mien mien-eye mien-mpd; do
    mkdir -p "/etc/systemd/system/$half.service.d"
    cp /rig/slow.conf "/etc/systemd/system/$half.service.d/slow.conf"
done
cp /rig/mien-eye.conf /etc/systemd/system/mien-eye.service.d/rig.conf
cat >/etc/mien/eye.toml <<'TEXT'
[camera]
source = "replay:/var/lib/rig/scene"

[pace]
alone = 0.5
company = 1.0
TEXT
cat >>/etc/mien/mien.toml <<'TEXT'

[manners]
absent = 3600.0
TEXT
cat >/etc/mien/mpd-own.conf <<'TEXT'
audio_output {
    type "alsa"
    name "loopback"
    device "hw:Loopback,0,0"
    format "48000:16:2"
    mixer_type "software"
}
TEXT
systemctl daemon-reload
systemctl enable --quiet devices.service rig.service
