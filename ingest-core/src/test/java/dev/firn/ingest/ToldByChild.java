package dev.firn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

/** What an {@link IngestChild} has said of one run, until it was killed. */
final class ToldByChild {
    private final long lastBefore;
    private final Map<Long, Long> events = new HashMap<>();
    private long durable;
    private int lines;
    private boolean open;
    private boolean failed;
    private boolean closed;

    /** @param lastBefore the journal's last sequence before it was started */
    ToldByChild(long lastBefore) {
        this.lastBefore = lastBefore;
    }

    /** A line without its dot was cut by the kill. */
    void hear(String line) {
        if (!line.endsWith(" .")) {
            return;
        }
        lines++;
        String[] words = line.split(" ");
        switch (words[0]) {
            case "open" -> {
                // All that an earlier run left is found by the next one, neither more nor less.
                assertThat(Long.parseLong(words[1])).isEqualTo(lastBefore);
                open = true;
            }
            case "durable" -> durable = Long.parseLong(words[1]);
            case "event" -> {
                long sequence = Long.parseLong(words[1]);
                events.put(sequence, FollowedJournal.pack(words[2]));
                durable = Math.max(durable, sequence);
            }
            case "failed" -> failed = true;
            case "closing" -> {}
            case "closed" -> {
                durable = Long.parseLong(words[1]);
                closed = true;
            }
            default -> throw new AssertionError("child said: " + line);
        }
    }

    long lastBefore() {
        return lastBefore;
    }

    /** The last sequence that it said was durable, 0 if it said nothing. */
    long durable() {
        return durable;
    }

    /** Some of the durable events, by sequence. */
    Map<Long, Long> events() {
        return events;
    }

    int lines() {
        return lines;
    }

    boolean isOpen() {
        return open;
    }

    boolean isFailed() {
        return failed;
    }

    boolean isClosed() {
        return closed;
    }

    /** The journal's reader must have been told to remember this run. */
    void assertIsIn(FollowedJournal journal) {
        assertThat(journal.last()).isGreaterThanOrEqualTo(durable);
        if (closed) {
            assertThat(journal.last()).isEqualTo(durable);
        }
        events.forEach((sequence, content) -> {
            assertThat(sequence).isGreaterThan(lastBefore);
            assertThat(journal.content(sequence)).as("sequence %d", sequence).isEqualTo(content);
        });
    }
}
