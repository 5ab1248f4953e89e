package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a warehouse has of a journal: every record up to {@code sequence}. The uploader writes it into the journal's directory after the
 * warehouse said so; the warehouse stays the truth, this is the copy that anyone on the host can read without asking it.
 *
 * @param sequence the last committed sequence, 0 or more
 * @param sink     the sink's name, 1 to 200 printable ASCII characters
 */
public record CommittedPosition(long sequence, String sink) {
    private static final String FILE_NAME = "committed";
    private static final Pattern SINK = Pattern.compile("[\\x20-\\x7E]{1,200}");
    private static final Pattern CONTENT = Pattern.compile("sequence=(\\d{1,19})\nsink=([\\x20-\\x7E]{1,200})\n");

    public CommittedPosition {
        requireNonNull(sink, "sink");
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence must not be negative: sequence=" + sequence);
        }
        if (!SINK.matcher(sink).matches()) {
            throw new IllegalArgumentException("sink must be 1 to 200 printable ASCII characters: sink=" + sink);
        }
    }

    /** Reads the position; empty if nothing was ever committed. */
    public static Optional<CommittedPosition> read(Path journalDirectory) {
        requireNonNull(journalDirectory, "journalDirectory");
        try {
            String text = Files.readString(journalDirectory.resolve(FILE_NAME), StandardCharsets.ISO_8859_1);
            Matcher matcher = CONTENT.matcher(text);
            if (matcher.matches()) {
                return Optional.of(new CommittedPosition(Long.parseLong(matcher.group(1)), matcher.group(2)));
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("committed position not read: directory=" + journalDirectory, e);
        } catch (NumberFormatException e) {
            throw unreadable(journalDirectory, e);
        }
        throw unreadable(journalDirectory, null);
    }

    /** Replaces the position atomically and durably: one sync of a small file. One process at a time. */
    public void write(Path journalDirectory) {
        requireNonNull(journalDirectory, "journalDirectory");
        String text = "sequence=" + sequence + "\nsink=" + sink + "\n";
        try {
            PrivateFiles.replace(journalDirectory.resolve(FILE_NAME), text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("committed position not written: directory=" + journalDirectory, e);
        }
    }

    private static DamagedJournalException unreadable(Path directory, @Nullable Throwable cause) {
        return new DamagedJournalException(
                Damage.WRONG_FILE, directory, 0, "not a committed position: file=" + FILE_NAME, cause);
    }
}
