"""The eye's cameras behind real drivers: picamera2 with libcamera, and V4L2, on a machine of their own in QEMU."""
