"""What the virtual Pi's first file system holds."""

from tests.rig.pi.kernel import wanted

TABLE = """\
kernel/fs/ext4/ext4.ko: kernel/lib/crc16.ko kernel/fs/mbcache.ko kernel/fs/jbd2/jbd2.ko
kernel/fs/jbd2/jbd2.ko:
kernel/fs/mbcache.ko:
kernel/lib/crc16.ko:
kernel/drivers/virtio_blk.ko: kernel/lib/crc16.ko
"""


def test_a_module_comes_after_all_that_it_needs_and_only_once() -> None:
    order = wanted(TABLE, ("ext4", "virtio_blk"))
    assert order[-1] == "kernel/drivers/virtio_blk.ko"
    assert order.index("kernel/fs/jbd2/jbd2.ko") < order.index("kernel/fs/ext4/ext4.ko")
    assert len(order) == len(set(order)) == 5


def test_a_packed_module_is_found_and_one_that_is_built_in_is_not_wanted() -> None:
    table = "kernel/drivers/block/virtio_blk.ko.xz:\n"
    assert wanted(table, ("virtio_pci", "virtio_blk")) == ["kernel/drivers/block/virtio_blk.ko.xz"]
