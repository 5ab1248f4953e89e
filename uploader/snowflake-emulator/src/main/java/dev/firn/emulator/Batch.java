package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a channel was given at once: committed together, with their token.
 *
 * @param rows           those that fit the table, as {@link Table#row} makes them
 * @param refused        how many did not
 * @param refusedBecause of the last one that did not
 */
record Batch(
        List<@Nullable String[]> rows,
        long refused,
        @Nullable String refusedBecause,
        @Nullable String offsetToken,
        long rowSequencer) {

    /** As {@code ON_ERROR = CONTINUE} has it: what does not fit is left out. */
    static Batch of(
            Iterable<JsonNode> rows,
            Table table,
            Predicate<JsonNode> refusal,
            @Nullable String offsetToken,
            long rowSequencer) {
        List<@Nullable String[]> taken = new ArrayList<>();
        long refused = 0;
        String because = null;
        for (JsonNode row : rows) {
            try {
                if (refusal.test(row)) {
                    refused++;
                    because = "told to refuse it";
                } else {
                    taken.add(table.row(row));
                }
            } catch (Column.Unfit e) {
                refused++;
                because = e.getMessage();
            }
        }
        return new Batch(taken, refused, because, offsetToken, rowSequencer);
    }
}
