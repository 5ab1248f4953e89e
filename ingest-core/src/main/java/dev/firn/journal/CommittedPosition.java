package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a warehouse has of a journal: every record up to {@code sequence}. The uploader writes it into the journal's directory after the
 * warehouse said so; the warehouse stays the truth, this is the copy that anyone on the host can read without asking it.
 *
 * <p>The file {@code committed} has four lines: {@code sequence=}, {@code sink=}, {@code producer=} with the journal's ID, and {@code crc32c=}
 * with eight hexadecimal digits over the lines before it. Files are deleted on its word, so it is believed only if all of that is right.
 *
 * @param sequence the last committed sequence, 0 or more
 * @param sink     the sink's name, 1 to 200 printable ASCII characters
 */
public record CommittedPosition(long sequence, String sink) {
    private static final Logger LOG = LoggerFactory.getLogger(CommittedPosition.class);
    private static final String FILE_NAME = "committed";
    private static final Pattern SINK = Pattern.compile("[\\x20-\\x7E]{1,200}");
    private static final Pattern CONTENT = Pattern.compile(
            "(sequence=(\\d{1,19})\nsink=([\\x20-\\x7E]{1,200})\nproducer=([0-9a-f-]{36})\n)crc32c=([0-9a-f]{8})\n");
    /** Of these it was said that the file cannot be believed: who waits for a commit reads it many times a second. */
    private static final Set<Path> WARNED = ConcurrentHashMap.newKeySet();

    public CommittedPosition {
        requireNonNull(sink, "sink");
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence must not be negative: sequence=" + sequence);
        }
        if (!SINK.matcher(sink).matches()) {
            throw new IllegalArgumentException("sink must be 1 to 200 printable ASCII characters: sink=" + sink);
        }
    }

    /**
     * Reads the position; empty if nothing was ever committed. Also empty, with one warning in the log, if the file cannot be read, is not
     * what was written, or is of another producer: the next upload writes it anew. Any thread; reads two small files.
     */
    public static Optional<CommittedPosition> read(Path journalDirectory) {
        requireNonNull(journalDirectory, "journalDirectory");
        try {
            byte[] bytes = Files.readAllBytes(journalDirectory.resolve(FILE_NAME));
            CommittedPosition position = parse(
                    new String(bytes, StandardCharsets.ISO_8859_1),
                    ProducerId.read(journalDirectory).orElse(null));
            WARNED.remove(journalDirectory);
            return Optional.of(position);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | UncheckedIOException | IllegalArgumentException | DamagedJournalException e) {
            if (WARNED.add(journalDirectory)) {
                LOG.warn(
                        "committed position cannot be believed, so nothing is taken for committed: directory={} file={}"
                                + " reason={}. The next upload writes it anew",
                        journalDirectory,
                        FILE_NAME,
                        e.toString());
            }
            return Optional.empty();
        }
    }

    private static CommittedPosition parse(String text, @Nullable ProducerId producer) {
        Matcher matcher = CONTENT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a committed position: length=" + text.length());
        }
        String found = matcher.group(5);
        String expected = crc(matcher.group(1));
        if (!found.equals(expected)) {
            throw new IllegalArgumentException("checksum is wrong: found=" + found + " expected=" + expected);
        }
        if (!matcher.group(4).equals(String.valueOf(producer))) {
            throw new IllegalArgumentException(
                    "another producer's: found=" + matcher.group(4) + " expected=" + producer);
        }
        return new CommittedPosition(Long.parseLong(matcher.group(2)), matcher.group(3));
    }

    /**
     * Replaces the position atomically and durably: one sync of a small file. One process at a time.
     *
     * @throws IllegalArgumentException if the directory holds no journal
     * @throws DamagedJournalException  if the producer's ID cannot be read
     * @throws UncheckedIOException     if it cannot be written
     */
    public void write(Path journalDirectory) {
        write(journalDirectory, producerOf(journalDirectory));
    }

    /**
     * As {@link #write(Path)}, for whoever has read the journal: it may have been adopted as another producer's since.
     *
     * @param producer whose records are committed
     * @throws IllegalArgumentException if the directory holds no journal, or another producer's
     */
    public void write(Path journalDirectory, ProducerId producer) {
        requireNonNull(producer, "producer");
        ProducerId found = producerOf(journalDirectory);
        if (!producer.equals(found)) {
            throw new IllegalArgumentException("directory must hold the journal that is committed: directory="
                    + journalDirectory + " producer=" + found + " committed=" + producer);
        }
        String text = "sequence=" + sequence + "\nsink=" + sink + "\nproducer=" + producer + "\n";
        String content = text + "crc32c=" + crc(text) + "\n";
        try {
            PrivateFiles.replace(journalDirectory.resolve(FILE_NAME), content.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("committed position not written: directory=" + journalDirectory, e);
        }
    }

    private static ProducerId producerOf(Path journalDirectory) {
        requireNonNull(journalDirectory, "journalDirectory");
        return ProducerId.read(journalDirectory)
                .orElseThrow(() -> new IllegalArgumentException("directory must hold a journal, it has no file "
                        + ProducerId.FILE_NAME + ": directory=" + journalDirectory));
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return String.format("%08x", crc.getValue());
    }
}
