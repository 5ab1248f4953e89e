package dev.firn.benchmarks.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firn.journal.ProducerId;
import dev.firn.upload.JournalSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.KeptPosition;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkException.Remedy;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploadMetrics;
import dev.firn.upload.UploaderConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Uploads a journal until it is drained or somebody ends this process, and prints each second what memory it has. */
final class StalledClient {
    /** The limits of an uploader that never gives up. */
    static final UploaderConfig CONFIG =
            UploaderConfig.builder().maxAttempts(UploaderConfig.FOR_EVER).build();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long IDLE_MS = 1;
    private static final String RESIDENT = "VmRSS:";

    private StalledClient() {}

    /**
     * How it stands; one line of the output, see {@link #read}.
     *
     * @param residentKb    memory of the process
     * @param committedRows that the uploader knows of
     * @param openings      of the channel
     * @param noRoom        how often the library took nothing for want of room
     */
    record Sample(
            long residentKb, long inFlightRows, long inFlightBytes, long committedRows, long openings, long noRoom) {}

    static Sample read(String line) throws JsonProcessingException {
        return JSON.readValue(line, Sample.class);
    }

    /** @param args of {@link Server#arguments}, sink, journal */
    public static void main(String[] args) throws Exception {
        UploadMetrics metrics = new UploadMetrics();
        Thread sampler = new Thread(() -> sample(metrics), "sampler");
        sampler.setDaemon(true);
        sampler.start();
        Path journal = Path.of(args[3]);
        JournalSource source = JournalSource.open(journal);
        try (Sink sink = SinkLibrary.named(args[2])
                        .openSink(Login.account(Integer.parseInt(args[0]), Path.of(args[1])));
                JournalUploader uploader = new JournalUploader(
                        source,
                        sink,
                        CONFIG,
                        System::nanoTime,
                        KeptPosition.ofJournal(journal, sink.name(), ProducerId.parse(source.producerId())),
                        UploadListener.NONE,
                        metrics)) {
            while (!uploader.isDrained()) {
                if (uploader.doWork() == 0) {
                    TimeUnit.MILLISECONDS.sleep(IDLE_MS);
                }
            }
        }
        System.exit(0);
    }

    private static void sample(UploadMetrics metrics) {
        try {
            while (true) {
                System.out.println(JSON.writeValueAsString(new Sample(
                        residentKb(),
                        metrics.inFlightRows(),
                        metrics.inFlightBytes(),
                        metrics.committedRows(),
                        metrics.openings(),
                        metrics.failures(Remedy.RETRY))));
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long residentKb() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        return status.stream()
                .filter(line -> line.startsWith(RESIDENT))
                .map(line -> line.substring(RESIDENT.length()).replace("kB", "").strip())
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }
}
