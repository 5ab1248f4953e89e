package dev.firn.cli.input;

import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What is added to a moment: {@code plus_s} or {@code plus_ms}, so that rows or parts keep their order. */
record Offset(ValueSpec amount, ChronoUnit unit) {
    static Optional<Offset> parse(MappingNode moment, Scope scope) {
        Optional<MappingNode> seconds = moment.get("plus_s");
        Optional<MappingNode> millis = moment.get("plus_ms");
        if (seconds.isPresent() && millis.isPresent()) {
            throw millis.get().error("and plus_s exclude each other");
        }
        return seconds.map(node -> new Offset(amount(node, scope), ChronoUnit.SECONDS))
                .or(() -> millis.map(node -> new Offset(amount(node, scope), ChronoUnit.MILLIS)));
    }

    private static ValueSpec amount(MappingNode node, Scope scope) {
        if (!node.json().isTextual() && !node.json().isNumber()) {
            throw node.error("must be a whole number, or a string with placeholders that gives one");
        }
        ValueSpec amount = ValueSpec.of(Literal.parse(node, scope), ValueType.INTEGER, null);
        amount.check(node);
        return amount;
    }

    Instant addTo(Instant moment, Row row, String field) {
        Object count = amount.value(row, field);
        try {
            return moment.plus(count instanceof Long whole ? whole : 0L, unit);
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidEventException(
                    Reason.TIME_OUT_OF_RANGE, field, "must be in the years 0001 to 9999 after conversion to UTC");
        }
    }
}
