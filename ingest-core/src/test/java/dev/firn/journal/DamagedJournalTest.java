package dev.firn.journal;

import static dev.firn.journal.JournalFiles.documentOf;
import static dev.firn.journal.JournalFiles.flip;
import static dev.firn.journal.JournalFiles.head;
import static dev.firn.journal.JournalFiles.offsetOf;
import static dev.firn.journal.JournalFiles.overwrite;
import static dev.firn.journal.JournalFiles.truncate;
import static dev.firn.journal.Samples.START_MICROS;
import static dev.firn.journal.Samples.assertGood;
import static dev.firn.journal.Samples.canonical;
import static dev.firn.journal.Samples.files;
import static dev.firn.journal.Samples.range;
import static dev.firn.journal.Samples.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What power cuts, disks and people do to files. Silence would be loss that nobody notices. */
class DamagedJournalTest {
    private static final int BLOCK = 4_096;

    @TempDir
    Path temporary;

    private final List<Long> read = new ArrayList<>();

    /** Reads until the damage is reported, with a bound so that silence fails. */
    private DamagedJournalException damageFound() {
        try (JournalReader reader = JournalReader.open(temporary)) {
            return damageFound(reader);
        }
    }

    private DamagedJournalException damageFound(JournalReader reader) {
        return catchThrowableOfType(DamagedJournalException.class, () -> {
            for (int empty = 0; empty < 3; ) {
                int count = reader.poll(
                        record -> {
                            assertGood(record);
                            read.add(record.sequence());
                        },
                        100);
                empty = count == 0 ? empty + 1 : 0;
            }
        });
    }

    @Test
    void flippedByteOfAnEventIsAWrongHash() throws IOException {
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        flip(file, offsetOf(file, 40) + 5);

        DamagedJournalException e = damageFound();

        assertThat(read).isEqualTo(range(1, 39));
        assertThat(e.damage()).isEqualTo(Damage.WRONG_HASH);
        assertThat(e.lastGoodSequence()).isEqualTo(39);
        assertThat(e)
                .hasMessageContaining("file=20231114-22F.cq4 index=39")
                .hasMessageContaining("sequence=40 SHA-256: expected=" + Samples.sha256(canonical(40)))
                .hasMessageNotContaining("{");
    }

    @Test
    void flippedByteOfATimeIsNoticedToo() throws IOException {
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        long record = offsetOf(file, 40) - Samples.LANE.length - RecordLayout.HEADER_BYTES;
        flip(file, record + RecordLayout.RECEIVED_AT_OFFSET);

        DamagedJournalException e = damageFound();

        assertThat(read).isEqualTo(range(1, 39));
        assertThat(e.damage()).isEqualTo(Damage.MALFORMED_RECORD);
    }

    @Test
    void readerRepeatsTheDamageAndReadsOnBehindItWhenTold() throws IOException {
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        flip(file, offsetOf(file, 40) + 5);
        try (JournalReader reader = JournalReader.open(temporary)) {
            DamagedJournalException first = damageFound(reader);
            assertThatExceptionOfType(DamagedJournalException.class)
                    .isThrownBy(() -> reader.poll(record -> {}, 1))
                    .isSameAs(first);
            reader.seek(41);
            read.clear();
            assertThat(damageFound(reader)).isNull();
            assertThat(read).isEqualTo(range(41, 100));
        }
    }

    @Test
    void missingFileIsAGap() throws IOException {
        write(temporary, 3, 10);
        Files.delete(files(temporary).get(1));

        DamagedJournalException e = damageFound();

        assertThat(read).isEqualTo(range(1, 10));
        assertThat(e.damage()).isEqualTo(Damage.GAP);
        assertThat(e).hasMessageContaining("expected=11 found=21");
    }

    @Test
    void removedRecordIsAGap() throws IOException {
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        // Declared metadata, a record is passed over.
        long document = documentOf(file, 40);
        overwrite(file, document + 3, new byte[] {0x40});

        DamagedJournalException e = damageFound();

        assertThat(read).isEqualTo(range(1, 39));
        assertThat(e.damage()).isEqualTo(Damage.GAP);
        assertThat(e).hasMessageContaining("expected=40 found=41");
    }

    @Test
    void recordThatCameAgainIsARepetition() throws IOException {
        byte[] canonical = {'{', '}'};
        try (Journal journal = Journal.open(temporary)) {
            for (int i = 0; i < 4; i++) {
                canonical[0] = (byte) ('a' + i);
                journal.append(START_MICROS, Samples.LANE, Samples.LANE.length, canonical, canonical.length);
            }
        }
        Path file = files(temporary).get(0);
        byte[] content = head(file);
        int length = RecordLayout.HEADER_BYTES + Samples.LANE.length + canonical.length;
        int second = indexOf(content, "APPLICATIONb}") - RecordLayout.HEADER_BYTES;
        int third = indexOf(content, "APPLICATIONc}") - RecordLayout.HEADER_BYTES;
        overwrite(file, third, Arrays.copyOfRange(content, second, second + length));

        try (JournalReader reader = JournalReader.open(temporary)) {
            assertThat(reader.poll(record -> {}, 10)).isEqualTo(2);
            assertThatExceptionOfType(DamagedJournalException.class)
                    .isThrownBy(() -> reader.poll(record -> {}, 10))
                    .withMessageContaining("expected=3 found=2")
                    .satisfies(e -> assertThat(e.damage()).isEqualTo(Damage.REPEATED));
        }
    }

    private static int indexOf(byte[] content, String wanted) {
        return new String(content, StandardCharsets.ISO_8859_1).indexOf(wanted);
    }

    @Test
    void zeroedRegionIsNoticedWhereReadingStops() throws IOException {
        write(temporary, 1, 5_000);
        Path file = files(temporary).get(0);
        overwrite(file, offsetOf(file, 2_000) / BLOCK * BLOCK, new byte[BLOCK]);

        DamagedJournalException e = damageFound();

        assertThat(read).isEqualTo(range(1, read.size())).hasSizeBetween(1_900, 1_999);
        assertThat(e.lastGoodSequence()).isEqualTo(read.size());
    }

    /** A tailer would stop here and never go on to the files behind. */
    @Test
    void zeroedRegionInAnOlderFileIsNoticed() throws IOException {
        write(temporary, 3, 5_000);
        Path file = files(temporary).get(0);
        // Exactly from a document's header on, so that no record is cut and the file looks ended.
        long document = documentOf(file, 2_000);
        overwrite(file, document, new byte[BLOCK]);

        DamagedJournalException e = damageFound();

        assertThat(read).isEqualTo(range(1, 1_999));
        assertThat(e.damage()).isEqualTo(Damage.UNREACHABLE);
        assertThat(e.lastGoodSequence()).isEqualTo(1_999);
        assertThat(e).hasMessageContaining("expected=2000 newest=15000");
    }

    @Test
    void missingEndIsNoticed() throws IOException {
        write(temporary, 1, 5_000);
        Path file = files(temporary).get(0);
        long document = documentOf(file, 4_900);
        overwrite(file, document, new byte[1 << 20]);

        DamagedJournalException e = damageFound();

        assertThat(read).isEqualTo(range(1, 4_899));
        assertThat(e.damage()).isEqualTo(Damage.UNREACHABLE);
        assertThat(e).hasMessageContaining("restart the application").hasMessageContaining("firn repair");
    }

    @Test
    void cutFileIsNoticedAndLeftAsItIs() throws IOException {
        write(temporary, 2, 5_000);
        for (int which = 1; which >= 0; which--) {
            Path file = files(temporary).get(which);
            truncate(file, 512 << 10);

            assertThat(damageFound().damage()).isEqualTo(Damage.UNREACHABLE);
            assertThat(Files.size(file)).isEqualTo(512 << 10);
            Files.delete(file);
        }
    }

    @Test
    void unreadableFileHeaderIsNoticed() throws IOException {
        write(temporary, 1, 100);
        byte[] garbage = new byte[BLOCK];
        Arrays.fill(garbage, (byte) 0x21);
        overwrite(files(temporary).get(0), 0, garbage);

        assertThat(damageFound()).isNotNull();
    }

    /** It looks like a file that was only just begun, of which the writer makes a new one. */
    @Test
    void fileThatLostItsBeginningIsNoticedAndKept() throws IOException {
        write(temporary, 1, 100);
        write(temporary, 2, 5_000);
        Path file = files(temporary).get(1);
        overwrite(file, 0, new byte[256 << 10]);
        byte[] before = head(file);

        assertThat(damageFound().damage()).isEqualTo(Damage.UNREACHABLE);
        assertThat(head(file)).isEqualTo(before);
    }

    static List<Long> seeds() {
        return range(1, 25);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void garbageIsNeverReadAndNeverPassedOverInSilence(long seed) throws IOException {
        write(temporary, 2, 1_000);
        SplittableRandom random = new SplittableRandom(seed);
        Path file = files(temporary).get(0);
        long from = offsetOf(file, 1);
        long to = offsetOf(file, 1_000);
        byte[] garbage = new byte[1 + random.nextInt(BLOCK)];
        random.nextBytes(garbage);
        overwrite(file, from + random.nextLong(to - from), garbage);

        DamagedJournalException e = damageFound();

        assertThat(e).isNotNull();
        assertThat(read).isEqualTo(range(1, read.size())).hasSizeLessThan(1_000);
        assertThat(e.lastGoodSequence()).isEqualTo(read.size());
    }
}
