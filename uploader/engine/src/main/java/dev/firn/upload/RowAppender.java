package dev.firn.upload;

import dev.firn.event.DeadLetter;
import dev.firn.event.Event;
import dev.firn.event.EventTime;
import dev.firn.event.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Appends rows to a channel, whatever the warehouse thinks of their content: a record that it refuses is found by halving
 * the batch, and a dead letter with its bytes takes its place and its sequence.
 */
final class RowAppender {
    private final String sinkName;
    private final Consumer<SinkRow> refusals;

    /** @param refusals is told of each refused row */
    RowAppender(String sinkName, Consumer<SinkRow> refusals) {
        this.sinkName = sinkName;
        this.refusals = refusals;
    }

    /**
     * Hands all rows over, in as many batches as their content makes necessary.
     *
     * @param appended is given each batch that the channel took, before the next one is tried
     * @throws SinkException of any other failure
     */
    void append(SinkChannel to, List<SinkRow> rows, Consumer<Batch> appended) {
        long token = rows.get(rows.size() - 1).sequence();
        try {
            to.append(rows, token);
            appended.accept(new Batch(token, rows));
        } catch (SinkException failure) {
            if (failure.remedy() != SinkException.Remedy.DEAD_LETTER) {
                throw failure;
            }
            if (rows.size() == 1) {
                appended.accept(new Batch(token, setAside(to, rows.get(0), token)));
                return;
            }
            int half = rows.size() / 2;
            append(to, rows.subList(0, half), appended);
            append(to, rows.subList(half, rows.size()), appended);
        }
    }

    /** Appends the dead letter of a refused row, several rows of it if it is long, and returns it. */
    List<SinkRow> setAside(SinkChannel to, SinkRow refused, long token) {
        List<SinkRow> letters = deadLetters(refused);
        try {
            to.append(letters, token);
        } catch (SinkException failure) {
            if (failure.remedy() == SinkException.Remedy.DEAD_LETTER) {
                throw new SinkException(
                        SinkException.Remedy.STOP,
                        "the warehouse refused a record and its dead letter too: " + refused,
                        failure);
            }
            throw failure;
        }
        refusals.accept(refused);
        return letters;
    }

    private List<SinkRow> deadLetters(SinkRow refused) {
        DeadLetter letter = new DeadLetter(
                Reason.REFUSED,
                "",
                "the warehouse refused the record",
                "sink:" + sinkName,
                refused.sequence(),
                new DeadLetter.Refused(refused.producerId(), refused.sequence()));
        List<SinkRow> rows = new ArrayList<>();
        for (Event event : letter.toEvents(refused.payload(), EventTime.instant(refused.receivedAtMicros()))) {
            rows.add(SinkRow.of(
                    event, refused.sourceLane(), refused.receivedAtMicros(), refused.producerId(), refused.sequence()));
        }
        return rows;
    }
}
