package dev.firn.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The REST interface as a client sees it that is none of Snowflake's. */
class PipeStreamingTest {
    private static final KeyPair KEYS = Keys.generate();
    private static final String PIPE = "/v2/streaming/databases/FIRN/schemas/APP/pipes/NOTES-STREAMING";
    private static final String ROWS =
            "/v2/streaming/data/databases/FIRN/schemas/APP/pipes/NOTES-STREAMING/channels/c/rows";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    private SnowflakeEmulator emulator;

    @BeforeEach
    void start() throws Exception {
        emulator = emulator();
        emulator.createDatabase("FIRN");
        try (Connection connection = emulator.connect("FIRN");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS APP");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS APP.NOTES (ID BIGINT NOT NULL, TEXT VARCHAR, MADE_AT TIMESTAMP, MORE VARIANT)");
        }
    }

    @AfterEach
    void stop() {
        emulator.close();
    }

    private SnowflakeEmulator emulator() {
        return SnowflakeEmulator.start(directory, 0, Map.of("APP_USER", KEYS.getPublic()));
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String assertion(KeyPair signer, Instant expires) throws Exception {
        String subject = "EMULATED.APP_USER";
        ObjectNode claims = Json.object()
                .put("iss", subject + '.' + Keys.fingerprint(signer.getPublic()))
                .put("sub", subject)
                .put("exp", expires.getEpochSecond());
        String signed = encode("{\"alg\":\"RS256\"}") + '.' + encode(claims.toString());
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(signer.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String good() throws Exception {
        return assertion(KEYS, Instant.now().plusSeconds(60));
    }

    private HttpResponse<String> send(String method, String path, String body, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(emulator.url() + path))
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode ok(String method, String path, String body) throws Exception {
        HttpResponse<String> response = send(method, path, body, good());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.MAPPER.readTree(response.body());
    }

    private JsonNode open() throws Exception {
        return ok("PUT", PIPE + "/channels/c", "{}");
    }

    private String append(String continuation, String offset, String rows) throws Exception {
        return ok("POST", ROWS + "?continuationToken=" + continuation + "&offsetToken=" + offset, rows)
                .path("next_continuation_token")
                .asText();
    }

    private JsonNode status() throws Exception {
        return ok("POST", PIPE + ":bulk-channel-status", "{\"channel_names\":[\"c\",\"unknown\"]}")
                .path("channel_statuses");
    }

    private static String tokenOf(JsonNode opened) {
        return opened.path("next_continuation_token").asText();
    }

    private static JsonNode committedOf(JsonNode opened) {
        return opened.path("channel_status").path("last_committed_offset_token");
    }

    @Test
    void rowsAreStoredInTheTypesOfTheirColumns() throws Exception {
        append(tokenOf(open()), "7", """
                {"ID":1,"TEXT":"Zo\u00eb","MADE_AT":"2026-11-20T09:30:00.123456","MORE":{"a":[1,"2"]}}
                {"ID":"2","TEXT":null}
                """);

        assertThat(status().path("c").path("last_committed_offset_token").asText())
                .isEqualTo("7");
        try (Connection connection = emulator.connect("FIRN")) {
            assertThat(Query.rows(
                            connection, "SELECT ID, TEXT, MADE_AT, MORE['a'][2]::VARCHAR FROM APP.NOTES ORDER BY ID"))
                    .containsExactly("1|Zo\u00eb|2026-11-20 09:30:00.123456|2", "2|null|null|null");
        }
    }

    @Test
    void rowsThatDoNotFitAreLeftOutAndCounted() throws Exception {
        append(tokenOf(open()), "9", """
                {"ID":1}
                {"ID":"secret"}
                {"TEXT":"no id"}
                {"ID":4,"OTHER":1}
                {"ID":5,"MADE_AT":"yesterday"}
                """);

        JsonNode status = status().path("c");
        assertThat(status.path("rows_inserted").intValue()).isEqualTo(1);
        assertThat(status.path("rows_error_count").intValue()).isEqualTo(4);
        assertThat(status.path("last_committed_offset_token").asText()).isEqualTo("9");
        assertThat(status.path("last_error_message").asText()).isEqualTo("column MADE_AT: no TIMESTAMP: length=9");
    }

    @Test
    void anOpeningTakesTheChannelFromWhoeverHadIt() throws Exception {
        String first = tokenOf(open());
        String second = tokenOf(open());

        HttpResponse<String> late =
                send("POST", ROWS + "?continuationToken=" + first + "&offsetToken=1", "{\"ID\":1}", good());

        assertThat(late.statusCode()).isEqualTo(400);
        assertThat(late.body()).contains("STALE_CONTINUATION_TOKEN_SEQUENCER");
        append(second, "1", "{\"ID\":1}");
    }

    @Test
    void whatIsAcknowledgedAndNotCommittedIsDiscardedByAnOpening() throws Exception {
        emulator.stallCommits();
        append(tokenOf(open()), "1", "{\"ID\":1}\n{\"ID\":2}");

        assertThat(send("PUT", PIPE + "/channels/c", "{\"fail_on_uncommitted_rows\":true}", good())
                        .statusCode())
                .isEqualTo(409);
        assertThat(committedOf(open()).isNull()).isTrue();
        emulator.resumeCommits();

        assertThat(emulator.discardedRows()).isEqualTo(2);
        try (Connection connection = emulator.connect("FIRN")) {
            assertThat(Query.rows(connection, "SELECT COUNT(*) FROM APP.NOTES")).containsExactly("0");
        }
    }

    @Test
    void aRequestThatIsRepeatedAfterItsReplyWasLostIsStale() throws Exception {
        String token = tokenOf(open());
        emulator.faults().add(Fault.once(Endpoint.APPEND_ROWS, new Fault.LoseReply(502)));
        String path = ROWS + "?continuationToken=" + token + "&offsetToken=1";

        assertThat(send("POST", path, "{\"ID\":1}", good()).statusCode()).isEqualTo(502);
        assertThat(send("POST", path, "{\"ID\":1}", good()).statusCode()).isEqualTo(400);
        assertThat(committedOf(open()).asText()).isEqualTo("1");
    }

    @Test
    void whatIsCommittedOutlivesARestartAndWhatWasOnlyAcknowledgedDoesNot() throws Exception {
        String token = append(tokenOf(open()), "1", "{\"ID\":1}");
        emulator.setCommitDelay(Duration.ofHours(1));
        String last = append(token, "2", "{\"ID\":2}");
        emulator.close();
        emulator = emulator();

        assertThat(send("POST", ROWS + "?continuationToken=" + last + "&offsetToken=3", "{\"ID\":3}", good())
                        .statusCode())
                .isEqualTo(404);
        assertThat(committedOf(open()).asText()).isEqualTo("1");
        try (Connection connection = emulator.connect("FIRN")) {
            assertThat(Query.rows(connection, "SELECT ID FROM APP.NOTES")).containsExactly("1");
        }
    }

    @Test
    void aDroppedChannelForgetsItsToken() throws Exception {
        append(tokenOf(open()), "1", "{\"ID\":1}");
        ok("DELETE", PIPE + "/channels/c", "");

        assertThat(committedOf(open()).isNull()).isTrue();
    }

    @Test
    void aChannelCanBeginBehindAToken() throws Exception {
        JsonNode opened = ok("PUT", PIPE + "/channels/c", "{\"offset_token\":\"41\"}");

        assertThat(committedOf(opened).asText()).isEqualTo("41");
    }

    @Test
    void onlyWhoSignedWithTheUsersKeyIsServed() throws Exception {
        String hostname = "/v2/streaming/hostname";

        assertThat(send("GET", hostname, "", good()).body()).isEqualTo("127.0.0.1");
        for (String wrong : new String[] {
            "",
            "a.b.c",
            assertion(Keys.generate(), Instant.now().plusSeconds(60)),
            assertion(KEYS, Instant.now().minusSeconds(1))
        }) {
            assertThat(send("GET", hostname, "", wrong).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void whatItDoesNotHaveItSays() throws Exception {
        assertThat(send("GET", "/nothing", "", good()).body()).contains("the emulator has no GET /nothing");
        assertThat(send("PUT", PIPE.replace("NOTES", "OTHER") + "/channels/c", "{}", good())
                        .body())
                .contains("ERR_PIPE_DOES_NOT_EXIST_OR_NOT_AUTHORIZED", "FIRN.APP.OTHER-STREAMING");
    }
}
