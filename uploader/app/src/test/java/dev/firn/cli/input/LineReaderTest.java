package dev.firn.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.event.DeadLetter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LineReaderTest {
    private static final String MARK = "\uFEFF";

    @TempDir
    Path directory;

    static Stream<Arguments> inputs() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("a", List.of("a")),
                Arguments.of("a\n", List.of("a")),
                Arguments.of("a\r\n", List.of("a")),
                Arguments.of("a\nb\r\nc", List.of("a", "b", "c")),
                Arguments.of("\n", List.of("")),
                Arguments.of("\r\n", List.of("")),
                Arguments.of("a\n\nb\n", List.of("a", "", "b")),
                Arguments.of("a\r\r\nb\rc\n", List.of("a\r", "b\rc")),
                Arguments.of("a\r", List.of("a\r")),
                Arguments.of(MARK, List.of()),
                Arguments.of(MARK + "a\n", List.of("a")),
                Arguments.of(MARK + "\n", List.of("")),
                Arguments.of("a\n" + MARK + "b\n", List.of("a", MARK + "b")),
                Arguments.of(MARK + MARK + "a", List.of(MARK + "a")),
                Arguments.of("é\n\u0000\n", List.of("é", "\u0000")));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void givesTheLinesWithoutTheirEnds(String text, List<String> lines) throws IOException {
        assertThat(lines(new ByteArrayInputStream(bytes(text)), 1_000)).isEqualTo(lines);
        // However few bytes come at a time.
        assertThat(lines(new Dripping(bytes(text)), 1_000)).isEqualTo(lines);
    }

    @Test
    void numbersLinesFromOneBlankOnesToo() throws IOException {
        try (LineReader reader = new LineReader(new ByteArrayInputStream(bytes("a\n\nb")), 10, directory)) {
            List<Long> numbers = new ArrayList<>();
            while (reader.next()) {
                numbers.add(reader.number());
            }
            assertThat(numbers).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void aLineLongerThanAChunkIsWhole() throws IOException {
        String longLine = "x".repeat(200_000);
        assertThat(lines(new ByteArrayInputStream(bytes(longLine + "\r\nb")), 200_000))
                .containsExactly(longLine, "b");
    }

    @ParameterizedTest
    @MethodSource("lineEnds")
    void theLimitCountsTheLineWithoutItsEnd(String end) throws IOException {
        byte[] input = bytes("12345" + end + "123456" + end + "1" + end);
        try (LineReader reader = new LineReader(new Dripping(input), 5, directory)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.oversized()).isEmpty();
            assertThat(reader.length()).isEqualTo(5);

            assertThat(reader.next()).isTrue();
            OversizedRecord oversized = reader.oversized().orElseThrow();
            assertThat(oversized.sizeBytes()).isEqualTo(6);
            assertThat(oversized.hash()).isEqualTo(sha256(bytes("123456")));
            assertThat(oversized.parts()).isEqualTo(1);
            assertThat(oversized.part(1)).isEqualTo(bytes("123456"));
            assertThat(reader.number()).isEqualTo(2);

            assertThat(reader.next()).isTrue();
            assertThat(reader.oversized()).isEmpty();
            assertThat(reader.length()).isEqualTo(1);
        }
    }

    static Stream<String> lineEnds() {
        return Stream.of("\n", "\r\n");
    }

    @Test
    void anOversizedLineComesInTheDeadLettersParts() throws IOException {
        byte[] line = new byte[2 * DeadLetter.PART_BYTES + 5];
        for (int i = 0; i < line.length; i++) {
            line[i] = (byte) ('a' + i % 26);
        }
        try (LineReader reader = new LineReader(new ByteArrayInputStream(line), 1_000, directory)) {
            assertThat(reader.next()).isTrue();
            OversizedRecord oversized = reader.oversized().orElseThrow();
            assertThat(reader.length()).isZero();
            assertThat(oversized.parts()).isEqualTo(3);
            assertThat(oversized.hash()).isEqualTo(sha256(line));
            assertThat(oversized.part(1)).isEqualTo(Arrays.copyOf(line, DeadLetter.PART_BYTES));
            assertThat(oversized.part(3)).isEqualTo(Arrays.copyOfRange(line, line.length - 5, line.length));
            assertThatThrownBy(() -> oversized.part(4)).isInstanceOf(IllegalArgumentException.class);
            assertThat(reader.next()).isFalse();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void withoutADirectoryOnlySizeAndHashAreKept() throws IOException {
        try (LineReader reader = new LineReader(new ByteArrayInputStream(bytes("123456")), 5, null)) {
            assertThat(reader.next()).isTrue();
            OversizedRecord oversized = reader.oversized().orElseThrow();
            assertThat(oversized.hash()).isEqualTo(sha256(bytes("123456")));
            assertThatThrownBy(() -> oversized.part(1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsAnError() throws IOException {
        Path missing = directory.resolve("missing");
        try (LineReader reader = new LineReader(new ByteArrayInputStream(bytes("123456")), 5, missing)) {
            assertThatThrownBy(reader::next).isInstanceOf(IOException.class);
        }
        assertThat(Files.exists(missing)).isFalse();
    }

    @Test
    void doesNotWaitForAMarkBehindAShortFirstLine() throws IOException {
        InputStream terminal = new InputStream() {
            private int given;

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (given++ > 0) {
                    throw new AssertionError("asked for more than the first line");
                }
                target[offset] = '\n';
                return 1;
            }
        };
        try (LineReader reader = new LineReader(terminal, 5, null)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.hasBuffered()).isFalse();
        }
    }

    private List<String> lines(InputStream in, int limit) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(in, limit, directory)) {
            while (reader.next()) {
                lines.add(new String(reader.bytes(), 0, reader.length(), StandardCharsets.UTF_8));
            }
        }
        return lines;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Gives one byte at a time. */
    static final class Dripping extends ByteArrayInputStream {
        Dripping(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(1, length));
        }
    }
}
