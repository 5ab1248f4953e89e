package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where a journal stands: its file {@code producer} has another inode in every copy that is made file by file, and the same one wherever its
 * volume is mounted. The device's number is left out, since it may change with each start of the machine.
 *
 * @param host  as {@link Host#id} gives it
 * @param inode a decimal number, {@link #NO_INODE} or {@link #COPY}
 */
record JournalPlace(String host, String inode) {
    /** The file system has no inodes that last, so that nothing can be told from them. */
    static final String NO_INODE = "none";
    /** Known to be a copy, whatever inode it has. */
    static final String COPY = "copy";

    /** These make inodes up, anew with each mount; so may every type that begins with fuse. */
    private static final Set<String> INODES_DO_NOT_LAST =
            Set.of("vfat", "msdos", "exfat", "ntfs", "9p", "virtiofs", "cifs", "smb3", "vboxsf");

    JournalPlace {
        requireNonNull(host, "host");
        requireNonNull(inode, "inode");
    }

    static JournalPlace of(Path file) throws IOException {
        return new JournalPlace(Host.id(), inodeOf(file));
    }

    /** Whether a journal that stood here may be the one that stands there. */
    boolean mayBe(JournalPlace found) {
        return !inode.equals(COPY)
                && (inode.equals(NO_INODE) || found.inode.equals(NO_INODE) || inode.equals(found.inode));
    }

    private static String inodeOf(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix") || !inodesLast(file)) {
            return NO_INODE;
        }
        return Long.toUnsignedString((Long) Files.getAttribute(file, "unix:ino"));
    }

    private static boolean inodesLast(Path file) {
        String type;
        try {
            type = Files.getFileStore(file).type();
        } catch (IOException e) {
            // A sandbox that hides its mounts: a missed copy is noticed later, while a false alarm stops an
            // application.
            return false;
        }
        return !type.startsWith("fuse") && !INODES_DO_NOT_LAST.contains(type);
    }

    @Override
    public String toString() {
        return "inode=" + inode + " host=" + host;
    }
}
