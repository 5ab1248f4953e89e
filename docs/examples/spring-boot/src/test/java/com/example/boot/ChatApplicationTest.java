package com.example.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.ingest.EventClient;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application as it is started by hand, on a port of its own. */
@Timeout(120)
class ChatApplicationTest {
    private static final int MESSAGES = 200;

    @TempDir
    private Path temporary;

    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application;

    @BeforeEach
    void start() {
        application = SpringApplication.run(
                ChatApplication.class,
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--logging.level.root=warn",
                "--firn.directory=" + data());
    }

    @AfterEach
    void stop() {
        if (application != null) {
            application.close();
        }
    }

    private Path data() {
        return temporary.resolve("data");
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + application.getEnvironment().getProperty("local.server.port") + path);
    }

    private HttpRequest message(String tenant, int n) {
        return request(
                tenant, n, "{\"id\": \"m-" + n + "\", \"user\": \"user-1\", \"text\": \"message number " + n + "\"}");
    }

    private HttpRequest request(String tenant, int n, String body) {
        return HttpRequest.newBuilder(
                        uri("/tenants/" + tenant + "/conversations/c-1/messages?durable=" + (n % 10 == 0)))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everyMessageThatWasAnsweredIsInTheWarehouseOnceTheApplicationIsClosed() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, MESSAGES)
                .mapToObj(n -> http.sendAsync(message("HCS0001", n), HttpResponse.BodyHandlers.ofString()))
                .toList();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(202);
        }

        EventClient client = application.getBean(EventClient.class);
        application.close();

        assertThat(client.event("conversation.message_sent").emit()).isNegative();
        try (DuckDbWarehouse warehouse = DuckDbWarehouse.openToRead(data().resolve("warehouse.duckdb"));
                Connection connection = warehouse.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT COUNT(*), COUNT(DISTINCT MESSAGE_ID) FROM NEXUSCHAT.CHAT_MESSAGES")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).isEqualTo(MESSAGES);
            assertThat(row.getLong(2)).isEqualTo(MESSAGES);
        }
    }

    @Test
    void aBadTenantIsTheCallersMistake() throws Exception {
        HttpResponse<String> answer = http.send(message("no%20tenant", 1), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("tenant_id").doesNotContain("message number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": \"m-1\", \"text\": \"influenza\"}",
                "{\"id\": \"m-1\", \"user\": \"u\", \"text\": influenza}",
                "{\"id\": \"m-1\", \"user\": \"u\", \"text\": {\"influenza\": 2}}",
                "influenza"
            })
    void whatIsNoMessageIsTheCallersMistakeAndNeitherAnsweredNorLogged(String body) throws Exception {
        PrintStream standardOutput = System.out;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
        HttpResponse<String> answer;
        try {
            answer = http.send(request("HCS0001", 1, body), HttpResponse.BodyHandlers.ofString());
        } finally {
            System.setOut(standardOutput);
        }

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body() + log.toString(StandardCharsets.UTF_8))
                .contains("id, user and text")
                .doesNotContain("influenza");
    }

    @Test
    void healthAndMetersAreThere() throws Exception {
        assertThat(http.send(message("HCS0001", 0), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(202);

        assertThat(get("/actuator/health/firn").body()).contains("\"status\":\"UP\"", "\"upload\":\"good\"");
        assertThat(get("/actuator/metrics/firn.client.events.accepted").body()).contains("\"value\":1.0");
        assertThat(get("/actuator/metrics/firn.upload.working").body()).contains("\"value\":1.0");
    }
}
