package io.packstone.metadata;

/** What tells a file that was not touched since: inode, device and change time (POSIX st_ino, st_dev, st_ctim). */
public record Fingerprint(long inode, long device, Timestamp changed) {
    /** For what has no inode, such as standard input. */
    public static final Fingerprint NONE = new Fingerprint(0, 0, Timestamp.EPOCH);
}
