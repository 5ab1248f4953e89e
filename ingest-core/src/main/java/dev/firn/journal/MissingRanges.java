package dev.firn.journal;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * All sequences of a journal that are known to be lost, in order and without overlap; immutable. They are what tells a reader that a gap is
 * no new damage, so the file {@code missing} is as durable as the records, and has a checksum.
 */
record MissingRanges(List<Entry> entries) {
    static final String FILE_NAME = "missing";
    static final MissingRanges NONE = new MissingRanges(List.of());

    private static final String TITLE = "firn-missing 1";
    private static final String CHECKSUM = "crc32c ";
    private static final String REPORTED = "reported";
    private static final String UNREPORTED = "unreported";
    private static final int COLUMNS = 6;

    /** A range, and whether somebody was told of it. */
    record Entry(MissingRange range, boolean reported) {}

    MissingRanges {
        entries = List.copyOf(entries);
    }

    /** Nothing if there is no file. */
    static MissingRanges read(Path directory) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(directory.resolve(FILE_NAME));
        } catch (NoSuchFileException e) {
            return NONE;
        }
        try {
            return parse(new String(bytes, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new DamagedJournalException(
                    Damage.WRONG_FILE, directory, 0, "not a list of missing sequences: file=" + FILE_NAME, e);
        }
    }

    private static MissingRanges parse(String text) {
        int end = text.lastIndexOf(CHECKSUM);
        if (end < 0 || !text.substring(end).equals(checksum(text.substring(0, end)))) {
            throw new IllegalArgumentException("checksum does not fit: length=" + text.length());
        }
        List<String> lines = text.substring(0, end).lines().toList();
        if (!lines.get(0).equals(TITLE)) {
            throw new IllegalArgumentException("first line must be: " + TITLE);
        }
        List<Entry> entries = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] columns = line.split(" ", -1);
            if (columns.length != COLUMNS) {
                throw new IllegalArgumentException("columns must be " + COLUMNS + ": columns=" + columns.length);
            }
            entries.add(new Entry(
                    new MissingRange(
                            Long.parseLong(columns[0]),
                            Long.parseLong(columns[1]),
                            Damage.valueOf(columns[2]),
                            columns[3],
                            Instant.parse(columns[4])),
                    columns[5].equals(REPORTED)));
        }
        return new MissingRanges(entries);
    }

    /** Replaces the file atomically and durably. */
    void write(Path directory) throws IOException {
        StringBuilder text = new StringBuilder(TITLE).append('\n');
        for (Entry entry : entries) {
            MissingRange range = entry.range();
            text.append(range.first())
                    .append(' ')
                    .append(range.last())
                    .append(' ')
                    .append(range.damage());
            text.append(' ').append(range.file()).append(' ').append(range.foundAt());
            text.append(' ').append(entry.reported() ? REPORTED : UNREPORTED).append('\n');
        }
        text.append(checksum(text.toString()));
        PrivateFiles.replace(directory.resolve(FILE_NAME), text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return CHECKSUM + Long.toHexString(crc.getValue()) + "\n";
    }

    List<MissingRange> ranges() {
        return entries.stream().map(Entry::range).toList();
    }

    List<MissingRange> unreported() {
        return entries.stream()
                .filter(entry -> !entry.reported())
                .map(Entry::range)
                .toList();
    }

    MissingRanges allReported() {
        return new MissingRanges(
                entries.stream().map(entry -> new Entry(entry.range(), true)).toList());
    }

    /** The highest of them, 0 if there are none. */
    long last() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).range().last();
    }

    /** True if all sequences from first to last are known to be lost; also for an empty range. */
    boolean cover(long first, long last) {
        return first > last || nextPresent(first) > last;
    }

    /** The sequence itself, or the next higher one that is not lost. */
    long nextPresent(long sequence) {
        long next = sequence;
        for (Entry entry : entries) {
            if (entry.range().contains(next)) {
                next = entry.range().last() + 1;
            }
        }
        return next;
    }

    /** The next lower sequence that is not lost, 0 if there is none. */
    long previousPresent(long sequence) {
        long previous = sequence - 1;
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).range().contains(previous)) {
                previous = entries.get(i).range().first() - 1;
            }
        }
        return previous;
    }

    /** How many of the sequences from first to last are lost. */
    long count(long first, long last) {
        long count = 0;
        for (Entry entry : entries) {
            long from = Math.max(first, entry.range().first());
            long to = Math.min(last, entry.range().last());
            count += Math.max(0, to - from + 1);
        }
        return count;
    }

    /** Of these ranges the parts that are not yet known. */
    List<MissingRange> unknownOf(List<MissingRange> found) {
        List<MissingRange> unknown = new ArrayList<>();
        for (MissingRange range : found) {
            for (long first = nextPresent(range.first()); first <= range.last(); ) {
                long last = first;
                while (last < range.last() && !contains(last + 1)) {
                    last = Math.min(range.last(), nextKnown(last + 1) - 1);
                }
                unknown.add(range.of(first, last));
                first = nextPresent(last + 1);
            }
        }
        return unknown;
    }

    private boolean contains(long sequence) {
        return nextPresent(sequence) != sequence;
    }

    private long nextKnown(long sequence) {
        for (Entry entry : entries) {
            if (entry.range().last() >= sequence) {
                return Math.max(sequence, entry.range().first());
            }
        }
        return Long.MAX_VALUE;
    }

    /** These, and new ones that nobody was told of; they must not overlap. */
    MissingRanges with(List<MissingRange> unreported) {
        List<Entry> all = new ArrayList<>(entries);
        unreported.forEach(range -> all.add(new Entry(range, false)));
        all.sort(Comparator.comparingLong(entry -> entry.range().first()));
        return new MissingRanges(all);
    }

    /** These without sequences that are there: somebody brought a file back. */
    MissingRanges without(long first, long last) {
        List<Entry> rest = new ArrayList<>();
        for (Entry entry : entries) {
            MissingRange range = entry.range();
            if (range.first() < first) {
                rest.add(new Entry(range.of(range.first(), Math.min(range.last(), first - 1)), entry.reported()));
            }
            if (range.last() > last) {
                rest.add(new Entry(range.of(Math.max(range.first(), last + 1), range.last()), entry.reported()));
            }
        }
        rest.sort(Comparator.comparingLong(entry -> entry.range().first()));
        return new MissingRanges(rest);
    }
}
