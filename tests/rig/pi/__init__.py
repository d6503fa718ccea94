"""The virtual Pi: a whole machine in QEMU, with a Debian, the box's own units, real pin lines and a sound card."""
