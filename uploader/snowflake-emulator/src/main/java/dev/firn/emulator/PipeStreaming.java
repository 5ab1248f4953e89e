package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Snowpipe Streaming with high-performance architecture: the REST interface that its SDK and other clients use, for the
 * implicit pipe {@code <TABLE>-STREAMING} of each table.
 */
final class PipeStreaming {
    static final String KIND = "pipe";

    private static final Pattern RESOURCE = Pattern.compile(
            "/v2/streaming(?:/data)?/databases/(?<db>[^/]+)/schemas/(?<schema>[^/]+)"
                    + "/pipes/(?<pipe>[^/:]+)(?::(?<verb>[a-z-]+))?(?:/channels/(?<channel>[^/]+?)(?:/(?<part>rows|filebuffer))?)?");
    private static final String PIPE_SUFFIX = "-STREAMING";
    private static final String BUCKET = "stage";
    private static final String PREFIX = "pipe/";
    private static final String ENCRYPTION = "AES-CTR-128.1";
    private static final Duration STAGE_LIFETIME = Duration.ofHours(1);

    private final Warehouse warehouse;
    private final Channels channels;
    private final Tokens tokens;
    private final ObjectStore store;
    private final byte[] pipeKey;
    private volatile Predicate<JsonNode> refusal = row -> false;

    /** @param pipeKey what objects are encrypted with, 32 bytes */
    PipeStreaming(Warehouse warehouse, Channels channels, Tokens tokens, ObjectStore store, byte[] pipeKey) {
        this.warehouse = warehouse;
        this.channels = channels;
        this.tokens = tokens;
        this.store = store;
        this.pipeKey = pipeKey.clone();
    }

    void refuseRows(Predicate<JsonNode> which) {
        refusal = which;
    }

    /** Which of them a request is for; null if it is for none of them. */
    static @Nullable Endpoint endpoint(Request request) {
        switch (request.path()) {
            case "/v2/streaming/hostname":
                return Endpoint.HOSTNAME;
            case "/oauth/token":
                return Endpoint.TOKEN;
            default:
        }
        Matcher path = RESOURCE.matcher(request.path());
        if (!path.matches()) {
            return request.path().startsWith('/' + BUCKET + '/')
                            && request.method().equals("PUT")
                    ? Endpoint.STORE_OBJECT
                    : null;
        }
        if (path.group("channel") == null) {
            return switch (String.valueOf(path.group("verb"))) {
                case "pipe-info" -> Endpoint.PIPE_INFO;
                case "bulk-channel-status" -> Endpoint.CHANNEL_STATUS;
                default -> null;
            };
        }
        return switch (request.method() + ' ' + path.group("part")) {
            case "PUT null" -> Endpoint.OPEN_CHANNEL;
            case "DELETE null" -> Endpoint.DROP_CHANNEL;
            case "POST rows" -> Endpoint.APPEND_ROWS;
            case "POST filebuffer" -> Endpoint.APPEND_FILES;
            default -> null;
        };
    }

    Reply answer(Endpoint endpoint, Request request) throws IOException {
        switch (endpoint) {
            case HOSTNAME:
                tokens.verifyBearer(request.header("Authorization"));
                return Reply.text("127.0.0.1");
            case TOKEN:
                return Reply.text(tokens.issue(tokens.verifyBearer(request.header("Authorization"))));
            case STORE_OBJECT:
                return store.put(request);
            default:
        }
        tokens.verifyBearer(request.header("Authorization"));
        Matcher path = RESOURCE.matcher(request.path());
        if (!path.matches()) {
            throw new IllegalArgumentException("no such resource: path=" + request.path());
        }
        String pipe = path.group("pipe");
        Table table = table(path.group("db"), path.group("schema"), pipe);
        String channel = String.valueOf(path.group("channel"));
        return switch (endpoint) {
            case PIPE_INFO -> Reply.ok(pipeInfo());
            case CHANNEL_STATUS -> Reply.ok(statuses(table, pipe, request.json()));
            case OPEN_CHANNEL -> Reply.ok(open(table, pipe, channel, request));
            case DROP_CHANNEL -> {
                channels.drop(KIND, table, channel);
                yield Reply.ok(Json.object());
            }
            case APPEND_ROWS ->
                Reply.ok(append(table, channel, request, rows(request.body()), request.parameter("offsetToken")));
            case APPEND_FILES -> Reply.ok(appendFiles(table, channel, request));
            default -> throw new IllegalArgumentException("no endpoint of pipes: endpoint=" + endpoint);
        };
    }

    private Table table(String database, String schema, String pipe) {
        String name = pipe.endsWith(PIPE_SUFFIX) ? pipe.substring(0, pipe.length() - PIPE_SUFFIX.length()) : "";
        return warehouse
                .table(database, schema, name)
                .orElseThrow(() -> new Refusal(
                        404,
                        "ERR_PIPE_DOES_NOT_EXIST_OR_NOT_AUTHORIZED",
                        "no such pipe; the emulator has the implicit one of each table: pipe=" + database + '.' + schema
                                + '.' + pipe));
    }

    private ObjectNode pipeInfo() {
        ObjectNode info = Json.object();
        ObjectNode stage = info.putObject("stage_location")
                .put("location", "s3://" + BUCKET + '/' + PREFIX)
                .put("location_type", "S3")
                .put("expiry_time_ms", System.currentTimeMillis() + STAGE_LIFETIME.toMillis())
                .put("use_s3_regional_url", false)
                .put("region", "us-east-1")
                .putNull("storage_account")
                .put("endpoint", "127.0.0.1")
                .put("bucket_name", BUCKET)
                .put("path_prefix", PREFIX);
        stage.putObject("creds")
                .put("AWS_KEY_ID", "key")
                .put("AWS_SECRET_KEY", "secret")
                .put("AWS_TOKEN", "token");
        stage.putObject("parameters")
                .put("max_client_lag_seconds", 1)
                .put("rowset_flush_threshold_kb", 16)
                .put("max_buffered_kb_for_rowset_mode", 60_000)
                .put("rowset_threshold_lookback_seconds", 10)
                .put("rowset_threshold_ewma_weight", 50)
                .put("target_file_size_compressed_mb", 16)
                .put("cpu_throttle_high_watermark_percent", 99)
                .put("cpu_throttle_low_watermark_percent", 95)
                .put("mem_throttle_high_watermark_percent", 99)
                .put("mem_throttle_low_watermark_percent", 95);
        info.putObject("encryption_info")
                .put("pipe_key", Base64.getEncoder().encodeToString(pipeKey))
                .put("pipe_key_id", 1)
                .put("diversifier", "d")
                .put("encryption_version", ENCRYPTION);
        return info;
    }

    private ObjectNode open(Table table, String pipe, String name, Request request) {
        JsonNode body = request.json();
        synchronized (channels) {
            Channel channel = channels.open(
                    KIND,
                    table,
                    name,
                    body.path("offset_token").textValue(),
                    body.path("fail_on_uncommitted_rows").booleanValue());
            ObjectNode answer = Json.object().put("next_continuation_token", continuation(channel));
            answer.set("channel_status", status(pipe, name, channel));
            return answer;
        }
    }

    private static String continuation(Channel channel) {
        return channel.owner() + "_" + channel.taken();
    }

    private ObjectNode statuses(Table table, String pipe, JsonNode body) {
        ObjectNode answer = Json.object();
        ObjectNode statuses = answer.putObject("channel_statuses");
        synchronized (channels) {
            for (JsonNode name : body.path("channel_names")) {
                channels.find(KIND, table, name.asText())
                        .ifPresent(channel -> statuses.set(name.asText(), status(pipe, name.asText(), channel)));
            }
        }
        return answer;
    }

    private static ObjectNode status(String pipe, String name, Channel channel) {
        ChannelState state = channel.committed();
        Table table = channel.table();
        ObjectNode status = Json.object()
                .put("database_name", table.database())
                .put("schema_name", table.schema())
                .put("pipe_name", pipe)
                .put("channel_name", name)
                .put("channel_status_code", channel.statusCode())
                .put("last_committed_offset_token", state.offsetToken())
                .put("created_on_ms", state.createdMillis())
                .put("rows_inserted", state.rowsInserted())
                .put("rows_parsed", state.rowsInserted() + state.rowsRefused())
                .put("rows_error_count", state.rowsRefused())
                .put("last_error_offset_upper_bound", state.lastErrorToken())
                .put("last_error_message", state.lastErrorMessage())
                .put("snowflake_avg_processing_latency_ms", 5);
        return state.rowsRefused() == 0
                ? status.putNull("last_error_timestamp_ms")
                : status.put("last_error_timestamp_ms", state.lastErrorMillis());
    }

    private static List<JsonNode> rows(byte[] ndjson) throws IOException {
        try (MappingIterator<JsonNode> rows =
                Json.MAPPER.readerFor(JsonNode.class).readValues(ndjson)) {
            return rows.readAll();
        }
    }

    private ObjectNode appendFiles(Table table, String channel, Request request) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        String token = "";
        for (JsonNode fragment : request.json()) {
            byte[] file = store.get(fragment.path("file_path").asText());
            int start = fragment.path("fragment_start_byte_offset").intValue();
            int length = fragment.path("fragment_length_bytes").intValue();
            if (file.length < start + length) {
                throw new Refusal(
                        400, "INVALID_FRAGMENT", "the file is shorter than the fragment: length=" + file.length);
            }
            byte[] packed = decrypt(
                    Arrays.copyOfRange(file, start, start + length),
                    fragment.path("iv_base64").asText());
            rows.addAll(rows(Request.unpackZstd(packed)));
            token = fragment.path("fragment_end_offset_token").asText();
        }
        return append(table, channel, request, rows, token);
    }

    private byte[] decrypt(byte[] encrypted, String iv) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(pipeKey, "AES"),
                    new IvParameterSpec(Base64.getDecoder().decode(iv)));
            return cipher.doFinal(encrypted);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot decrypt an object: length=" + encrypted.length, e);
        }
    }

    private ObjectNode append(Table table, String name, Request request, List<JsonNode> rows, String offsetToken) {
        synchronized (channels) {
            Channel channel = channels.find(KIND, table, name)
                    .orElseThrow(() -> new Refusal(
                            404, "ERR_CHANNEL_DOES_NOT_EXIST_OR_NOT_AUTHORIZED", "no such channel: channel=" + name));
            if (!continuation(channel).equals(request.parameter("continuationToken"))) {
                throw new Refusal(
                        400,
                        "STALE_CONTINUATION_TOKEN_SEQUENCER",
                        "Channel sequencer in the continuation token is stale. Please reopen the channel");
            }
            channels.acknowledge(
                    channel,
                    Batch.of(rows, table, refusal, offsetToken.isEmpty() ? null : offsetToken, channel.taken() + 1));
            return Json.object().put("next_continuation_token", continuation(channel));
        }
    }
}
