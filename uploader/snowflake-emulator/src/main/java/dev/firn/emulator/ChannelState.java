package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What of a channel is committed together with its rows.
 *
 * @param offsetToken         of the last committed batch
 * @param rowSequencer        classic streaming: number of the last committed chunk
 * @param rowsInserted        since the channel was made
 * @param rowsRefused         rows that the table did not take, since the channel was made
 * @param lastErrorToken      offset token of the last batch that held one
 * @param lastErrorMessage    what was wrong with the last one
 * @param lastErrorMillis     milliseconds since 1970
 * @param createdMillis       milliseconds since 1970
 */
record ChannelState(
        @Nullable String offsetToken,
        long rowSequencer,
        long rowsInserted,
        long rowsRefused,
        @Nullable String lastErrorToken,
        @Nullable String lastErrorMessage,
        long lastErrorMillis,
        long createdMillis) {

    static ChannelState made(@Nullable String offsetToken, long nowMillis) {
        return new ChannelState(offsetToken, 0, 0, 0, null, null, 0, nowMillis);
    }

    ChannelState after(Batch batch, long nowMillis) {
        boolean isWhole = batch.refused() == 0;
        return new ChannelState(
                batch.offsetToken(),
                batch.rowSequencer(),
                rowsInserted + batch.rows().size(),
                rowsRefused + batch.refused(),
                isWhole ? lastErrorToken : batch.offsetToken(),
                isWhole ? lastErrorMessage : batch.refusedBecause(),
                isWhole ? lastErrorMillis : nowMillis,
                createdMillis);
    }

    ObjectNode toJson() {
        return Json.object()
                .put("offset_token", offsetToken)
                .put("row_sequencer", rowSequencer)
                .put("rows_inserted", rowsInserted)
                .put("rows_refused", rowsRefused)
                .put("last_error_token", lastErrorToken)
                .put("last_error_message", lastErrorMessage)
                .put("last_error_ms", lastErrorMillis)
                .put("created_ms", createdMillis);
    }

    static ChannelState of(JsonNode json) {
        return new ChannelState(
                json.path("offset_token").textValue(),
                json.path("row_sequencer").longValue(),
                json.path("rows_inserted").longValue(),
                json.path("rows_refused").longValue(),
                json.path("last_error_token").textValue(),
                json.path("last_error_message").textValue(),
                json.path("last_error_ms").longValue(),
                json.path("created_ms").longValue());
    }
}
