package dev.firn.cli;

import dev.firn.event.Event;
import dev.firn.event.EventTime;
import dev.firn.event.InvalidEventException;
import dev.firn.sink.duckdb.DuckDbSink;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import dev.firn.upload.ChannelName;
import dev.firn.upload.JournalSource;
import dev.firn.upload.Replay;
import dev.firn.upload.SequenceSet;
import dev.firn.upload.SinkChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
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
                    + " is sent; the rest is the upload's."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
    private static final int SHOWN_RANGES = 20;

    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

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
    public Integer call() throws SQLException {
        Replay.Selection selection = selection();
        DataDirectory directory = directoryOption.directory(console);
        Path path = journal(directory);
        try (JournalSource source = JournalSource.open(path);
                DuckDbWarehouse warehouse = dryRun
                        ? DuckDbWarehouse.openToRead(directory.warehouse())
                        : DuckDbWarehouse.openExisting(directory.warehouse());
                Connection connection = warehouse.connect();
                DuckDbSink sink = new DuckDbSink(warehouse)) {
            long committed;
            try (SinkChannel channel = sink.openChannel(ChannelName.producer(source.producerId()))) {
                committed = channel.committedToken();
            }
            Replay replay = Replay.plan(source, selection, connection, committed);
            show(replay);
            long lost = source.missing().count(from, Math.min(to, committed));
            if (lost > 0) {
                console.out()
                        .printf(
                                Locale.ROOT,
                                "not selected: %,d that the journal lost to damage; firn verify names them%n",
                                lost);
            }
            long count = all ? replay.selected() : replay.missing().size();
            if (dryRun || count == 0) {
                console.out().println(dryRun ? "dry run: nothing was sent" : "there is nothing to send");
                return Exit.DONE;
            }
            send(directory, source.producerId(), sink, replay, count);
            return Exit.DONE;
        }
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
                        .row(replay.selected(), replay.selected() - missing, missing, all ? replay.selected() : missing)
                        .render(console.width()));
        List<SequenceSet.Range> ranges = replay.missing().ranges();
        if (!ranges.isEmpty()) {
            console.out().println("missing: " + SequenceSet.Range.shown(ranges, SHOWN_RANGES));
        }
    }

    private void send(DataDirectory directory, String producerId, DuckDbSink sink, Replay replay, long count) {
        String replayId = UUID.randomUUID().toString();
        try (CliJournal own = CliJournal.open(
                        directory,
                        CliJournal.PIPELINE_LANE,
                        clock,
                        directoryOption.settings(console).minFreeBytes());
                Progress progress = new Progress(console, "sent")) {
            own.report(event("pipeline.replay_started", producerId, replayId, count));
            long nowMicros = clock.millis() * 1_000;
            long sent = replay.send(sink, all, replayId, nowMicros, done -> progress.at(done, count));
            own.report(event("pipeline.replay_finished", producerId, replayId, sent));
            own.finish();
            console.out()
                    .printf(
                            Locale.ROOT,
                            "sent %,d rows again over channel replay-%s; the upload stays at %,d%n",
                            sent,
                            replayId,
                            replay.committed());
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
