package dev.firn.journal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a copy of a journal a journal that can be written to. Each step is durable before the next, and whatever ends it on the way leaves
 * a directory that is still refused as a copy; the same call again then goes on.
 */
final class CopiedJournal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final Path directory;
    private final ProducerFile original;
    /** The original's records: a journal that can be read, and is known to be a copy. */
    private final Path aside;

    private final Runnable afterStep;

    private CopiedJournal(Path directory, ProducerFile original, Runnable afterStep) {
        this.directory = directory;
        this.original = original;
        this.afterStep = afterStep;
        this.aside = directory.resolve("copied-" + original.id());
    }

    /** For the holder of the writer's lock on a journal. Returns the producer that goes on here. */
    static ProducerId adopt(Path directory, Adoption adoption) throws IOException {
        return adopt(directory, adoption, () -> {});
    }

    /** @param afterStep called after each step that a crash may follow */
    static ProducerId adopt(Path directory, Adoption adoption, Runnable afterStep) throws IOException {
        ProducerFile original = ProducerFile.read(directory).orElseThrow();
        CopiedJournal copy = new CopiedJournal(directory, original, afterStep);
        return switch (adoption) {
            case MOVED -> copy.goOn();
            case NEW_PRODUCER -> copy.beginAnew();
        };
    }

    private ProducerId goOn() throws IOException {
        if (isMarked() && Files.exists(aside)) {
            throw new IllegalStateException("journal cannot be adopted as " + Adoption.MOVED
                    + ", since its records are on their way aside: directory=" + directory + " aside=" + aside
                    + ". Adopt it as " + Adoption.NEW_PRODUCER + ", which finishes that");
        }
        ProducerFile.write(directory, original.id());
        LOG.warn("copied journal adopted, its producer goes on: directory={} producer={}", directory, original.id());
        return original.id();
    }

    private ProducerId beginAnew() throws IOException {
        if (!isMarked()) {
            if (Files.exists(aside)) {
                throw new IllegalStateException(
                        "journal cannot be adopted as " + Adoption.NEW_PRODUCER + ", since records of its producer were"
                                + " moved aside here before: directory=" + directory + " aside=" + aside
                                + ". Move that directory away first");
            }
            // From here on nobody opens the journal, also where inodes tell nothing: without its records it looks new.
            ProducerFile.writeAsCopy(directory, original.id());
            afterStep.run();
        }
        PrivateFiles.createDirectories(aside);
        afterStep.run();
        ProducerFile.writeAsCopy(aside, original.id());
        afterStep.run();
        for (Path entry : entriesToMove()) {
            Files.move(entry, aside.resolve(entry.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            afterStep.run();
        }
        PrivateFiles.syncDirectory(aside);
        PrivateFiles.syncDirectory(directory);
        afterStep.run();
        ProducerId created = ProducerFile.create(directory);
        LOG.warn(
                "copied journal adopted as a new producer: directory={} producer={} original={} recordsOfOriginal={}",
                directory,
                created,
                original.id(),
                aside);
        return created;
    }

    private boolean isMarked() {
        return original.place() != null && original.place().inode().equals(JournalPlace.COPY);
    }

    /** Whatever lies beside the records is about them, also what this version does not know. */
    private List<Path> entriesToMove() throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path entry : all) {
                String name = entry.getFileName().toString();
                if (!entry.equals(aside)
                        && !name.equals(WriterLock.FILE_NAME)
                        && !name.equals(ProducerFile.NAME)
                        && !name.equals(ProducerFile.TEMPORARY_NAME)) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }
}
