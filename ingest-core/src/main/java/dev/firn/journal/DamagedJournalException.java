package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is stored is not what was written. The message says where, what was expected and what was found, and what to do; it never holds a
 * payload.
 */
public final class DamagedJournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of damage it is. */
    public enum Damage {
        /** A sequence is missing. */
        GAP,
        /** A sequence came again. */
        REPEATED,
        /** An event's bytes do not give its hash. */
        WRONG_HASH,
        /** A record's header is not one that was written. */
        MALFORMED_RECORD,
        /** Later records exist, but what should lead to them does not: a hole, or a file that was cut. */
        UNREACHABLE,
        /** A file beside the records is missing, unreadable, or contradicts them. */
        WRONG_FILE
    }

    private final Damage damage;
    private final long lastGoodSequence;

    DamagedJournalException(
            Damage damage, Path directory, long lastGoodSequence, String what, @Nullable Throwable cause) {
        super(
                "damaged journal: directory=" + directory + " damage=" + damage + " lastGoodSequence="
                        + lastGoodSequence + ": " + what + remedy(damage),
                cause);
        this.damage = requireNonNull(damage, "damage");
        this.lastGoodSequence = lastGoodSequence;
    }

    DamagedJournalException(Damage damage, Path directory, long lastGoodSequence, String what) {
        this(damage, directory, lastGoodSequence, what, null);
    }

    private static String remedy(Damage damage) {
        return damage == Damage.WRONG_FILE
                ? ""
                : " (restart the application that writes the journal, which repairs it, or run firn repair)";
    }

    public Damage damage() {
        return damage;
    }

    /** The last sequence that was read and verified before the damage, 0 if there was none. */
    public long lastGoodSequence() {
        return lastGoodSequence;
    }
}
