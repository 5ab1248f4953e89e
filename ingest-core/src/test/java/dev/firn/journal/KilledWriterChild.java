package dev.firn.journal;

import java.nio.file.Path;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/** A process that appends to a journal and ends within the next append, as by SIGKILL: the queue's own lock stays taken, by its PID. */
final class KilledWriterChild {
    static final int EXIT = 137;

    private KilledWriterChild() {}

    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        Journal journal = Journal.open(directory);
        Samples.append(journal, Samples.START_MICROS);
        journal.sync();
        // The journal's append cannot be stopped half-way; this is the same call on the same files.
        SingleChronicleQueue queue =
                Queues.openForWriting(directory.resolve(Journal.QUEUE_DIRECTORY), () -> Samples.START_MICROS / 1_000);
        DocumentContext unfinished = queue.createAppender().writingDocument();
        System.out.println("pid " + ProcessHandle.current().pid() + " open=" + unfinished.isOpen() + " lockedBy="
                + (int) queue.tableStoreGet("chronicle.write.lock") + " appended=" + journal.lastSequence());
        Runtime.getRuntime().halt(EXIT);
    }
}
