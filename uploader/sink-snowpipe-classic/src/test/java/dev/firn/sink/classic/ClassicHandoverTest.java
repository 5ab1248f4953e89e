package dev.firn.sink.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.sink.snowpipe.SnowpipeConfig;
import dev.firn.sink.snowpipe.SnowpipeSink;
import dev.firn.upload.FakeSource;
import dev.firn.upload.Handover;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From classic streaming to high-performance and back: both of Snowflake's libraries in one process, one table. */
class ClassicHandoverTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";

    @TempDir
    Path directory;

    private final FakeSource journal = new FakeSource(PRODUCER, 60);
    private EmulatedSnowflake snowflake;
    private Sink classic;
    private Sink snowpipe;

    @BeforeEach
    void start() throws Exception {
        snowflake = EmulatedSnowflake.start(directory, 0);
        classic = new ClassicSink(snowflake.account(), ClassicConfig.DEFAULT);
        snowpipe = new SnowpipeSink(
                snowflake.account(),
                new SnowpipeConfig(Duration.ofSeconds(20), 100_000_000, 16_000_000),
                (producer, first, last) -> List.of());
    }

    @AfterEach
    void stop() throws Exception {
        classic.close();
        snowpipe.close();
        Clients.awaitClosed();
        snowflake.close();
    }

    private void assertEachOnceInOrder(int rows) throws Exception {
        assertThat(snowflake.rawRows())
                .extracting(SinkRow::sequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, rows).boxed().toList());
    }

    @Test
    void thereAndBackEachEventIsThereOnce() throws Exception {
        new Delivery(classic, PRODUCER).deliver(20);

        assertThat(new Handover(classic, snowpipe).move(journal)).isEqualTo(20);
        new Delivery(snowpipe, PRODUCER).deliver(40);
        assertThat(new Handover(snowpipe, classic).move(journal)).isEqualTo(40);
        new Delivery(classic, PRODUCER).deliver(60);

        assertEachOnceInOrder(60);
    }

    @Test
    void aHandoverMayBeDoneAgainUntilSomethingIsSent() throws Exception {
        new Delivery(snowpipe, PRODUCER).deliver(20);
        new Handover(snowpipe, classic).move(journal);
        new Handover(snowpipe, classic).move(journal);
        new Delivery(classic, PRODUCER).deliver(40);

        assertThatThrownBy(() -> new Handover(snowpipe, classic).move(journal))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.remedy()).isEqualTo(SinkException.Remedy.STOP))
                .hasMessageContaining("token=40 wanted=20");
        assertEachOnceInOrder(40);
    }

    @Test
    void whatWasUnderWayIsSentByTheOtherSink() throws Exception {
        Delivery left = new Delivery(classic, PRODUCER);
        left.deliver(10);
        snowflake.emulator().stallCommits();
        left.handOver(30);

        assertThat(new Handover(classic, snowpipe).move(journal)).isEqualTo(10);
        snowflake.emulator().resumeCommits();
        new Delivery(snowpipe, PRODUCER).deliver(40);

        assertEachOnceInOrder(40);
    }
}
