package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import dev.firn.event.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends one producer's journal to a sink, over one channel.
 *
 * <p>It resumes behind the token that the warehouse committed, sends only what is on disk, and after any failure asks for
 * the token again and goes back to it. It passes over what the journal lost and knows of, and over nothing else. A record
 * whose content the warehouse refuses is found by halving the batch, and a dead letter with its bytes takes its place and its
 * sequence; nothing behind it waits.
 *
 * <p><b>Threads.</b> One thread calls {@link #doWork} again and again; nothing here blocks but the sink and the source.
 */
public final class JournalUploader implements AutoCloseable {
    private final RecordSource source;
    private final Sink sink;
    private final UploaderConfig config;
    private final LongSupplier nanoClock;
    private final LongConsumer committedWriter;
    private final UploadListener listener;

    private final RowAppender appender;
    private final Deque<RowAppender.Batch> inFlight = new ArrayDeque<>();
    private List<SinkRow> batch = new ArrayList<>();
    private long batchBytes;
    private long batchStartedNs;
    private @Nullable SinkChannel channel;
    private @Nullable RuntimeException unreadable;
    private long committed;
    private int attempts;
    private long retryAtNs;

    /**
     * @param nanoClock       as {@code System::nanoTime}
     * @param committedWriter is given each committed sequence, to be kept where the journal is: first of all what the
     *                        warehouse has when its channel is opened, which may be less than what is kept there
     */
    public JournalUploader(
            RecordSource source,
            Sink sink,
            UploaderConfig config,
            LongSupplier nanoClock,
            LongConsumer committedWriter,
            UploadListener listener) {
        this.source = requireNonNull(source, "source");
        this.sink = requireNonNull(sink, "sink");
        this.config = requireNonNull(config, "config");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock");
        this.committedWriter = requireNonNull(committedWriter, "committedWriter");
        this.listener = requireNonNull(listener, "listener");
        this.appender = new RowAppender(
                sink.name(), refused -> listener.deadLettered(refused.producerId(), refused.sequence()));
    }

    public String producerId() {
        return source.producerId();
    }

    /** The last sequence that is known to be in the warehouse. */
    public long committed() {
        return committed;
    }

    /** How many records the journal holds now that are not committed. */
    public long pending() {
        long last = source.lastSequence();
        return last <= committed ? 0 : last - committed - source.missing().count(committed + 1, last);
    }

    /** What the journal lost and knows of: the upload passes over it. */
    public MissingSequences missing() {
        return source.missing();
    }

    /** Whether everything that the journal holds now is committed. */
    public boolean isDrained() {
        return channel != null && batch.isEmpty() && inFlight.isEmpty() && pending() == 0;
    }

    /** When the next call makes sense after a failure, on the given clock; 0 if there is nothing to wait for. */
    public long retryAtNs() {
        return attempts == 0 ? 0 : retryAtNs;
    }

    /**
     * Does a piece of work: opens the channel, fills the batch, sends it, learns what is committed.
     *
     * @return how much was done, 0 if there was nothing to do
     * @throws UnexplainedTokenException if the warehouse's token does not fit the journal
     * @throws SinkException             if the sink says stop, or failed too often without any progress
     * @throws RuntimeException          of the source, if a record is damaged; everything before it is committed then. A
     *                                   later call tries again, and goes on if the journal was repaired
     */
    public int doWork() {
        if (attempts > 0 && nanoClock.getAsLong() - retryAtNs < 0) {
            return 0;
        }
        try {
            if (channel == null) {
                resume(sink.openChannel(ChannelName.producer(source.producerId())));
                return 1;
            }
            int read = fill();
            int sent = isDue() ? send(channel) : 0;
            int done = read + sent + acknowledge(channel);
            RuntimeException damage = unreadable;
            if (damage != null && batch.isEmpty() && inFlight.isEmpty()) {
                unreadable = null;
                throw damage;
            }
            return done;
        } catch (SinkException failure) {
            retryOrFail(failure);
            return 1;
        }
    }

    private void resume(SinkChannel opened) {
        long token;
        try {
            token = opened.committedToken();
            explain(token);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        channel = opened;
        acknowledge(token);
        acknowledgeUnsent(token);
        batch = new ArrayList<>();
        batchBytes = 0;
        inFlight.clear();
        unreadable = null;
        source.seek(token + 1);
        // Also a lower one, of a warehouse that was emptied or set back: files are deleted on the word of what is kept.
        committedWriter.accept(token);
        committed = token;
    }

    /** An append that failed may have been committed all the same. */
    private void acknowledgeUnsent(long token) {
        List<SinkRow> arrived = batch.stream()
                .filter(row -> row.sequence() > committed && row.sequence() <= token)
                .toList();
        if (!arrived.isEmpty()) {
            attempts = 0;
            listener.committed(source.producerId(), token, arrived);
        }
    }

    private void explain(long token) {
        long first = source.firstSequence();
        long last = source.lastSequence();
        MissingSequences missing = source.missing();
        if (token > last && !missing.cover(last + 1, token)) {
            throw new UnexplainedTokenException(
                    "the warehouse holds sequences that this journal never wrote: it is another journal with the same"
                            + " producer id, or an old copy of it",
                    source.producerId(),
                    token,
                    first,
                    last);
        }
        if (!missing.cover(token + 1, first - 1)) {
            // What is still there must not be deleted as committed.
            committedWriter.accept(token);
            throw new UnexplainedTokenException(
                    "the journal no longer has the sequences behind the warehouse's token: restore its files, or the"
                            + " warehouse",
                    source.producerId(),
                    token,
                    first,
                    last);
        }
    }

    private int fill() {
        int before = batch.size();
        int read;
        do {
            int from = batch.size();
            read = isFull() ? 0 : poll(Math.min(config.maxBatchRows() - from, rowsForBytes()));
            for (int i = from; i < batch.size(); i++) {
                batchBytes += batch.get(i).payload().length;
            }
        } while (read > 0);
        if (before == 0 && !batch.isEmpty()) {
            batchStartedNs = nanoClock.getAsLong();
        }
        return batch.size() - before;
    }

    /** What is whole before a damaged record is sent; then the damage is reported. */
    private int poll(int limit) {
        try {
            return unreadable == null ? source.poll(batch, limit) : 0;
        } catch (RuntimeException e) {
            unreadable = e;
            return 0;
        }
    }

    /** So few that records of the greatest length exceed the limit of bytes by one at most. */
    private int rowsForBytes() {
        return (int) Math.max(1, (config.maxBatchBytes() - batchBytes) / Event.MAX_CANONICAL_LENGTH);
    }

    private boolean isFull() {
        return batch.size() >= config.maxBatchRows() || batchBytes >= config.maxBatchBytes();
    }

    private boolean isDue() {
        return !batch.isEmpty()
                && (isFull()
                        || unreadable != null
                        || nanoClock.getAsLong() - batchStartedNs
                                >= config.maxBatchDelay().toNanos());
    }

    private int send(SinkChannel to) {
        source.force();
        List<SinkRow> rows = batch;
        appender.append(to, rows, inFlight::add);
        batch = new ArrayList<>();
        batchBytes = 0;
        return rows.size();
    }

    private int acknowledge(SinkChannel from) {
        return inFlight.isEmpty() ? 0 : acknowledge(from.committedToken());
    }

    private int acknowledge(long token) {
        int rows = 0;
        for (RowAppender.Batch first = inFlight.peek();
                first != null && first.token() <= token;
                first = inFlight.peek()) {
            inFlight.remove();
            committed = first.token();
            attempts = 0;
            listener.committed(source.producerId(), committed, first.rows());
            rows += first.rows().size();
        }
        if (rows > 0) {
            committedWriter.accept(committed);
        }
        return rows;
    }

    private void retryOrFail(SinkException failure) {
        try {
            closeChannel();
        } catch (SinkException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
        attempts++;
        if (failure.remedy() == SinkException.Remedy.STOP || attempts >= config.maxAttempts()) {
            throw failure;
        }
        long delayNs = config.firstRetryDelay().toNanos() << Math.min(attempts - 1, 30);
        retryAtNs =
                nanoClock.getAsLong() + Math.min(delayNs, config.maxRetryDelay().toNanos());
        listener.retrying(source.producerId(), attempts, failure);
    }

    private void closeChannel() {
        SinkChannel old = channel;
        channel = null;
        if (old != null) {
            old.close();
        }
    }

    /** Closes channel and source; what is not committed is sent again by the next uploader. */
    @Override
    public void close() {
        try (source) {
            closeChannel();
        }
    }
}
