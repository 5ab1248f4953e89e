package dev.firn.benchmarks.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.firn.journal.ProducerId;
import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.JournalSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.KeptPosition;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkException.Remedy;
import dev.firn.upload.SinkRow;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploadMetrics;
import dev.firn.upload.UploaderConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One subject, once, in this JVM: sends the rows of a journal to warm up, then those of another one, each over a channel
 * of its own that is open before the clock starts. The clock runs until the last row is known to be committed.
 */
final class Subject {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIRN = "firn";
    private static final String BARE = "bare";
    private static final long IDLE_MS = 1;
    /** Nothing is gained by waiting for more: the journal is complete. */
    private static final UploaderConfig CONFIG =
            UploaderConfig.builder().maxBatchDelay(Duration.ZERO).build();

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final SnowflakeAccount account;
    private final SinkLibrary library;

    private Subject(SnowflakeAccount account, SinkLibrary library) {
        this.account = account;
        this.library = library;
    }

    /**
     * What one took.
     *
     * @param rows       how many it sent
     * @param seconds    until the last one was committed
     * @param cpuSeconds of the process, all threads
     * @param noRoom     how often the library took nothing for want of room
     */
    record Result(long rows, double seconds, double cpuSeconds, long noRoom) {
        double rowsPerSecond() {
            return rows / seconds;
        }

        double cpuMsPerThousandRows() {
            return cpuSeconds * 1e6 / rows;
        }
    }

    /** Sends all rows; returns how often there was no room. */
    @FunctionalInterface
    private interface Work {
        long run() throws Exception;
    }

    static List<String> arguments(boolean isFirn, SinkLibrary library, Path warmUp, Path journal) {
        return List.of(isFirn ? FIRN : BARE, library.name(), warmUp.toString(), journal.toString());
    }

    /** @param output of {@link #main} */
    static Result read(String output) throws JsonProcessingException {
        return JSON.readValue(output, Result.class);
    }

    /**
     * Prints one line, see {@link #read}.
     *
     * @param args of {@link Server#arguments}, then of {@link #arguments}
     */
    public static void main(String[] args) throws Exception {
        SnowflakeAccount account = Login.account(Integer.parseInt(args[0]), Path.of(args[1]));
        Subject subject = new Subject(account, SinkLibrary.named(args[3]));
        Path warmUp = Path.of(args[4]);
        Path journal = Path.of(args[5]);
        Result result = args[2].equals(FIRN) ? subject.firn(warmUp, journal) : subject.bare(warmUp, journal);
        System.out.println(JSON.writeValueAsString(result));
        // Threads of the libraries may outlive their clients.
        System.exit(0);
    }

    private Result bare(Path warmUp, Path journal) throws Exception {
        List<SinkRow> first = Journal.read(warmUp);
        List<SinkRow> rows = Journal.read(journal);
        try (BareLoop loop = library.openBare(account)) {
            send(loop, first);
            return send(loop, rows);
        }
    }

    private Result send(BareLoop loop, List<SinkRow> rows) throws Exception {
        loop.openChannel("bare-" + rows.get(0).producerId());
        return measure(rows.size(), () -> loop.send(rows, CONFIG.maxBatchRows()));
    }

    private Result firn(Path warmUp, Path journal) throws Exception {
        try (Sink sink = library.openSink(account)) {
            upload(warmUp, sink);
            return upload(journal, sink);
        }
    }

    private Result upload(Path journal, Sink sink) throws Exception {
        JournalSource source = JournalSource.open(journal);
        UploadMetrics metrics = new UploadMetrics();
        try (JournalUploader uploader = new JournalUploader(
                source,
                sink,
                CONFIG,
                System::nanoTime,
                KeptPosition.ofJournal(journal, sink.name(), ProducerId.parse(source.producerId())),
                UploadListener.NONE,
                metrics)) {
            uploader.doWork();
            if (metrics.openings() != 1) {
                throw new IllegalStateException("the first work was not to open the channel: sink=" + sink.name());
            }
            Result result = measure(uploader.pending(), () -> {
                while (!uploader.isDrained()) {
                    if (uploader.doWork() == 0) {
                        TimeUnit.MILLISECONDS.sleep(IDLE_MS);
                    }
                }
                return metrics.failures(Remedy.RETRY);
            });
            if (metrics.openings() != 1) {
                throw new IllegalStateException(
                        "the channel was opened again, which is another measurement: openings=" + metrics.openings());
            }
            return result;
        }
    }

    private Result measure(long rows, Work work) throws Exception {
        System.gc();
        long cpuNs = system.getProcessCpuTime();
        long startNs = System.nanoTime();
        long noRoom = work.run();
        long endNs = System.nanoTime();
        return new Result(rows, (endNs - startNs) / 1e9, (system.getProcessCpuTime() - cpuNs) / 1e9, noRoom);
    }
}
