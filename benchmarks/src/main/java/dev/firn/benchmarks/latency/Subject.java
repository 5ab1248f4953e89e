package dev.firn.benchmarks.latency;

import dev.firn.ingest.IngestConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is measured: Firn in its ways of use, what an application would use instead, and what the machine would allow. */
enum Subject {
    FIRN(
            "emit of an event built beforehand",
            "what is appended: about 1 ms behind, at most a ring",
            "what is synced, every 10 ms; the caller can wait for it",
            (path, input) -> FirnTarget.byReference(path, IngestConfig.DEFAULT_SYNC_INTERVAL, input.events())),
    FIRN_FRESH("the same, every event used once", FIRN.afterKill, FIRN.afterPowerCut, FIRN.opener, Phase.SCHEDULED),
    FIRN_ENCODING(
            "event(…)….emit(): the caller encodes, with all rules checked",
            FIRN.afterKill,
            FIRN.afterPowerCut,
            (path, input) -> FirnTarget.encoding(path, IngestConfig.DEFAULT_SYNC_INTERVAL, input.messages())),
    FIRN_NO_SYNC(
            "as firn-encoding, synced once a second, the longest interval there is",
            FIRN.afterKill,
            "what is synced, every second",
            (path, input) -> FirnTarget.encoding(path, Duration.ofSeconds(1), input.messages()),
            Phase.SATURATED),
    LOG4J2(
            "Log4j2 async, the caller encodes, hashes and logs the line; flushed after each batch",
            "what is written: at most a ring and a batch behind",
            "nothing is promised",
            (path, input) -> Log4jTarget.lines(path, false, input.messages())),
    LOG4J2_FLUSHING(
            "the same, flushed after each event: Log4j2's default",
            LOG4J2.afterKill,
            LOG4J2.afterPowerCut,
            (path, input) -> Log4jTarget.lines(path, true, input.messages())),
    LOG4J2_TUNED(
            "Log4j2 async with a layout of our own that hashes on its thread; the caller encodes",
            LOG4J2.afterKill,
            LOG4J2.afterPowerCut,
            (path, input) -> Log4jTarget.tuned(path, input.messages())),
    LOG4J2_PREPARED(
            "the same, the text made beforehand, by reference",
            LOG4J2.afterKill,
            LOG4J2.afterPowerCut,
            (path, input) -> Log4jTarget.prepared(path, input.messages())),
    QUEUE(
            "ArrayBlockingQueue.put of an event built beforehand, a writer to the same journal",
            "what is appended: at most a queue and a batch behind",
            "what is synced, every 10 ms",
            (path, input) -> new QueueTarget(path, input.events())),
    NDJSON_BUFFERED(
            "synchronized BufferedOutputStream, the caller encodes and hashes",
            "what is written: at most 64 KiB behind",
            "nothing is promised",
            (path, input) -> new BufferedLinesTarget(path, input.messages())),
    NDJSON_DIRECT(
            "one write of the system for each line, the caller encodes and hashes",
            "every event that was taken",
            "nothing is promised",
            (path, input) -> new DirectLinesTarget(path, input.messages())),
    CHRONICLE(
            "a Chronicle Queue under a lock, the caller encodes, hashes and appends",
            "every event that was taken",
            "what is synced, every 10 ms",
            (path, input) -> new ChronicleTarget(path, input.messages())),
    SQLITE(
            "SQLite, a transaction for each event, the caller encodes and hashes",
            "every event that was taken",
            "what is in the last checkpoint",
            (path, input) -> new SqliteTarget(path, input.messages())),
    LIMIT("two threads that share encoding, hashing, hand-over and writing into mapped memory evenly", "-", "-");

    /** SQLite does not take more. */
    private static final int SQLITE_DIVISOR = 20;

    private final String what;
    private final String afterKill;
    private final String afterPowerCut;
    private final Optional<Opener> opener;
    private final Set<Phase> phases;

    /** What a subject goes through. */
    enum Phase {
        /** Events on a schedule: latency. */
        SCHEDULED,
        /** Events as fast as they are taken: throughput. */
        SATURATED
    }

    /** Makes a target. */
    @FunctionalInterface
    interface Opener {
        /** @param path a file or directory that is not there yet */
        Target open(Path path, Input input) throws Exception;
    }

    Subject(String what, String afterKill, String afterPowerCut) {
        this(what, afterKill, afterPowerCut, Optional.empty());
    }

    Subject(String what, String afterKill, String afterPowerCut, Opener opener) {
        this(what, afterKill, afterPowerCut, Optional.of(opener), Phase.values());
    }

    Subject(String what, String afterKill, String afterPowerCut, Opener opener, Phase phase) {
        this(what, afterKill, afterPowerCut, Optional.of(opener), phase);
    }

    Subject(String what, String afterKill, String afterPowerCut, Optional<Opener> opener, Phase... phases) {
        this.what = what;
        this.afterKill = afterKill;
        this.afterPowerCut = afterPowerCut;
        this.opener = opener;
        this.phases = Set.of(phases);
    }

    /** As on the command line. */
    static Subject named(String name) {
        return Stream.of(values())
                .filter(subject -> subject.title().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such subject: name=" + name));
    }

    /** As on the command line and in the tables. */
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String what() {
        return what;
    }

    /** What is still there after the process was killed. */
    String afterKill() {
        return afterKill;
    }

    /** What is still there after the machine lost its power. */
    String afterPowerCut() {
        return afterPowerCut;
    }

    boolean isFirn() {
        return this == FIRN || this == FIRN_FRESH || this == FIRN_ENCODING || this == FIRN_NO_SYNC;
    }

    boolean has(Phase phase) {
        return phases.contains(phase);
    }

    Load share(Load load) {
        return this == SQLITE ? load.dividedBy(SQLITE_DIVISOR) : load;
    }

    /** @param path a file or directory that is not there yet */
    Target open(Path path, Input input) throws Exception {
        return opener.orElseThrow().open(path, input);
    }
}
