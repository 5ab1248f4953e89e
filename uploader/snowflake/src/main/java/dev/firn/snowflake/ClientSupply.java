package dev.firn.snowflake;

import static java.util.Objects.requireNonNull;

import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one client of a streaming library. Making it asks the server and may take for ever, so that happens on a
 * thread of its own; whoever needs it waits for a time, and the next one waits again for the same.
 *
 * <p><b>Threads.</b> One, beside those that it starts.
 *
 * @param <C> the client
 */
public final class ClientSupply<C> {
    private final String threadName;
    private final Callable<C> maker;
    private final Consumer<C> closer;
    private @Nullable CompletableFuture<C> client;

    /**
     * @param maker  runs on a daemon thread
     * @param closer on any thread
     */
    public ClientSupply(String threadName, Callable<C> maker, Consumer<C> closer) {
        this.threadName = requireNonNull(threadName, "threadName");
        this.maker = requireNonNull(maker, "maker");
        this.closer = requireNonNull(closer, "closer");
    }

    /**
     * The client; made, if there is none or the last attempt failed.
     *
     * @param attempt begins the message of a failure
     * @param failure what an error of the maker means
     * @throws SinkException if it is not there in time, or could not be made
     */
    public C get(Duration within, String attempt, Function<Throwable, SinkException> failure) {
        CompletableFuture<C> making = client;
        if (making == null) {
            making = make();
            client = making;
        }
        try {
            return making.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new SinkException(
                    Remedy.REOPEN,
                    attempt + ": no answer within " + within + ", goes on trying: check SNOWFLAKE_HOST and the network",
                    null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SinkException(Remedy.REOPEN, attempt + ": interrupted", e);
        } catch (ExecutionException e) {
            client = null;
            throw failure.apply(e.getCause());
        }
    }

    private CompletableFuture<C> make() {
        CompletableFuture<C> made = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        C ready = maker.call();
                        if (!made.complete(ready)) {
                            closer.accept(ready);
                        }
                    } catch (Throwable e) {
                        // To whoever waits for it: errors too, such as a native library that does not load.
                        made.completeExceptionally(e);
                    }
                },
                threadName);
        thread.setDaemon(true);
        thread.start();
        return made;
    }

    /** The client, if one is ready. */
    public Optional<C> ready() {
        CompletableFuture<C> made = client;
        return made == null || !made.isDone() || made.isCompletedExceptionally()
                ? Optional.empty()
                : Optional.of(made.join());
    }

    /** Closes the client, at once or as soon as it is made; the next one who needs one has another made. */
    public void discard() {
        CompletableFuture<C> old = client;
        client = null;
        if (old != null && !old.cancel(false) && !old.isCompletedExceptionally()) {
            closer.accept(old.join());
        }
    }
}
