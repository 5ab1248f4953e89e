package dev.firn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import dev.firn.journal.ProducerId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The counts of a report are read one after the other while the client goes on: wherever it goes on, they are in order. */
@Timeout(60)
class ReportOrderTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final Thread testThread = Thread.currentThread();
    private final MemoryLog log = new MemoryLog(3);
    private int reads;
    private Runnable afterRead = () -> {};

    @Test
    void durableIsNeverMoreThanAppendedNorThatMoreThanAccepted() {
        try (IngestClient client =
                IngestClient.open(IngestConfig.builder(Path.of("unused")).build(), directory -> new Between())) {
            int readsOfReport = readsIn(client);
            assertThat(readsOfReport).isPositive();
            for (int read = 1; read <= readsOfReport; read++) {
                int place = read;
                reads = 0;
                afterRead = () -> {
                    if (reads == place) {
                        goOn(client);
                    }
                };
                FlushReport report = client.flush(Duration.ZERO);
                afterRead = () -> {};
                assertThat(reads).as("it went on").isGreaterThanOrEqualTo(place);
                assertThat(report.durable()).as("place %d", place).isLessThanOrEqualTo(report.appended());
                assertThat(report.appended()).as("place %d", place).isLessThanOrEqualTo(report.accepted());
            }
        }
    }

    private int readsIn(IngestClient client) {
        reads = 0;
        client.flush(Duration.ZERO);
        return reads;
    }

    /** All the way of one more event, between two reads of the thread that makes the report. */
    private void goOn(IngestClient client) {
        afterRead = () -> {};
        long sequence = client.emit(Events.event("one more"));
        assertThat(client.awaitDurable(sequence, TEN_SECONDS)).isTrue();
    }

    /** A log that lets the test do something after a watermark was read on its thread, before the reader has the answer. */
    private final class Between implements RecordLog {
        private long read(long value) {
            if (Thread.currentThread() == testThread) {
                reads++;
                afterRead.run();
            }
            return value;
        }

        @Override
        public long lastSequence() {
            return read(log.lastSequence());
        }

        @Override
        public long durableSequence() {
            return read(log.durableSequence());
        }

        @Override
        public ProducerId producerId() {
            return log.producerId();
        }

        @Override
        public long add(long receivedAtMicros, byte[] lane, int laneLength, byte[] canonical, int length) {
            return log.add(receivedAtMicros, lane, laneLength, canonical, length);
        }

        @Override
        public long sync() {
            return log.sync();
        }

        @Override
        public boolean isFull() {
            return log.isFull();
        }

        @Override
        public boolean publish() {
            return log.publish();
        }

        @Override
        public void close() {
            log.close();
        }

        @Override
        public List<Event> damage() {
            return log.damage();
        }

        @Override
        public void damageReported() {
            log.damageReported();
        }

        @Override
        public long committedSequence() {
            return log.committedSequence();
        }

        @Override
        public long usableBytes() {
            return log.usableBytes();
        }

        @Override
        public Optional<Event> trim(Duration retention, Instant now) {
            return log.trim(retention, now);
        }
    }
}
