package dev.firn.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The lines of the journal that move its watermarks, around a disk that is a few numbers: with the queue behind them no tool could run them
 * step by step, and a copy would go stale. The lines are put in from the journal's source by {@link #source()}; as it stands here the class
 * can only be compiled, which is why it holds what only those lines use, such as the {@link UncheckedIOException} for a disk that refuses.
 */
@SuppressWarnings({"unused", "SameParameterValue", "FieldMayBeFinal"})
final class ExtractedJournal implements Interleavings.Watermarked {
    private static final String JOURNAL = "dev.firn.journal.Journal";
    private static final VarHandle APPENDED;

    static {
        try {
            APPENDED = MethodHandles.lookup().findVarHandle(ExtractedJournal.class, "appended", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final String QUEUE_DIRECTORY = "queue";
    private static final Path directory = new Path();

    private final Disk files = new Disk();
    private final Disk state = files;
    private final Disk appender = files;
    private int cycle = Integer.MIN_VALUE;
    private boolean broken;
    private boolean unsyncable;
    private volatile long appended;
    private volatile long durable;

    /** Each record is in a file of its own. */
    private static final class Disk {
        private volatile long written;
        private volatile int filesBegun;
        private volatile long onDisk;

        int cycle() {
            return (int) written;
        }

        void begun(Path file) {
            filesBegun++;
        }

        /** A file of which it was not told it cannot force. */
        void force() throws IOException {
            int known = filesBegun;
            onDisk = Math.max(onDisk, Math.min(known, written));
        }

        void durable(long sequence) throws IOException {
            // The journal notes it in a file.
        }
    }

    /** In the place of the real one, which Lincheck lets nobody use. */
    private static final class Path {
        Path resolve(String name) {
            return this;
        }
    }

    private static final class CycleFile {
        static String nameOf(int cycle) {
            return "file";
        }
    }

    /** This class with the journal's lines in it. */
    static ChangedSource source() {
        String journal = ChangedSource.read(JOURNAL);
        return ChangedSource.ofTest(ExtractedJournal.class.getName())
                .replacing(marker("lastSequence"), body(journal, "public long lastSequence() {", ""))
                .replacing(marker("append"), body(journal, "private long publishQueued() {", ""))
                .replacing(marker("sync"), body(journal, "public long sync() {", "            long target"))
                // What ends the journal's block that is synchronized.
                .replacing("            return durable;\n        }", "            return durable;");
    }

    /** What stands in a method, from some line of it on. */
    private static String body(String source, String method, String from) {
        int begin = source.indexOf(method);
        int end = source.indexOf("\n    }\n", begin);
        int first = from.isEmpty() ? source.indexOf('\n', begin) : source.indexOf(from, begin);
        if (begin < 0 || end < 0 || first < 0 || first > end) {
            throw new AssertionError("not in the journal's source: " + method + " " + from);
        }
        return source.substring(first, end);
    }

    /** The line that gives way to a method's own. */
    private static String marker(String method) {
        return "throw notExtracted(\"" + method + "\");";
    }

    private static IllegalStateException notExtracted(String method) {
        return new IllegalStateException("not extracted: " + method);
    }

    private void begin(Path file) {
        // Where the watermarks do not look.
    }

    private void continueBehind(long end) {
        // There neither.
    }

    private long write() {
        files.written++;
        return 0;
    }

    @Override
    public long onDisk() {
        return files.onDisk;
    }

    @Override
    public long durableSequence() {
        return durable;
    }

    @Override
    public long lastSequence() {
        throw notExtracted("lastSequence");
    }

    @Override
    public long append() {
        throw notExtracted("append");
    }

    @Override
    public synchronized long sync() {
        throw notExtracted("sync");
    }
}
