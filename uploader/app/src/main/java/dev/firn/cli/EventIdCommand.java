package dev.firn.cli;

import dev.firn.cli.input.LineReader;
import dev.firn.cli.input.Records;
import dev.firn.event.Event;
import dev.firn.event.EventParser;
import dev.firn.event.EventTime;
import dev.firn.event.InvalidEventException;
import dev.firn.event.LegacyEventId;
import dev.firn.event.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** IDs of events, in order, for whoever compares them with what a warehouse holds. */
@Command(
        name = "event-id",
        description = {
            "Print the ID of each event on standard input (one JSON object a line), one line for each, in order.",
            "A line that is no event gives -, a tab and the reason; exit code 1 if there was any. Events of every"
                    + " namespace have an ID. Nothing is written anywhere."
        },
        mixinStandardHelpOptions = true)
final class EventIdCommand implements Callable<Integer> {
    private static final int CHUNK_BYTES = 1 << 16;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--canonical", description = "print the canonical form too, behind a tab")
    private boolean canonical;

    @Option(
            names = "--spec",
            paramLabel = "v3|v2",
            defaultValue = "v3",
            description = "v3: the content ID (default); v2: the ID of the earlier system, with --lane and --recv-at")
    private String version = "v3";

    @Option(
            names = "--lane",
            paramLabel = "L",
            description = "v2: the lane that was stored, for events without a source_lane of their own")
    private @Nullable String lane;

    @Option(names = "--recv-at", paramLabel = "TIME", description = "v2: the stored time of receipt (RFC 3339)")
    private @Nullable String receivedAt;

    private final Console console;
    private final EventParser parser = new EventParser();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream(CHUNK_BYTES);
    private long receivedAtMicros;

    EventIdCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        checkOptions();
        boolean allGood = true;
        // The bytes of a line that is too long are of no interest here.
        try (LineReader lines = new LineReader(new InputFile("-").open(console), Records.MAX_RECORD_BYTES, null)) {
            // Where nobody reads on, as behind head, the rest would go nowhere.
            while (!console.out().checkError() && lines.next()) {
                allGood &= print(lines);
                if (output.size() >= CHUNK_BYTES || !lines.hasBuffered()) {
                    flush();
                }
            }
        } catch (IOException e) {
            throw new InputFile("-").unreadable(e);
        }
        flush();
        return allGood ? Exit.DONE : Exit.FAILED;
    }

    private void checkOptions() {
        switch (version) {
            case "v3" -> {
                if (lane != null || receivedAt != null) {
                    throw usage("--lane and --recv-at are for --spec v2");
                }
            }
            case "v2" -> {
                if (lane == null || receivedAt == null) {
                    throw usage("--spec v2 needs --lane and --recv-at, which are part of that ID");
                }
                try {
                    receivedAtMicros = EventTime.parse(receivedAt, "--recv-at");
                } catch (InvalidEventException e) {
                    throw usage(String.valueOf(e.getMessage()));
                }
            }
            default -> throw usage("--spec: must be v3 or v2");
        }
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private boolean print(Records lines) {
        try {
            if (lines.oversized().isPresent()) {
                throw new InvalidEventException(Reason.TOO_LONG, "", "the line is too long");
            }
            Event event = parser.parse(lines.bytes(), 0, lines.length());
            write(lane == null ? event.eventId() : legacyId(event, lane));
            if (canonical) {
                write("\t");
                byte[] form = new byte[event.canonicalLength()];
                event.copyCanonicalTo(form, 0);
                output.writeBytes(form);
            }
            write("\n");
            return true;
        } catch (InvalidEventException e) {
            write("-\t" + e.reason() + "\n");
            return false;
        }
    }

    private String legacyId(Event event, String usualLane) {
        String own = event.sourceLane();
        return LegacyEventId.v2(event, own == null ? usualLane : own, receivedAtMicros);
    }

    private void write(String text) {
        output.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void flush() {
        console.out().write(output.toByteArray(), 0, output.size());
        console.out().flush();
        output.reset();
    }
}
