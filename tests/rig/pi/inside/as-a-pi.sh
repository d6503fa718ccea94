# From now on this disk is a virtual Pi's: its devices at boot, and the walk after it. What the rig brings of its own
# comes with each boot from outside, in /rig.
set -e
mkdir -p /var/lib/rig /etc/systemd/system/mien-eye.service.d /etc/systemd/system/mien-fault@.service.d
cp /as-a-pi/rig.service /as-a-pi/devices.service /etc/systemd/system/
cp /as-a-pi/mien-eye.conf /etc/systemd/system/mien-eye.service.d/rig.conf
cp /as-a-pi/mien-eye.conf /etc/systemd/system/mien-fault@.service.d/rig.conf
cp /as-a-pi/alone.conf /etc/systemd/system/mien-eye.service.d/
cat >/etc/fstab <<'TEXT'
/dev/vda / ext4 defaults,noatime 0 1
rig /rig 9p trans=virtio,version=9p2000.L,msize=131072 0 0
TEXT
cat >>/etc/mien/mien.toml <<'TEXT'
crossfade_now = true
fade_in = 1.0
fade_out = 1.0

[manners]
absent = 3600.0
TEXT
cat >/etc/mien/mpd-own.conf <<'TEXT'
audio_output {
    type "alsa"
    name "loopback"
    device "hw:Loopback,0,0"
    format "32000:16:2"
    mixer_type "software"
}
TEXT
systemctl daemon-reload
systemctl enable --quiet devices.service rig.service
systemctl mask --quiet apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer
