package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code producer}: whose sequences a journal's are, and where it stood when it was last opened for writing. Three lines: the UUID,
 * {@code host=}, {@code inode=}. Earlier versions wrote the UUID alone.
 *
 * @param place null in a file of those
 */
record ProducerFile(ProducerId id, @Nullable JournalPlace place) {
    static final String NAME = "producer";

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    static final String TEMPORARY_NAME = "." + NAME + ".tmp";
    private static final Pattern CONTENT =
            Pattern.compile("([0-9a-f-]{36})\\s*(?:host=([\\x21-\\x7E]{1,255})\ninode=(\\d{1,20}|none|copy)\n)?");

    ProducerFile {
        requireNonNull(id, "id");
    }

    /** Reads the file; empty if the directory holds no journal. */
    static Optional<ProducerFile> read(Path directory) {
        String text;
        try {
            text = Files.readString(directory.resolve(NAME), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("producer id not read: directory=" + directory, e);
        }
        Matcher matcher = CONTENT.matcher(text);
        if (!matcher.matches()) {
            throw unreadable(directory, null);
        }
        try {
            return Optional.of(new ProducerFile(
                    ProducerId.parse(matcher.group(1)),
                    matcher.group(2) == null ? null : new JournalPlace(matcher.group(2), matcher.group(3))));
        } catch (IllegalArgumentException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * The producer whose journal the holder of the writer's lock may go on with; empty if there is none yet. Notes the place where that is not
     * the recorded one.
     *
     * @throws CopiedJournalException if the directory is a copy; nothing was changed
     */
    static Optional<ProducerId> claim(Path directory) throws IOException {
        Optional<ProducerFile> known = read(directory);
        if (known.isPresent()) {
            known.get().settle(directory);
        }
        return known.map(ProducerFile::id);
    }

    /** Whether {@link #claim} would refuse the directory as a copy; changes nothing. */
    static boolean isCopy(Path directory) throws IOException {
        JournalPlace recorded = read(directory).map(ProducerFile::place).orElse(null);
        return recorded != null && !recorded.mayBe(JournalPlace.of(directory.resolve(NAME)));
    }

    private void settle(Path directory) throws IOException {
        JournalPlace found = JournalPlace.of(directory.resolve(NAME));
        if (place == null) {
            write(directory, id);
            return;
        }
        if (!place.mayBe(found)) {
            throw new CopiedJournalException(directory, id, place, found);
        }
        if (!place.equals(found)) {
            LOG.warn(
                    "journal is on another host now, or on another file system: directory={} producer={} recorded: {},"
                            + " found: {}. Its producer goes on here; that is wrong if the volume was cloned and the"
                            + " original is still in use",
                    directory,
                    id,
                    place,
                    found);
            write(directory, id);
        }
    }

    static ProducerId create(Path directory) throws IOException {
        ProducerId created = new ProducerId(UUID.randomUUID());
        write(directory, created);
        return created;
    }

    /** This directory is the producer's from now on. */
    static void write(Path directory, ProducerId id) throws IOException {
        replace(directory, id, false);
    }

    /** This directory holds a copy of the producer's records from now on: nobody can write to it before it is adopted. */
    static void writeAsCopy(Path directory, ProducerId id) throws IOException {
        replace(directory, id, true);
    }

    /** Whoever reads sees the old or the new content, also after a power cut. A renamed file keeps its inode, so that can stand in it. */
    private static void replace(Path directory, ProducerId id, boolean copy) throws IOException {
        Path temporary = directory.resolve(TEMPORARY_NAME);
        try (FileChannel channel = PrivateFiles.open(temporary)) {
            JournalPlace here = JournalPlace.of(temporary);
            String text = id + "\nhost=" + here.host() + "\ninode=" + (copy ? JournalPlace.COPY : here.inode()) + "\n";
            channel.truncate(0);
            ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(
                temporary,
                directory.resolve(NAME),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        PrivateFiles.syncDirectory(directory);
    }

    private static DamagedJournalException unreadable(Path directory, @Nullable Throwable cause) {
        return new DamagedJournalException(Damage.WRONG_FILE, directory, 0, "not a producer id: file=" + NAME, cause);
    }
}
