package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import dev.firn.event.Event;
import dev.firn.upload.SinkException.Remedy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends one producer's journal to a sink, over one channel.
 *
 * <p>It resumes behind the token that the warehouse committed, sends only what is on disk, and after any doubt opens the channel
 * again, asks for the token and goes back to it. It passes over what the journal lost and knows of, and over nothing else.
 *
 * <p>A record whose content the warehouse refuses at once is found by halving the batch, and a dead letter with its bytes takes its
 * place and its sequence; nothing behind it waits. One that is refused only later, when the token has passed it, gets its dead letter
 * then. Nothing from it on counts as committed until the warehouse has that: so it is found again after a crash.
 *
 * <p>What is under way is bounded. Rows that are not committed in time are taken for lost, whatever the channel says of itself.
 * Failures without any progress raise an alarm; no number of them makes it drop anything.
 *
 * <p><b>Threads.</b> One thread calls {@link #doWork} again and again; nothing here blocks but the sink and the source. Any thread
 * may read the metrics.
 */
public final class JournalUploader implements AutoCloseable {
    private static final long NOWHERE = -1;

    private final RecordSource source;
    private final Sink sink;
    private final ChannelName channelName;
    private final UploaderConfig config;
    private final LongSupplier nanoClock;
    private final KeptPosition kept;
    private final UploadListener listener;
    private final UploadMetrics metrics;
    private final RowAppender appender;
    private final BackOff backOff;

    private @Nullable SinkChannel channel;
    private boolean isConnectionDead;

    /** What was read and not yet handed over. */
    private List<SinkRow> batch = new ArrayList<>();

    private long batchBytes;
    private long batchStartedNs;
    private @Nullable RuntimeException unreadable;
    /** The first sequence that was not read. */
    private long next;
    /** An operator's word that these are in the warehouse. */
    private long acceptedTo;

    private boolean isDraining;

    private final InFlight inFlight = new InFlight();
    /** Refused rows whose dead letters were handed over and are not known to be committed. */
    private final Set<Long> setAside = new HashSet<>();

    private long lookForLettersAtNs;
    /** The token of what was last handed over on this channel. */
    private long sent;
    /** The greatest token that needs nobody else: what was tried on any channel, and what the journal had at the beginning. */
    private long attempted = NOWHERE;
    /** What the channel last said. */
    private long token;

    private long committed;
    private long askedNs;
    private long progressNs;

    private int failures;
    private long retryAtNs;

    /**
     * @param nanoClock as {@code System::nanoTime}; it also varies the waits
     * @param kept      the committed sequence that an earlier uploader learnt, and where each one goes: first of all what the
     *                  warehouse has when its channel is opened, which may be less than what is kept
     * @param metrics   of this journal, from an earlier uploader or new
     */
    public JournalUploader(
            RecordSource source,
            Sink sink,
            UploaderConfig config,
            LongSupplier nanoClock,
            KeptPosition kept,
            UploadListener listener,
            UploadMetrics metrics) {
        this(
                source,
                sink,
                ChannelName.producer(requireNonNull(source, "source").producerId()),
                config,
                nanoClock,
                kept,
                listener,
                metrics);
    }

    /** @param channelName over which the rows go; a replay has one of its own */
    JournalUploader(
            RecordSource source,
            Sink sink,
            ChannelName channelName,
            UploaderConfig config,
            LongSupplier nanoClock,
            KeptPosition kept,
            UploadListener listener,
            UploadMetrics metrics) {
        this.source = source;
        this.sink = requireNonNull(sink, "sink");
        this.channelName = channelName;
        this.config = requireNonNull(config, "config");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock");
        this.kept = requireNonNull(kept, "kept");
        this.listener = requireNonNull(listener, "listener");
        this.metrics = requireNonNull(metrics, "metrics");
        this.appender = new RowAppender(sink.name(), this::deadLettered);
        this.backOff = new BackOff(
                config.firstRetryDelay(),
                config.maxRetryDelay(),
                source.producerId().hashCode() ^ nanoClock.getAsLong());
        this.committed = kept.read();
    }

    public String producerId() {
        return source.producerId();
    }

    /** The last sequence that is known to be in the warehouse, as a row or as its dead letter; what was kept, until it was asked. */
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

    public UploadMetrics metrics() {
        return metrics;
    }

    /** Whether everything that the journal holds now is committed. */
    public boolean isDrained() {
        return isFlushed() && channel != null && pending() == 0;
    }

    /** Whether nothing is under way: all that was read is committed. */
    public boolean isFlushed() {
        return batch.isEmpty() && !isOutstanding();
    }

    /** From now on nothing more is read; what was, is sent without waiting for a full batch. {@link #isFlushed} tells the end. */
    public void drain() {
        isDraining = true;
    }

    /** When the next attempt is made after a failure, on the given clock; 0 if there is nothing to wait for. */
    public long retryAtNs() {
        return failures == 0 ? 0 : retryAtNs;
    }

    /**
     * Does a piece of work: opens the channel, fills the batch, sends it, learns what is committed.
     *
     * @return how much was done, 0 if there was nothing to do
     * @throws UnexplainedTokenException if the warehouse's token does not fit the journal
     * @throws SinkException             if the sink says stop, failed too often without any progress, or another uploader sends the
     *                                   same journal
     * @throws RuntimeException          of the source, if a record is damaged; everything before it is committed then. A
     *                                   later call tries again, and goes on if the journal was repaired
     */
    public int doWork() {
        boolean isWaiting = failures > 0 && nanoClock.getAsLong() - retryAtNs < 0;
        try {
            SinkChannel current = channel;
            if (current == null) {
                return isWaiting ? 0 : open();
            }
            int done = isWaiting ? 0 : fill() + send(current);
            done += acknowledge(current, isWaiting);
            RuntimeException damage = unreadable;
            if (damage != null && isFlushed()) {
                unreadable = null;
                throw damage;
            }
            return done;
        } catch (SinkException failure) {
            retryOrFail(failure);
            return 1;
        }
    }

    private int open() {
        if (isConnectionDead) {
            sink.reconnect();
            isConnectionDead = false;
            metrics.reconnected();
        }
        SinkChannel opened = sink.openChannel(channelName);
        metrics.opened();
        try {
            opened.passOver(source.missing());
            resume(opened, opened.committedToken());
        } catch (RuntimeException e) {
            channel = null;
            abandon(opened, e);
            throw e;
        }
        return 1;
    }

    private void resume(SinkChannel opened, long from) {
        boolean isFirst = attempted == NOWHERE;
        if (!isFirst && from > attempted && !source.missing().cover(attempted + 1, from)) {
            throw taken(from, attempted);
        }
        boolean isExplained = explain(from);
        channel = opened;
        token = from;
        sent = from;
        attempted = Math.max(attempted, isFirst ? Math.max(from, source.lastSequence()) : from);
        keepWhatArrived(from);
        unreadable = null;
        setAside.clear();
        seek(from);
        progressNs = nanoClock.getAsLong();
        askedNs = progressNs;
        if (isExplained) {
            // What the journal no longer has was committed. A lower token is that of a warehouse that was emptied or
            // set back.
            committed = Math.min(from, Math.max(committed, source.firstSequence() - 1));
        } else {
            committed = from;
        }
        long before = committed;
        settle(opened, false);
        if (committed == before) {
            // Also a lower one than is kept: files are deleted on the word of what is kept.
            kept.write(committed);
        }
        metrics.progressed(progressNs);
    }

    /** Rows that were under way and are committed all the same are told of; the other ones are read again. */
    private void keepWhatArrived(long from) {
        if (!batch.isEmpty()) {
            inFlight.add(Batch.of(batch));
        }
        batch = new ArrayList<>();
        batchBytes = 0;
        inFlight.keepUpTo(from);
        showInFlight();
    }

    private void showInFlight() {
        metrics.inFlight(inFlight.rows(), inFlight.bytes());
    }

    /** Behind an accepted token there may be nothing to read from yet, or nothing any more. */
    private void seek(long from) {
        long target = from + 1;
        if (config.acceptToken()) {
            acceptedTo = from;
            long end = Math.max(source.lastSequence(), source.missing().last()) + 1;
            target = Math.max(source.firstSequence(), Math.min(target, end));
        }
        source.seek(target);
        next = target;
    }

    /** Whether the token fits the journal; if it does not, it was accepted. */
    private boolean explain(long from) {
        long first = source.firstSequence();
        long last = source.lastSequence();
        MissingSequences missing = source.missing();
        boolean isOfAnother = from > last && !missing.cover(last + 1, from);
        boolean isHole = !missing.cover(from + 1, first - 1);
        if (!isOfAnother && !isHole || config.acceptToken()) {
            return !isOfAnother && !isHole;
        }
        if (isHole && !isOfAnother) {
            // What is still there must not be deleted as committed.
            kept.write(from);
        }
        throw new UnexplainedTokenException(
                isOfAnother
                        ? "the warehouse holds sequences that this journal never wrote: it is another journal with the same"
                                + " producer id, or an old copy of it: send it under an id of its own"
                        : "the journal no longer has the sequences behind the warehouse's token: restore its files, or the"
                                + " warehouse",
                source.producerId(),
                from,
                first,
                last);
    }

    private SinkException taken(long found, long own) {
        return new SinkException(
                Remedy.STOP,
                "another process uploads the same journal: stop one of them, then start the upload again: producer="
                        + source.producerId() + " token=" + found + " sent=" + own,
                null);
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
        if (unreadable != null || isDraining) {
            return 0;
        }
        try {
            int read = source.poll(batch, limit);
            if (read > 0) {
                next = lastOf(batch) + 1;
            }
            if (acceptedTo > 0) {
                batch.removeIf(row -> row.sequence() <= acceptedTo);
            }
            return read;
        } catch (RuntimeException e) {
            unreadable = e;
            return 0;
        }
    }

    private static long lastOf(List<SinkRow> rows) {
        return rows.get(rows.size() - 1).sequence();
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
                        || isDraining
                        || nanoClock.getAsLong() - batchStartedNs
                                >= config.maxBatchDelay().toNanos());
    }

    private boolean hasRoom() {
        return inFlight.isEmpty()
                || inFlight.batches() < config.maxInFlightBatches()
                        && inFlight.bytes() + batchBytes <= config.maxInFlightBytes();
    }

    private boolean isOutstanding() {
        return !inFlight.isEmpty() || !setAside.isEmpty();
    }

    private int send(SinkChannel to) {
        if (!isDue() || !hasRoom()) {
            return 0;
        }
        source.force();
        if (!isOutstanding()) {
            progressNs = nanoClock.getAsLong();
        }
        Batch whole = Batch.of(batch);
        attempted = Math.max(attempted, whole.token());
        try {
            appender.append(to, whole.rows(), this::handedOver);
        } finally {
            // A failure may come when parts of the batch were taken.
            Batch rest = whole.after(sent);
            batch = new ArrayList<>(rest.rows());
            batchBytes = rest.bytes();
            showInFlight();
        }
        return whole.rows().size();
    }

    private void handedOver(Batch taken) {
        sent = taken.token();
        inFlight.add(taken);
        metrics.appended(taken.rows().size());
    }

    private void deadLettered(SinkRow refused) {
        metrics.deadLettered();
        listener.deadLettered(refused.producerId(), refused.sequence());
    }

    /** Asks what is committed: always while something is under way or in doubt, else now and then. */
    private int acknowledge(SinkChannel from, boolean isWaiting) {
        long nowNs = nanoClock.getAsLong();
        if (!isOutstanding()
                && failures == 0
                && nowNs - askedNs < config.idlePollInterval().toNanos()) {
            return 0;
        }
        askedNs = nowNs;
        long found = from.committedToken();
        if (found > sent) {
            throw taken(found, sent);
        }
        if (found < token) {
            throw new SinkException(
                    Remedy.REOPEN,
                    "the token went back: producer=" + source.producerId() + " from=" + token + " to=" + found,
                    null);
        }
        boolean isNews = found > token || found > committed && nowNs - lookForLettersAtNs >= 0 && !isWaiting;
        token = found;
        int rows = isNews ? settle(from, isWaiting) : 0;
        if (isFlushed()) {
            recovered();
        } else if (isOutstanding()
                && nowNs - progressNs >= config.stallTimeout().toNanos()) {
            throw stalled(nowNs);
        }
        return rows;
    }

    /**
     * Acknowledges what is committed up to the token, but nothing from the first row on that the warehouse dropped and that has no
     * dead letter there yet.
     */
    private int settle(SinkChannel from, boolean isWaiting) {
        if (token <= committed) {
            return 0;
        }
        MissingSequences missing = source.missing();
        // A replay may begin far behind its channel's first token, which is none.
        long before = Math.max(committed, source.firstSequence() - 1);
        List<Long> refused = from.refused(before, token).stream()
                .filter(sequence -> missing.count(sequence, sequence) == 0)
                .toList();
        lookForLettersAtNs = nanoClock.getAsLong();
        int rows = acknowledge(refused.isEmpty() ? token : refused.get(0) - 1);
        setAside.retainAll(refused);
        for (long sequence : refused) {
            if (!isWaiting && !setAside.contains(sequence)) {
                // They go with the last token, which they do not move: whether they arrived is asked by their sequence.
                appender.setAside(from, read(sequence), sent);
                setAside.add(sequence);
                progressNs = nanoClock.getAsLong();
            }
        }
        if (!isWaiting) {
            lookForLettersAtNs += config.idlePollInterval().toNanos();
        }
        return rows;
    }

    private SinkRow read(long sequence) {
        List<SinkRow> rows = new ArrayList<>();
        try {
            source.scan(sequence, sequence, rows::add);
        } finally {
            source.seek(next);
        }
        return rows.get(0);
    }

    private int acknowledge(long upTo) {
        if (upTo <= committed) {
            return 0;
        }
        committed = upTo;
        int rows = 0;
        for (Batch arrived : inFlight.takeUpTo(upTo)) {
            listener.committed(source.producerId(), arrived.token(), arrived.rows());
            rows += arrived.rows().size();
        }
        kept.write(committed);
        progressNs = nanoClock.getAsLong();
        metrics.progressed(progressNs);
        metrics.committed(rows);
        showInFlight();
        recovered();
        return rows;
    }

    private void recovered() {
        failures = 0;
        if (metrics.alarm().isPresent()) {
            metrics.alarm(null);
            listener.alarmCleared(source.producerId());
        }
    }

    private void alarm(String reason) {
        if (metrics.alarm().isEmpty()) {
            metrics.alarm(reason);
            listener.alarm(source.producerId(), reason);
        }
    }

    private SinkException stalled(long nowNs) {
        String reason = "nothing was committed for too long: producer=" + source.producerId() + " ms="
                + (nowNs - progressNs) / 1_000_000 + " committed=" + committed + " token=" + token + " sent=" + sent
                + " inFlightRows=" + inFlight.rows() + " inFlightBytes=" + inFlight.bytes() + " deadLetters="
                + setAside.size();
        metrics.stalled();
        alarm(reason);
        return new SinkException(Remedy.REOPEN, reason, null);
    }

    private void retryOrFail(SinkException failure) {
        Remedy remedy = failure.remedy();
        metrics.failed(remedy);
        failures++;
        // Want of room while commits are awaited is nothing unusual; whether they come is the watchdog's to see.
        boolean isBackPressure = remedy == Remedy.RETRY && isOutstanding();
        boolean isEnd = remedy == Remedy.STOP || failures >= config.maxAttempts() && !isBackPressure;
        boolean isTooMuch = isEnd || failures >= config.alarmAttempts() && !isBackPressure;
        if (remedy != Remedy.RETRY || isTooMuch) {
            abandonChannel(failure);
        }
        isConnectionDead |= remedy == Remedy.RECREATE;
        retryAtNs = nanoClock.getAsLong() + backOff.nextNs(failures);
        if (isTooMuch) {
            alarm(String.valueOf(failure.getMessage()));
        }
        if (isEnd) {
            throw failure;
        }
        listener.retrying(source.producerId(), failures, failure);
    }

    private void abandonChannel(SinkException because) {
        SinkChannel old = channel;
        channel = null;
        if (old != null) {
            abandon(old, because);
        }
    }

    private static void abandon(SinkChannel old, RuntimeException because) {
        try {
            old.abandon();
        } catch (SinkException alsoFailed) {
            because.addSuppressed(alsoFailed);
        }
    }

    /** Closes channel and source, without waiting for what is under way: the next uploader sends again what is not committed. */
    @Override
    public void close() {
        try (source) {
            SinkChannel old = channel;
            channel = null;
            if (old != null && isOutstanding()) {
                old.abandon();
            } else if (old != null) {
                old.close();
            }
        }
    }
}
