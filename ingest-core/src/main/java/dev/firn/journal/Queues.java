package dev.firn.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.table.AbstractTSQueueLock;
import net.openhft.chronicle.wire.Wires;

/** Opens Chronicle queues, the same way each time: another roll cycle on an existing directory would change every index. */
final class Queues {
    static final RollCycles ROLL_CYCLE = RollCycles.FAST_HOURLY;
    /** Each so many records of a file have an entry in its index. */
    static final int INDEX_SPACING = ROLL_CYCLE.defaultIndexSpacing();
    /** The index has a page for each so many records. */
    static final long INDEX_PAGE_RECORDS = (long) INDEX_SPACING * ROLL_CYCLE.defaultIndexCount();
    /** The file by which the queue finds its files. */
    static final String TABLE = "metadata.cq4t";
    /** A file grows by blocks and ends with one overlap. */
    static final long BLOCK_BYTES = 64L << 20;

    static final long OVERLAP_BYTES = BLOCK_BYTES / 4;
    private static final long LOCK_TIMEOUT_MS = 500;
    private static final int TABLE_BEGIN_BYTES = 4_096;
    private static final int TABLE_TITLE_BYTES = 64;
    private static final String WRITE_LOCK_KEY = "chronicle.write.lock";

    private Queues() {}

    /** For the only writer. Its time provider alone decides when a new file begins. */
    static SingleChronicleQueue openForWriting(Path directory, TimeProvider time) {
        JvmSetup.prepare();
        return builder(directory).timeProvider(time).build();
    }

    /**
     * Takes the queue's own lock away from a writer that was killed within an append; waiting until it counts as dead takes most of a second.
     * For the holder of the {@link WriterLock}: nobody else appends.
     */
    static void forgetKilledWriter(SingleChronicleQueue queue) {
        queue.tableStorePut(WRITE_LOCK_KEY, AbstractTSQueueLock.UNLOCKED);
    }

    /**
     * For a reader in any process. It maps files read-only: nothing that a reader does can change the journal, not even a file that was cut
     * short, which a writable mapping would silently fill up with zeros.
     */
    static SingleChronicleQueue openForReading(Path directory) {
        JvmSetup.prepare();
        return builder(directory).readOnly(true).build();
    }

    /**
     * Enters the files that are there into the table by which readers find them. A power cut can leave it older than the files; it is the one
     * thing in the directory that is not part of the record.
     */
    static void renewTable(Path directory) {
        openForWriting(directory, new MonotoneTime(0)).close();
    }

    /**
     * False if there is a table, but one that the queue cannot use. It would take tens of seconds to notice, and then work without one, so that
     * readers see no new file.
     */
    static boolean isTableSound(Path directory) throws IOException {
        byte[] begin;
        try (InputStream table = Files.newInputStream(directory.resolve(TABLE))) {
            begin = table.readNBytes(TABLE_BEGIN_BYTES);
        } catch (NoSuchFileException e) {
            return true;
        }
        if (begin.length < TABLE_BEGIN_BYTES) {
            return false;
        }
        int header = ByteBuffer.wrap(begin).order(ByteOrder.LITTLE_ENDIAN).getInt();
        String text = new String(begin, 0, TABLE_TITLE_BYTES, StandardCharsets.ISO_8859_1);
        return Wires.isReadyMetaData(header) && text.contains("header") && text.contains("STStore");
    }

    private static SingleChronicleQueueBuilder builder(Path directory) {
        Jvm.disablePerfHandler();
        return SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(ROLL_CYCLE)
                .blockSize(BLOCK_BYTES)
                .timeoutMS(LOCK_TIMEOUT_MS);
    }
}
