# The pins of a Pi as a bank of lines, and the rest. As on Raspberry Pi OS, the group gpio may use the pins.
set -ex
getent group gpio >/dev/null || groupadd --system gpio
mkdir -p /run/rig
modprobe configfs
[ -d /sys/module/mien_pins ] || insmod /rig/mien-pins.ko
mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
mkdir -p /sys/kernel/config/gpio-sim/pi/bank
echo 54 >/sys/kernel/config/gpio-sim/pi/bank/num_lines
echo 1 >/sys/kernel/config/gpio-sim/pi/live
echo pull-up >/sys/devices/platform/gpio-sim.0/gpiochip0/sim_gpio23/pull
chgrp gpio /dev/gpiochip0
chmod 660 /dev/gpiochip0
modprobe snd-aloop
