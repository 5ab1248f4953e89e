package dev.firn.benchmarks.latency;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A daemon thread whose failure comes to the one who waits for its end. */
final class Worker {
    private final FutureTask<Void> task;
    private final Thread thread;

    /** What a worker does. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    Worker(String name, Body body) {
        task = new FutureTask<>(() -> {
            body.run();
            return null;
        });
        thread = new Thread(task, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** @throws IllegalStateException if the body failed, or the thread that waits is interrupted, which stays set */
    void join() {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a thread failed: name=" + thread.getName(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a thread: name=" + thread.getName(), e);
        }
    }

    /** Fails if the body has failed; returns at once. */
    void check() {
        if (task.isDone()) {
            join();
        }
    }
}
