package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Snowpipe Streaming with classic architecture: what its SDK asks for. The client writes encrypted Parquet into a
 * stage, here a folder, and registers it: one request for several files, each with the sequencers that say whose
 * it is and what comes before.
 *
 * <p>Every opening of a channel is given an encryption key with a number of its own, where Snowflake has one for a
 * table. The client puts rows under different keys into different chunks, so that a chunk here is of one channel
 * and is committed, or discarded, with it.
 */
final class ClassicStreaming {
    static final String KIND = "table";

    private static final String CONFIGURE = "/v1/streaming/client/configure/";
    private static final String OPEN = "/v1/streaming/channels/open/";
    private static final String REGISTER = "/v1/streaming/channels/write/blobs/";
    private static final String STATUS = "/v1/streaming/channels/status/";
    private static final String DROP = "/v1/streaming/channels/drop/";
    private static final Map<String, Endpoint> ENDPOINTS = Map.of(
            CONFIGURE, Endpoint.CLASSIC_CONFIGURE,
            OPEN, Endpoint.CLASSIC_OPEN,
            REGISTER, Endpoint.CLASSIC_REGISTER,
            STATUS, Endpoint.CLASSIC_STATUS,
            DROP, Endpoint.CLASSIC_DROP);

    private static final int SUCCESS = 0;
    private static final int NO_TABLE = 4;
    private static final int GONE = 19;
    private static final int OWNED_BY_ANOTHER = 20;
    private static final int OUT_OF_ORDER = 21;
    private static final int UNKNOWN_CHANNEL = 25;
    private static final String INVALID_KEY = "59";
    private static final int DEPLOYMENT = 1;

    private final Warehouse warehouse;
    private final Channels channels;
    private final Tokens tokens;
    private final Path stage;
    private final byte[] key;
    /** By the channel's key: what its last opening was given. Guarded by {@link #channels}. */
    private final Map<String, Long> keyIds = new HashMap<>();

    private long nextKeyId = 1;
    private volatile boolean acceptsRepeats;

    /**
     * @param stage folder for the blobs
     * @param key   what they are encrypted with, 32 bytes
     */
    ClassicStreaming(Warehouse warehouse, Channels channels, Tokens tokens, Path stage, byte[] key) {
        this.warehouse = warehouse;
        this.channels = channels;
        this.tokens = tokens;
        this.stage = stage.toAbsolutePath().normalize();
        this.key = key.clone();
    }

    /** Whether registering again what is registered is answered as the first time; else it is out of order. */
    void acceptRepeats(boolean accepts) {
        acceptsRepeats = accepts;
    }

    /** Which of them a request is for; null if it is for none of them. */
    static @Nullable Endpoint endpoint(Request request) {
        return ENDPOINTS.get(request.path());
    }

    /** An answer without effect: for each channel that the request names, where Snowflake answers for each. */
    static Reply answerWith(Endpoint endpoint, Request request, int statusCode) {
        JsonNode body = request.json();
        ObjectNode answer = switch (endpoint) {
            case CLASSIC_REGISTER -> registered(body, (blob, chunk, channel) -> statusCode);
            case CLASSIC_STATUS -> statuses(body, channel -> status(statusCode, null));
            default -> answer(statusCode);
        };
        return Reply.ok(answer);
    }

    Reply answer(Endpoint endpoint, Request request) {
        tokens.verifyBearer(request.header("Authorization"));
        JsonNode body = request.json();
        try {
            return Reply.ok(
                    switch (endpoint) {
                        case CLASSIC_CONFIGURE -> configure();
                        case CLASSIC_OPEN -> open(body);
                        case CLASSIC_REGISTER -> register(body);
                        case CLASSIC_STATUS -> statuses(body, this::status);
                        case CLASSIC_DROP -> drop(body);
                        default ->
                            throw new IllegalArgumentException(
                                    "no endpoint of classic streaming: endpoint=" + endpoint);
                    });
        } catch (ClassicRefusal refusal) {
            return Reply.ok(refusal.toJson());
        }
    }

    private static ObjectNode answer(int statusCode) {
        return Json.object()
                .put("status_code", statusCode)
                .put("message", statusCode == SUCCESS ? "Success" : "status " + statusCode);
    }

    private ObjectNode configure() {
        try {
            Files.createDirectories(stage);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the stage: folder=" + stage, e);
        }
        ObjectNode answer = answer(SUCCESS)
                .put("prefix", "firn" + Long.toString(System.nanoTime(), Character.MAX_RADIX))
                .put("deployment_id", DEPLOYMENT);
        answer.putObject("stage_location")
                .put("locationType", "LOCAL_FS")
                .put("location", stage.toString())
                .putObject("creds");
        return answer;
    }

    private Table table(JsonNode named) {
        return warehouse
                .table(
                        named.path("database").asText(),
                        named.path("schema").asText(),
                        named.path("table").asText())
                .orElseThrow(
                        () -> new ClassicRefusal(NO_TABLE, "The supplied table does not exist or is not authorized"));
    }

    private ObjectNode open(JsonNode body) {
        Table table = table(body);
        String name = body.path("channel").asText();
        ArrayNode columns = Json.MAPPER.createArrayNode();
        for (Column column : table.columns()) {
            columns.add(ClassicColumn.of(column).describe(columns.size() + 1));
        }
        synchronized (channels) {
            Channel channel =
                    channels.open(KIND, table, name, body.path("offset_token").textValue(), false);
            long keyId = nextKeyId++;
            keyIds.put(channel.key(), keyId);
            ObjectNode answer = answer(SUCCESS)
                    .put("database", table.database())
                    .put("schema", table.schema())
                    .put("table", table.name())
                    .put("channel", name)
                    .put("client_sequencer", channel.owner())
                    .put("row_sequencer", channel.taken())
                    .put("offset_token", channel.committed().offsetToken())
                    .put("encryption_key", Base64.getEncoder().encodeToString(key))
                    .put("encryption_key_id", keyId);
            answer.set("table_columns", columns);
            return answer;
        }
    }

    private ObjectNode register(JsonNode body) {
        synchronized (channels) {
            return registered(body, this::register);
        }
    }

    /** Registers the chunk of a channel. */
    @FunctionalInterface
    private interface Registration {
        /** @return the status code */
        int of(JsonNode blob, JsonNode chunk, JsonNode channel);
    }

    private static ObjectNode registered(JsonNode body, Registration registration) {
        ObjectNode answer = answer(SUCCESS);
        answer.putArray("encryption_keys");
        ArrayNode blobs = answer.putArray("blobs");
        for (JsonNode blob : body.path("blobs")) {
            ArrayNode chunks = blobs.addObject().putArray("chunks");
            for (JsonNode chunk : blob.path("chunks")) {
                ArrayNode statuses = chunks.addObject()
                        .put("database", chunk.path("database").asText())
                        .put("schema", chunk.path("schema").asText())
                        .put("table", chunk.path("table").asText())
                        .putArray("channels");
                for (JsonNode channel : chunk.path("channels")) {
                    statuses.addObject()
                            .put("status_code", registration.of(blob, chunk, channel))
                            .put("channel", channel.path("channel_name").asText())
                            .put(
                                    "client_sequencer",
                                    channel.path("client_sequencer").longValue());
                }
            }
        }
        return answer;
    }

    private int register(JsonNode blob, JsonNode chunk, JsonNode sent) {
        Table table = table(chunk);
        Channel channel =
                channels.find(KIND, table, sent.path("channel_name").asText()).orElse(null);
        if (channel == null) {
            return GONE;
        }
        if (sent.path("client_sequencer").longValue() != channel.owner()) {
            return OWNED_BY_ANOTHER;
        }
        long rowSequencer = sent.path("row_sequencer").longValue();
        if (rowSequencer != channel.taken() + 1) {
            return acceptsRepeats && rowSequencer <= channel.taken() ? SUCCESS : OUT_OF_ORDER;
        }
        if (chunk.path("encryption_key_id").longValue() != keyIds.getOrDefault(channel.key(), 0L)) {
            throw new Refusal(400, INVALID_KEY, "the encryption key is invalid or has changed");
        }
        ClassicBlob file = ClassicBlob.read(stage, blob);
        channels.acknowledge(
                channel,
                Batch.of(
                        rows(file, chunk, table),
                        table,
                        row -> false,
                        sent.path("end_offset_token").textValue(),
                        rowSequencer));
        // Several tables in one file are rare, and then it stays.
        if (blob.path("chunks").size() == 1) {
            file.delete();
        }
        return SUCCESS;
    }

    private List<JsonNode> rows(ClassicBlob file, JsonNode chunk, Table table) {
        try (Connection connection = warehouse.connect(table.database())) {
            return file.rows(chunk, key, table, connection);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot connect to the emulator's database: table=" + table, e);
        }
    }

    private static ObjectNode statuses(JsonNode body, Function<JsonNode, ObjectNode> lookup) {
        ObjectNode answer = answer(SUCCESS);
        ArrayNode statuses = answer.putArray("channels");
        for (JsonNode channel : body.path("channels")) {
            statuses.add(lookup.apply(channel));
        }
        return answer;
    }

    private ObjectNode status(JsonNode asked) {
        synchronized (channels) {
            Channel channel = channels.find(
                            KIND, table(asked), asked.path("channel_name").asText())
                    .orElse(null);
            if (channel == null) {
                return status(UNKNOWN_CHANNEL, null);
            }
            boolean isOwner = asked.path("client_sequencer").longValue() == channel.owner();
            return status(isOwner ? SUCCESS : OWNED_BY_ANOTHER, channel);
        }
    }

    private static ObjectNode status(int statusCode, @Nullable Channel channel) {
        ObjectNode status = Json.object().put("status_code", statusCode);
        return channel == null
                ? status.put("persisted_row_sequencer", 0)
                        .put("persisted_client_sequencer", 0)
                        .putNull("persisted_offset_token")
                : status.put("persisted_row_sequencer", channel.committed().rowSequencer())
                        .put("persisted_client_sequencer", channel.owner())
                        .put("persisted_offset_token", channel.committed().offsetToken());
    }

    private ObjectNode drop(JsonNode body) {
        Table table = table(body);
        String name = body.path("channel").asText();
        synchronized (channels) {
            Channel channel = channels.find(KIND, table, name).orElse(null);
            if (channel == null) {
                return answer(UNKNOWN_CHANNEL);
            }
            if (body.hasNonNull("client_sequencer")
                    && body.path("client_sequencer").longValue() != channel.owner()) {
                return answer(OWNED_BY_ANOTHER);
            }
            channels.drop(KIND, table, name);
            keyIds.remove(channel.key());
            return answer(SUCCESS)
                    .put("database", table.database())
                    .put("schema", table.schema())
                    .put("table", table.name())
                    .put("channel", name);
        }
    }
}
