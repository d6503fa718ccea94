# The machine's first and only program. What it prints is told outside.
exec >/dev/ttyS1 2>&1
mkdir -p /dev/shm /usr/share/libcamera/pipeline/virtual
mount -t tmpfs shm /dev/shm
cp /rig/tests/rig/cameras/inside/virtual.yaml /usr/share/libcamera/pipeline/virtual/
# picamera2 looks for a Pi's heap by its name. This kernel's own gives the same buffers.
ln -s system /dev/dma_heap/linux,cma
cd /rig || exit
export PYTHONPATH=/rig/tests/rig/cameras/inside/stubs:/rig PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
export HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 LIBCAMERA_LOG_LEVELS='*:ERROR'
python3 -m tests.rig.cameras.inside.look
