package dev.firn.cli;

import dev.firn.event.Event;
import dev.firn.event.EventTime;
import dev.firn.event.InvalidEventException;
import dev.firn.journal.DamagedJournalException;
import dev.firn.journal.ProducerId;
import dev.firn.sink.duckdb.DuckDbSink;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import dev.firn.upload.ChannelName;
import dev.firn.upload.JournalSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.KeptPosition;
import dev.firn.upload.Replay;
import dev.firn.upload.SequenceSet;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploaderConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends again what the warehouse lacks, or a whole range. */
@Command(
        name = "replay",
        description = {
            "Send a range of a journal to the warehouse again: what is missing there, or with --all everything.",
            "Rows keep producer and sequence; the position of the upload does not move. Only what was committed once"
                    + " is sent; the rest is the upload's. Done when all of it is committed."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
    private static final int SHOWN_RANGES = 20;
    private static final long IDLE_MS = 10;
    private static final UploaderConfig CONFIG =
            UploaderConfig.builder().maxBatchDelay(Duration.ZERO).build();
    private static final long DRAIN_WITHIN_NS = TimeUnit.SECONDS.toNanos(25);

    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Mixin
    private SinkOption sinkOption = new SinkOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--journal", paramLabel = "NAME", description = "the journal (default: the only one)")
    private @Nullable String journal;

    @Option(names = "--from", paramLabel = "SEQ", defaultValue = "1", description = "first sequence (default: 1)")
    private long from = 1;

    @Option(names = "--to", paramLabel = "SEQ", description = "last sequence (default: the last that is committed)")
    private long to = Long.MAX_VALUE;

    @Option(names = "--since", paramLabel = "TIME", description = "received at or after, RFC 3339 with a zone")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "received before, RFC 3339 with a zone")
    private @Nullable String until;

    @Option(names = "--all", description = "send what is there already too; EVENTS then counts one more copy of each")
    private boolean all;

    @Option(names = "--dry-run", description = "say what is there and what is missing, and send nothing")
    private boolean dryRun;

    private final Console console;
    private final Clock clock = Clock.systemUTC();

    ReplayCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws SQLException, InterruptedException {
        Replay.Selection selection = selection();
        DataDirectory directory = directoryOption.directory(console);
        boolean isEmbedded = sinkOption.isEmbedded();
        Path path = journal(directory);
        String bound = sinkOption.bound(directory);
        try (JournalSource source = JournalSource.open(path)) {
            return isEmbedded
                    ? embedded(directory, source, selection)
                    : snowflake(
                            directory,
                            source,
                            selection,
                            KeptPosition.ofJournal(path, bound, ProducerId.parse(source.producerId())));
        }
    }

    private int embedded(DataDirectory directory, JournalSource source, Replay.Selection selection)
            throws SQLException, InterruptedException {
        try (DuckDbWarehouse warehouse = dryRun
                        ? DuckDbWarehouse.openToRead(directory.warehouse())
                        : DuckDbWarehouse.openExisting(directory.warehouse());
                Connection connection = warehouse.connect();
                DuckDbSink sink = new DuckDbSink(warehouse)) {
            long committed;
            try (SinkChannel channel = sink.openChannel(ChannelName.producer(source.producerId()))) {
                committed = channel.committedToken();
            }
            // The sink forgets the token of a replay's channel; what fails is sent by the next replay.
            UploaderConfig once = CONFIG.toBuilder().maxAttempts(1).build();
            Replay replay = Replay.plan(source, selection, connection, committed);
            return replay(directory, source, replay, once, () -> sink);
        }
    }

    /** @param kept what the upload knows to be committed: to ask the producer's channel would take it away */
    private int snowflake(DataDirectory directory, JournalSource source, Replay.Selection selection, KeptPosition kept)
            throws InterruptedException {
        long committed = kept.read();
        if (committed == 0) {
            console.out().println("no upload has learnt yet that anything of this journal is committed there");
        }
        Settings settings = directoryOption.settings(console);
        Replay replay;
        try (Connection connection = sinkOption.connect(directory, settings, console.environment())) {
            replay = Replay.plan(source, selection, connection, committed);
        } catch (SQLException e) {
            throw new CommandFailure("cannot read the warehouse: " + SqlErrors.shown(e));
        }
        // One channel is enough, also if the upload has several.
        return replay(
                directory,
                source,
                replay,
                CONFIG,
                () -> sinkOption.open(sinkOption.name(), settings, console.environment()));
    }

    private int replay(
            DataDirectory directory, JournalSource source, Replay replay, UploaderConfig config, Supplier<Sink> opener)
            throws InterruptedException {
        show(replay);
        long lost = source.missing().count(from, Math.min(to, replay.committed()));
        if (lost > 0) {
            console.out()
                    .printf(
                            Locale.ROOT,
                            "not selected: %,d that the journal lost to damage; firn verify names them%n",
                            lost);
        }
        if (dryRun || replay.wanted(all) == 0) {
            console.out().println(dryRun ? "dry run: nothing was sent" : "there is nothing to send");
            return Exit.DONE;
        }
        return send(directory, source.producerId(), replay, config, opener);
    }

    private Replay.Selection selection() {
        try {
            return new Replay.Selection(
                    from,
                    to,
                    since == null ? Long.MIN_VALUE : EventTime.parse(since, "--since"),
                    until == null ? Long.MAX_VALUE : EventTime.parse(until, "--until"));
        } catch (InvalidEventException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--from, --to, --since, --until: " + e.getMessage());
        }
    }

    private Path journal(DataDirectory directory) {
        List<Path> journals = directory.journals();
        if (journal != null) {
            Path path = directory.journal(journal);
            if (!journals.contains(path)) {
                throw new CommandFailure("there is no such journal: journal=" + path);
            }
            return path;
        }
        if (journals.size() != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    journals.isEmpty()
                            ? "there is no journal in " + directory.root().resolve("journals")
                            : "say which journal with --journal: "
                                    + String.join(
                                            ", ",
                                            journals.stream()
                                                    .map(path -> String.valueOf(path.getFileName()))
                                                    .toList()));
        }
        return journals.get(0);
    }

    private void show(Replay replay) {
        long missing = replay.missing().size();
        console.out()
                .println(new Table()
                        .number("selected")
                        .number("there already")
                        .number("missing")
                        .number("would be sent")
                        .row(replay.selected(), replay.selected() - missing, missing, replay.wanted(all))
                        .render(console.width()));
        List<SequenceSet.Range> ranges = replay.missing().ranges();
        if (!ranges.isEmpty()) {
            console.out().println("missing: " + SequenceSet.Range.shown(ranges, SHOWN_RANGES));
        }
    }

    private int send(
            DataDirectory directory, String producerId, Replay replay, UploaderConfig config, Supplier<Sink> opener)
            throws InterruptedException {
        String replayId = UUID.randomUUID().toString();
        long count = replay.wanted(all);
        Told told = new Told();
        try (CliJournal own = CliJournal.open(
                directory,
                CliJournal.PIPELINE_LANE,
                clock,
                directoryOption.settings(console).minFreeBytes())) {
            own.report(event("pipeline.replay_started", producerId, replayId, count));
            try (Sink sink = opener.get();
                    JournalUploader uploader = replay.uploader(
                            sink, all, replayId, clock.millis() * 1_000, config, System::nanoTime, told)) {
                untilCommitted(uploader, replayId, count);
            }
            own.report(event("pipeline.replay_finished", producerId, replayId, count));
            own.finish();
        }
        console.out()
                .printf(
                        Locale.ROOT,
                        "sent %,d rows again over channel replay-%s; the upload stays at %,d%n",
                        count,
                        replayId,
                        replay.committed());
        if (told.deadLetters > 0) {
            console.out()
                    .printf(
                            Locale.ROOT,
                            "of them %,d refused and set aside as dead letters, in the same places%n",
                            told.deadLetters);
            return Exit.SET_ASIDE;
        }
        return Exit.DONE;
    }

    /** @throws CommandFailure if not everything is committed, with what is */
    private void untilCommitted(JournalUploader uploader, String replayId, long count) throws InterruptedException {
        String reason;
        try (StopSignal stop = new StopSignal(() ->
                        console.err().println("replay: did not stop in time; the next replay sends what is missing"));
                Progress progress = new Progress(console, "committed")) {
            while (!uploader.isDrained() && !stop.isGiven()) {
                work(uploader);
                progress.at(count - uploader.pending(), count);
            }
            uploader.drain();
            long stoppedNs = System.nanoTime();
            while (!uploader.isFlushed()
                    && uploader.retryAtNs() == 0
                    && System.nanoTime() - stoppedNs < DRAIN_WITHIN_NS) {
                work(uploader);
            }
            if (uploader.isDrained()) {
                return;
            }
            reason = "it was stopped";
        } catch (SinkException | DamagedJournalException | IllegalStateException e) {
            reason = String.valueOf(e.getMessage());
        }
        throw new CommandFailure(String.format(
                Locale.ROOT,
                "the replay did not finish: %s: %,d of %,d rows are known to be committed, channel=replay-%s; firn replay%s"
                        + " sends what is still missing",
                reason,
                count - uploader.pending(),
                count,
                replayId,
                all ? " without --all" : ", run again,"));
    }

    private static void work(JournalUploader uploader) throws InterruptedException {
        if (uploader.doWork() == 0) {
            TimeUnit.MILLISECONDS.sleep(IDLE_MS);
        }
    }

    private final class Told implements UploadListener {
        private long deadLetters;

        @Override
        public void deadLettered(String producerId, long sequence) {
            deadLetters++;
        }

        @Override
        public void retrying(String producerId, int attempt, SinkException failure) {
            console.err()
                    .printf(
                            Locale.ROOT,
                            "replay: attempt %d failed, will try again: %s%n",
                            attempt,
                            failure.getMessage());
        }
    }

    private Event event(String action, String producerId, String replayId, long records) {
        return Event.builder(action)
                .tenant(Event.SYSTEM_TENANT)
                .actor(Event.SYSTEM_ACTOR)
                .object("producer", producerId)
                .occurredAt(clock.instant())
                .attribute("replay_id", replayId)
                .attribute("all", all)
                .attribute("records", records)
                .build();
    }
}
