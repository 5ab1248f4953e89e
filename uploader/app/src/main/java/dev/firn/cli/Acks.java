package dev.firn.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Tells how far a journal is durable: a line {@code durable N} at the start, one whenever that moves, and the last one when
 * it is closed. A line is printed after its records are on disk and handed to the system at once, so that whoever has read it
 * can count on it, however this process ends.
 *
 * <p>A thread of its own, since the one that reads the input may wait for it.
 */
final class Acks {
    /** As often as records are brought onto the disk, or more. */
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long NOTHING_YET = -1;

    private final PrintStream out;
    private final LongSupplier durable;
    private final Thread thread;
    private volatile boolean ended;
    private long told = NOTHING_YET;

    private Acks(PrintStream out, LongSupplier durable) {
        this.out = out;
        this.durable = durable;
        this.thread = new Thread(this::run, "firn-ack");
        thread.setDaemon(true);
    }

    /**
     * @param out     flushes each line
     * @param durable the last sequence that is on disk, never less than before
     */
    static Acks start(PrintStream out, LongSupplier durable) {
        Acks acks = new Acks(out, durable);
        acks.thread.start();
        return acks;
    }

    private void run() {
        do {
            look();
            LockSupport.parkNanos(this, POLL_NS);
        } while (!ended);
        look();
    }

    private void look() {
        long now = durable.getAsLong();
        if (now != told) {
            told = now;
            out.println("durable " + now);
        }
    }

    /** Returns once the last line is printed. */
    void close() {
        ended = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
