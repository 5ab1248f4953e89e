package dev.firn.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a command finish by itself when its process is told to stop, for as long as half a minute. */
final class StopSignal implements AutoCloseable {
    private static final long STOP_WITHIN_S = 30;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread interrupter;
    private volatile boolean isGiven;

    /** @param tooLate is told if the command takes too long */
    StopSignal(Runnable tooLate) {
        this.interrupter = new Thread(() -> stop(tooLate), "firn-stop");
        Runtime.getRuntime().addShutdownHook(interrupter);
    }

    private void stop(Runnable tooLate) {
        isGiven = true;
        try {
            if (!finished.await(STOP_WITHIN_S, TimeUnit.SECONDS)) {
                tooLate.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process was told to stop. */
    boolean isGiven() {
        return isGiven;
    }

    /** The command has finished. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(interrupter);
        } catch (IllegalStateException e) {
            // The process is ending already.
            return;
        }
    }
}
