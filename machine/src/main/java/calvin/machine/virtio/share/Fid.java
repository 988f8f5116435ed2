package calvin.machine.virtio.share;

/**
 * A client's handle of a file.
 *
 * @param inode number of the file, which may be gone
 * @param open  whether it may be read and written
 */
record Fid(int inode, boolean open) {}
