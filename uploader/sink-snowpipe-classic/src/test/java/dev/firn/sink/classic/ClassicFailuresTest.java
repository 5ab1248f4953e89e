package dev.firn.sink.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.emulator.Endpoint;
import dev.firn.emulator.Fault;
import dev.firn.emulator.Keys;
import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.ChannelName;
import dev.firn.upload.Rows;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import dev.firn.upload.SinkRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import net.snowflake.ingest.streaming.DropChannelRequest;
import net.snowflake.ingest.streaming.SnowflakeStreamingIngestClient;
import net.snowflake.ingest.streaming.SnowflakeStreamingIngestClientFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a server is known to fail this library: what was sent is there once, in order, whatever happened. */
class ClassicFailuresTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    private static final long WITHIN_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int LARGE = 800_000;
    /** More than a column takes. */
    private static final int TOO_LONG = 17_000_000;

    private static final int GENERAL_ERROR = 10;
    private static final int QUEUE_FULL = 7;
    private static final int NO_TABLE = 4;

    @TempDir
    Path directory;

    private EmulatedSnowflake snowflake;
    private ClassicSink sink;
    private Delivery delivery;

    @BeforeEach
    void start() throws Exception {
        snowflake = EmulatedSnowflake.start(directory, 0);
        sink = new ClassicSink(snowflake.account(), ClassicConfig.DEFAULT);
        delivery = new Delivery(sink, PRODUCER);
    }

    @AfterEach
    void stop() throws Exception {
        sink.close();
        Clients.awaitClosed();
        snowflake.close();
    }

    private void fail(Endpoint endpoint, int times, Fault.Effect effect) {
        snowflake.emulator().faults().add(new Fault(endpoint, 0, times, effect));
    }

    private void assertEachOnceInOrder(int rows) throws Exception {
        assertThat(snowflake.rawRows())
                .extracting(SinkRow::sequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, rows).boxed().toList());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - startNs).isLessThan(WITHIN_NS);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private void awaitRegistrations(int count) throws InterruptedException {
        await(() -> snowflake.emulator().faults().requests(Endpoint.CLASSIC_REGISTER) >= count);
    }

    @Test
    void aFailingRegistrationIsRepeatedByTheLibrary() throws Exception {
        fail(Endpoint.CLASSIC_REGISTER, 2, new Fault.Refuse(500, "FAILED"));

        delivery.deliver(20);

        assertThat(delivery.failures()).isEmpty();
        assertEachOnceInOrder(20);
    }

    @Test
    void aRefusedRegistrationLosesRowsWithoutASignAndOnlyTheTokenTells() throws Exception {
        fail(Endpoint.CLASSIC_REGISTER, 1, new Fault.Refuse(400, "REFUSED"));

        delivery.deliver(20);

        assertThat(delivery.failures()).isEmpty();
        assertThat(delivery.stalls()).isEqualTo(1);
        assertEachOnceInOrder(20);
    }

    @Test
    void whatFollowsARefusedRegistrationIsOutOfOrderAndInvalidatesTheChannel() throws Exception {
        fail(Endpoint.CLASSIC_REGISTER, 1, new Fault.Refuse(400, "REFUSED"));
        delivery.handOver(20);
        awaitRegistrations(1);

        delivery.deliver(40);

        assertThat(delivery.failures()).containsExactly(Remedy.REOPEN);
        assertThat(delivery.stalls()).isZero();
        assertEachOnceInOrder(40);
    }

    @ParameterizedTest(name = "status {0}")
    @ValueSource(ints = {QUEUE_FULL, GENERAL_ERROR})
    void aRegistrationThatIsPutOffIsRepeatedByTheLibrary(int statusCode) throws Exception {
        fail(Endpoint.CLASSIC_REGISTER, 2, new Fault.Answer(statusCode));

        delivery.deliver(20);

        assertThat(delivery.failures()).isEmpty();
        assertEachOnceInOrder(20);
    }

    @Test
    void aChannelThatAnotherHasOpenedIsTakenBackFromItsCommittedToken() throws Exception {
        delivery.deliver(10);
        delivery.handOver(20);
        snowflake.emulator().stealChannel(PRODUCER);

        delivery.deliver(30);

        assertThat(delivery.failures()).containsExactly(Remedy.REOPEN);
        assertEachOnceInOrder(30);
    }

    @ParameterizedTest(name = "status {0}")
    @ValueSource(ints = {20, 25})
    void aStatusThatSaysTheChannelIsLostInvalidatesIt(int statusCode) throws Exception {
        delivery.deliver(10);
        fail(Endpoint.CLASSIC_STATUS, 1, new Fault.Answer(statusCode));

        delivery.deliver(20);

        assertThat(delivery.failures()).containsExactly(Remedy.REOPEN);
        assertEachOnceInOrder(20);
    }

    @Test
    void aStatusThatIsRefusedIsAskedForAgainOnAnotherChannel() throws Exception {
        delivery.deliver(10);
        fail(Endpoint.CLASSIC_STATUS, 1, new Fault.Refuse(400, "REFUSED"));

        delivery.deliver(20);

        assertThat(delivery.failures()).containsExactly(Remedy.REOPEN);
        assertEachOnceInOrder(20);
    }

    @Test
    void aLostReplyWhoseRepetitionIsOutOfOrderInvalidatesTheChannelAndTheRowsAreThere() throws Exception {
        fail(Endpoint.CLASSIC_REGISTER, 1, new Fault.LoseReply(500));
        delivery.handOver(20);
        // The library repeats it; its own repetition is what is refused.
        awaitRegistrations(2);

        delivery.deliver(30);

        assertThat(delivery.failures()).containsExactly(Remedy.REOPEN);
        assertEachOnceInOrder(30);
    }

    @Test
    void aLostReplyWhoseRepetitionIsAcceptedIsNotNoticed() throws Exception {
        snowflake.emulator().acceptRepeatedRegistrations(true);
        fail(Endpoint.CLASSIC_REGISTER, 1, new Fault.LoseReply(500));
        delivery.handOver(20);
        awaitRegistrations(2);

        delivery.deliver(30);

        assertThat(delivery.failures()).isEmpty();
        assertEachOnceInOrder(30);
    }

    @Test
    void aConnectionThatEndsWithoutAReplyIsALostReply() throws Exception {
        fail(Endpoint.CLASSIC_REGISTER, 1, new Fault.LoseReply(0));
        delivery.handOver(20);
        awaitRegistrations(2);

        delivery.deliver(30);

        assertThat(delivery.failures()).containsExactly(Remedy.REOPEN);
        assertEachOnceInOrder(30);
    }

    @Test
    void aLoginThatIsRefusedOnceIsRenewedByTheLibrary() throws Exception {
        fail(Endpoint.CLASSIC_OPEN, 1, new Fault.Refuse(401, "390144"));

        delivery.deliver(10);

        assertThat(delivery.failures()).isEmpty();
        assertEachOnceInOrder(10);
    }

    @Test
    void aLoginThatIsRefusedTwiceNeedsANewClient() throws Exception {
        delivery.deliver(10);
        fail(Endpoint.CLASSIC_STATUS, 2, new Fault.Refuse(401, "390144"));

        delivery.deliver(20);

        assertThat(delivery.failures()).containsExactly(Remedy.RECREATE);
        assertThat(snowflake.emulator().faults().requests(Endpoint.CLASSIC_CONFIGURE))
                .isEqualTo(2);
        assertEachOnceInOrder(20);
    }

    @Test
    void aKeyThatIsNotTheUsersIsForTheOperator() {
        try (ClassicSink stranger = new ClassicSink(snowflake.account(Keys.generate()), ClassicConfig.DEFAULT)) {
            assertThatThrownBy(() -> stranger.openChannel(ChannelName.producer(PRODUCER)))
                    .isInstanceOfSatisfying(
                            SinkException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                    .hasMessageContaining("the login is refused");
        }
    }

    @Test
    void anOpeningOfATableThatIsNotThereSaysWhichAndIsTriedAgain() throws Exception {
        fail(Endpoint.CLASSIC_OPEN, 1, new Fault.Answer(NO_TABLE));

        assertThatThrownBy(() -> sink.openChannel(ChannelName.producer(PRODUCER)))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.REOPEN))
                .hasMessage("cannot open a channel: channel=" + PRODUCER + " table=FIRN.LANDING.RAW_EVENTS code=0007");

        delivery.deliver(10);
        assertEachOnceInOrder(10);
    }

    @Test
    void aClientThatTheServerDoesNotWantAnyMoreIsReplaced() throws Exception {
        delivery.deliver(10);
        fail(Endpoint.CLASSIC_REGISTER, 1, new Fault.Refuse(400, "59"));

        delivery.deliver(20);

        assertThat(delivery.failures()).contains(Remedy.RECREATE);
        assertEachOnceInOrder(20);
    }

    @Test
    void aClosedClientIsReplaced() throws Exception {
        delivery.deliver(10);
        sink.close();
        delivery.handOver(10);

        delivery.deliver(20);

        assertThat(delivery.failures()).isSubsetOf(Remedy.RECREATE, Remedy.REOPEN);
        assertEachOnceInOrder(20);
    }

    @Test
    void aReconnectionWithoutNeedChangesNothing() throws Exception {
        delivery.deliver(10);
        sink.reconnect();

        delivery.deliver(20);

        assertThat(delivery.failures()).isEmpty();
        assertThat(snowflake.emulator().faults().requests(Endpoint.CLASSIC_CONFIGURE))
                .isEqualTo(1);
    }

    @Test
    void aRowThatTheLibraryRefusesIsFoundThoughThoseBeforeItWereTaken() throws Exception {
        List<SinkRow> rows = new ArrayList<>();
        for (int sequence = 1; sequence <= 6; sequence++) {
            rows.add(longer(sequence, LARGE));
        }
        SinkRow tooLong = longer(7, TOO_LONG);
        rows.add(tooLong);
        try (SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER))) {
            assertThatThrownBy(() -> channel.append(rows, 7))
                    .isInstanceOfSatisfying(
                            SinkException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.DEAD_LETTER))
                    .hasMessageContaining("token=7 code=0030")
                    .hasMessageNotContaining("aaaa")
                    .hasNoCause();
            channel.append(rows.subList(0, 6), 6);
            assertThatThrownBy(() -> channel.append(List.of(tooLong), 7)).isInstanceOf(SinkException.class);
            channel.append(List.of(Rows.row(PRODUCER, 7)), 7);
            snowflake.awaitCommitted(channel, 7);
        }
        assertEachOnceInOrder(7);
    }

    /** A row whose payload has so many characters more. */
    private static SinkRow longer(long sequence, int by) {
        SinkRow row = Rows.row(PRODUCER, sequence);
        String label = "event-" + sequence;
        String payload = new String(row.payload(), StandardCharsets.UTF_8).replace(label, label + "a".repeat(by));
        return new SinkRow(
                row.eventId(),
                row.occurredAtMicros(),
                row.tenantId(),
                row.action(),
                row.actorId(),
                row.objectType(),
                row.objectId(),
                payload.getBytes(StandardCharsets.UTF_8),
                row.sourceLane(),
                row.receivedAtMicros(),
                row.producerId(),
                sequence);
    }

    @Test
    void anOpeningOfTheSameNameInvalidatesTheOlderChannel() {
        SinkChannel older = sink.openChannel(ChannelName.producer(PRODUCER));
        sink.openChannel(ChannelName.producer(PRODUCER));

        assertThatThrownBy(() -> older.append(List.of(Rows.row(PRODUCER, 1)), 1))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.REOPEN));
    }

    @Test
    void moreThanTheBoundIsNotTakenUntilSomeIsCommitted() throws Exception {
        ClassicConfig small =
                new ClassicConfig(Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(30), 1_000_000);
        List<SinkRow> second = List.of(longer(2, LARGE));
        try (ClassicSink bounded = new ClassicSink(snowflake.account(), small);
                SinkChannel channel = bounded.openChannel(ChannelName.producer(PRODUCER))) {
            snowflake.emulator().stallCommits();
            channel.append(List.of(longer(1, LARGE)), 1);
            awaitRegistrations(1);

            assertThatThrownBy(() -> channel.append(second, 2))
                    .isInstanceOfSatisfying(
                            SinkException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY));

            snowflake.emulator().resumeCommits();
            snowflake.awaitCommitted(channel, 1);
            channel.append(second, 2);
            snowflake.awaitCommitted(channel, 2);
        }
        assertEachOnceInOrder(2);
    }

    @Test
    void whatWasAcknowledgedAndNotCommittedIsSentAgainAfterAnOpening() throws Exception {
        snowflake.emulator().stallCommits();
        delivery.handOver(20);
        awaitRegistrations(1);
        Delivery next = new Delivery(sink, PRODUCER);
        next.handOver(0);
        snowflake.emulator().resumeCommits();

        next.deliver(30);

        assertThat(snowflake.emulator().discardedRows()).isEqualTo(20);
        assertEachOnceInOrder(30);
    }

    @Test
    void commitsThatComeLateAreWaitedFor() throws Exception {
        snowflake.emulator().setCommitDelay(Duration.ofSeconds(1));

        delivery.deliver(20);

        assertThat(delivery.failures()).isEmpty();
        assertThat(delivery.stalls()).isZero();
        assertEachOnceInOrder(20);
    }

    @Test
    void aServerThatStartsAgainHasWhatItCommitted() throws Exception {
        delivery.deliver(10);
        snowflake.restart();

        delivery.deliver(20);

        assertThat(delivery.failures()).containsExactly(Remedy.REOPEN);
        assertEachOnceInOrder(20);
    }

    /** Why a sink never drops one. */
    @Test
    void aDroppedChannelHasForgottenItsToken() throws Exception {
        delivery.deliver(10);
        SnowflakeStreamingIngestClient client = client();
        client.dropChannel(DropChannelRequest.builder(PRODUCER)
                .setDBName(EmulatedSnowflake.DATABASE)
                .setSchemaName("LANDING")
                .setTableName("RAW_EVENTS")
                .build());
        client.close();

        try (SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER))) {
            assertThat(channel.committedToken()).isEqualTo(SinkChannel.NOTHING);
        }
    }

    private SnowflakeStreamingIngestClient client() {
        SnowflakeAccount account = snowflake.account();
        Properties properties = new Properties();
        properties.put("user", account.user());
        properties.put("scheme", account.protocol());
        properties.put("host", account.host());
        properties.put("port", Integer.toString(account.port()));
        properties.put("private_key", account.privateKey().reveal());
        return SnowflakeStreamingIngestClientFactory.builder("other")
                .setProperties(properties)
                .build();
    }
}
