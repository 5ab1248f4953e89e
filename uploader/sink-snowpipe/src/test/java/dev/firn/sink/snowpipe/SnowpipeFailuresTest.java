package dev.firn.sink.snowpipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.emulator.Endpoint;
import dev.firn.emulator.Fault;
import dev.firn.emulator.Keys;
import dev.firn.event.DeadLetter;
import dev.firn.upload.ChannelName;
import dev.firn.upload.FakeSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.MemoryPosition;
import dev.firn.upload.Rows;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploadMetrics;
import dev.firn.upload.UploaderConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a server is known to fail this library: what was sent is there once, in order, whatever happened. */
@Execution(ExecutionMode.CONCURRENT)
class SnowpipeFailuresTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    private static final long UPLOADED_WITHIN_NS = TimeUnit.SECONDS.toNanos(90);
    private static final UploaderConfig CONFIG = UploaderConfig.builder()
            .maxBatchRows(20)
            .maxBatchDelay(Duration.ZERO)
            .firstRetryDelay(Duration.ofMillis(50))
            .maxRetryDelay(Duration.ofSeconds(1))
            .maxAttempts(UploaderConfig.FOR_EVER)
            .stallTimeout(Duration.ofSeconds(12))
            .build();

    @TempDir
    Path directory;

    private EmulatedSnowflake snowflake;
    private SnowpipeSink sink;
    private final List<SinkException.Remedy> failures = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        snowflake = Snowpipes.startWithoutStore(directory);
        sink = Snowpipes.sink(snowflake);
    }

    @AfterEach
    void stop() {
        sink.close();
        snowflake.close();
    }

    private JournalUploader uploader(int rows) {
        return uploader(rows, failure -> failures.add(failure.remedy()));
    }

    private JournalUploader uploader(int rows, Consumer<SinkException> retried) {
        UploadListener listener = new UploadListener() {
            @Override
            public void retrying(String producerId, int attempt, SinkException failure) {
                retried.accept(failure);
            }
        };
        return new JournalUploader(
                new FakeSource(PRODUCER, rows),
                sink,
                CONFIG,
                System::nanoTime,
                new MemoryPosition(),
                listener,
                new UploadMetrics());
    }

    private void upload(int rows) throws Exception {
        try (JournalUploader uploader = uploader(rows)) {
            run(uploader);
        }
        assertEachOnceInOrder(rows);
    }

    private static void run(JournalUploader uploader) throws InterruptedException {
        long start = System.nanoTime();
        while (!uploader.isDrained()) {
            if (uploader.doWork() == 0) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(System.nanoTime() - start).isLessThan(UPLOADED_WITHIN_NS);
        }
    }

    private void assertEachOnceInOrder(int rows) throws Exception {
        assertThat(snowflake.rawRows())
                .extracting(SinkRow::sequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, rows).boxed().toList());
    }

    private void fail(Endpoint endpoint, int times, Fault.Effect effect) {
        snowflake.emulator().faults().add(new Fault(endpoint, 0, times, effect));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    void aTransientErrorIsRepeatedByTheLibrary(int http) throws Exception {
        fail(Endpoint.APPEND_ROWS, 1, new Fault.Refuse(http, "TRANSIENT"));

        upload(50);

        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aRefusedTokenIsRenewedByTheLibrary(int http) throws Exception {
        fail(Endpoint.APPEND_ROWS, 1, new Fault.Refuse(http, "390144"));

        upload(50);

        assertThat(failures).isEmpty();
    }

    @Test
    void tokensThatExpireDuringTheUploadAreRenewed() throws Exception {
        upload(20);
        snowflake.emulator().expireTokens();

        upload(60);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404})
    void aRefusedBatchInvalidatesTheChannelWhichIsReopened(int http) throws Exception {
        fail(Endpoint.APPEND_ROWS, 1, new Fault.Refuse(http, "REFUSED"));

        upload(50);

        assertThat(failures).contains(SinkException.Remedy.REOPEN);
    }

    @Test
    void aPipeThatFailsOverGetsANewClient() throws Exception {
        fail(Endpoint.APPEND_ROWS, 1, new Fault.Refuse(410, "ERR_PIPE_FAILED_OVER"));

        upload(50);

        assertThat(failures).contains(SinkException.Remedy.RECREATE);
    }

    @Test
    void anOpeningThatFailsOverGetsANewClient() throws Exception {
        fail(Endpoint.OPEN_CHANNEL, 1, new Fault.Refuse(410, "ERR_PIPE_FAILED_OVER"));

        upload(20);
    }

    @Test
    void aChannelThatAnotherHasOpenedIsTakenBackFromItsCommittedToken() throws Exception {
        snowflake.emulator().setCommitDelay(Duration.ofMillis(500));
        try (JournalUploader uploader = uploader(200)) {
            while (snowflake.emulator().faults().requests(Endpoint.APPEND_ROWS) == 0) {
                uploader.doWork();
            }
            snowflake.emulator().stealChannel(PRODUCER);
            run(uploader);
        }

        assertEachOnceInOrder(200);
        assertThat(failures).contains(SinkException.Remedy.REOPEN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void aReplyThatIsLostAfterTheCommitRepeatsNothing(int http) throws Exception {
        fail(Endpoint.APPEND_ROWS, 1, new Fault.LoseReply(http));

        upload(50);
    }

    @Test
    void whatWasAcknowledgedAndNotCommittedIsSentAgainAfterTheServerRestarts() throws Exception {
        snowflake.emulator().stallCommits();
        try (JournalUploader uploader = uploader(100)) {
            while (snowflake.emulator().faults().requests(Endpoint.APPEND_ROWS) == 0) {
                uploader.doWork();
            }
            snowflake.restart();
            run(uploader);
        }

        assertEachOnceInOrder(100);
    }

    @Test
    void whatTheTableRefusesBecomesADeadLetterWithItsBytes() throws Exception {
        snowflake
                .emulator()
                .refuseRows(row -> row.path("_SEQ").longValue() == 33
                        && row.path("ACTION").textValue().equals("conversation.message_sent"));
        try (JournalUploader uploader = uploader(50)) {
            run(uploader);

            assertThat(uploader.metrics().deadLetters()).isEqualTo(1);
            assertThat(uploader.committed()).isEqualTo(50);
        }

        List<SinkRow> rows = snowflake.rawRows();
        assertThat(rows).extracting(SinkRow::sequence).hasSize(50).contains(33L);
        SinkRow letter =
                rows.stream().filter(row -> row.sequence() == 33).findFirst().orElseThrow();
        assertThat(letter.action()).isEqualTo(DeadLetter.ACTION);
        assertThat(new String(letter.payload(), StandardCharsets.UTF_8))
                .contains(Base64.getEncoder()
                        .encodeToString(Rows.row(PRODUCER, 33).payload())
                        .substring(0, 40));
    }

    @Test
    void aTableThatIsNotThereIsForAnOperator() {
        fail(Endpoint.OPEN_CHANNEL, 1, new Fault.Refuse(404, "ERR_PIPE_DOES_NOT_EXIST_OR_NOT_AUTHORIZED"));

        assertThatThrownBy(() -> sink.openChannel(ChannelName.producer(PRODUCER)))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.remedy()).isEqualTo(SinkException.Remedy.STOP))
                .hasMessageContaining("table=FIRN.LANDING.RAW_EVENTS");
    }

    @Test
    void aKeyThatIsNotTheUsersIsForAnOperator() {
        SnowpipeSink stranger = Snowpipes.sink(snowflake, snowflake.account(Keys.generate()));

        assertThatThrownBy(() -> stranger.openChannel(ChannelName.producer(PRODUCER)))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.remedy()).isEqualTo(SinkException.Remedy.STOP))
                .hasMessageContaining("user=FIRN_UPLOADER");
    }

    @Test
    void aServerThatDoesNotAnswerHoldsAnOpeningForItsDeadlineOnly() {
        fail(Endpoint.HOSTNAME, 1, new Fault.Delay(Duration.ofSeconds(30)));

        assertThatThrownBy(() -> sink.openChannel(ChannelName.producer(PRODUCER)))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("no answer within PT5S, goes on trying");
    }

    @Test
    void aChannelIsOpenedAgainInTheSameClient() throws Exception {
        SinkChannel first = sink.openChannel(ChannelName.producer(PRODUCER));
        first.append(List.of(Rows.row(PRODUCER, 1)), 1);
        snowflake.awaitCommitted(first, 1);

        SinkChannel second = sink.openChannel(ChannelName.producer(PRODUCER));

        assertThat(second.committedToken()).isEqualTo(1);
        assertThatThrownBy(() -> first.append(List.of(Rows.row(PRODUCER, 2)), 2))
                .isInstanceOf(SinkException.class);
    }

    @Test
    void theRowsThatTheTableRefusesAreFoundByTheirSequences() throws Exception {
        snowflake.emulator().refuseRows(row -> row.path("_SEQ").longValue() % 10 == 7);
        SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER));
        List<SinkRow> rows = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            rows.add(Rows.row(PRODUCER, i));
        }
        channel.append(rows, 30);
        snowflake.awaitCommitted(channel, 30);

        assertThat(channel.refused(0, 30)).containsExactly(7L, 17L, 27L);
        assertThat(snowflake.rawRows()).hasSize(27);
    }

    @Test
    void aChannelOfWhichTheServerSaysThatItMustBeReopenedIs() throws Exception {
        try (JournalUploader uploader = uploader(60)) {
            uploader.doWork();
            snowflake.emulator().markChannel(PRODUCER, "ERR_CHANNEL_MUST_BE_REOPENED");
            run(uploader);
        }

        assertEachOnceInOrder(60);
        assertThat(failures).contains(SinkException.Remedy.REOPEN);
    }

    @Test
    void aServerThatCannotBeAskedForTokensForAWhileChangesNothing() throws Exception {
        fail(Endpoint.CHANNEL_STATUS, 3, new Fault.Refuse(500, "TRANSIENT"));

        upload(40);
    }

    @Test
    void aServerThatAcknowledgesAndDoesNotCommitIsNoticedAndGoneBackTo() throws Exception {
        snowflake.emulator().stallCommits();
        try (JournalUploader uploader = uploader(40)) {
            long start = System.nanoTime();
            while (uploader.metrics().stalls() == 0) {
                uploader.doWork();
                TimeUnit.MILLISECONDS.sleep(5);
                assertThat(System.nanoTime() - start).isLessThan(UPLOADED_WITHIN_NS);
            }
            assertThat(uploader.metrics().alarm()).isPresent();
            snowflake.emulator().resumeCommits();
            run(uploader);
            assertThat(uploader.metrics().alarm()).isEmpty();
        }

        assertEachOnceInOrder(40);
    }

    @Test
    void anotherProcessThatUploadsTheSameJournalIsForAnOperator() throws Exception {
        try (JournalUploader uploader = uploader(40);
                SnowpipeSink other = Snowpipes.sink(snowflake)) {
            run(uploader);
            SinkChannel theirs = other.openChannel(ChannelName.producer(PRODUCER));
            theirs.append(List.of(Rows.row(PRODUCER, 41)), 41);
            snowflake.awaitCommitted(theirs, 41);

            assertThatThrownBy(() -> {
                        while (true) {
                            uploader.doWork();
                        }
                    })
                    .hasMessageContaining("another process uploads the same journal");
        }
    }

    @Test
    void noFailureSpeaksOfContent() {
        fail(Endpoint.APPEND_ROWS, 1, new Fault.Refuse(400, "row said event-1"));

        try (JournalUploader uploader = uploader(5, failure -> {
            assertThat(failure).hasMessageNotContaining("event-1").hasNoCause();
            failures.add(failure.remedy());
        })) {
            while (failures.isEmpty()) {
                uploader.doWork();
            }
        }
    }
}
