package dev.firn.cli.input;

import static dev.firn.cli.input.LineReaderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {
    @TempDir
    Path directory;

    static Stream<Arguments> rows() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("1,2", List.of("1,2")),
                Arguments.of("1,2\n3,4\n", List.of("1,2", "3,4")),
                Arguments.of("1,2\r\n3,4\r\n", List.of("1,2", "3,4")),
                Arguments.of("\n1,2", List.of("", "1,2")),
                Arguments.of("\"1\n2\",3\n4,5", List.of("\"1\n2\",3", "4,5")),
                Arguments.of("\"1\r\n2\",3\r\n4,5", List.of("\"1\r\n2\",3", "4,5")),
                Arguments.of("\"a\"\"\n\",3\n4,5", List.of("\"a\"\"\n\",3", "4,5")),
                Arguments.of("\"a\"x\n4,5", List.of("\"a\"x", "4,5")),
                Arguments.of("a\"b\n4,5", List.of("a\"b", "4,5")),
                Arguments.of("1,\"open\n4,5\n6,7", List.of("1,\"open\n4,5\n6,7")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void splitsAtLineEndsOutsideOfQuotes(String data, List<String> rows) throws IOException {
        assertThat(rows(new ByteArrayInputStream(bytes("a,b\r\n" + data)))).isEqualTo(rows);
        assertThat(rows(new LineReaderTest.Dripping(bytes("\uFEFFa,b\n" + data))))
                .isEqualTo(rows);
    }

    @Test
    void numbersDataRowsFromOne() throws IOException {
        try (CsvReader reader = new CsvReader(new ByteArrayInputStream(bytes("a\n\"1\n1\"\n2\n")), 100, directory)) {
            assertThat(reader.header()).containsOnlyKeys("a");
            reader.next();
            assertThat(reader.number()).isEqualTo(1);
            reader.next();
            assertThat(reader.number()).isEqualTo(2);
        }
    }

    @Test
    void aQuoteThatIsNeverClosedIsSpooledAboveTheLimit() throws IOException {
        String rest = "\"open\n" + "1,2\n".repeat(100);
        try (CsvReader reader = new CsvReader(new ByteArrayInputStream(bytes("a,b\n1,2\n" + rest)), 50, directory)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.next()).isTrue();
            OversizedRecord oversized = reader.oversized().orElseThrow();
            assertThat(oversized.sizeBytes()).isEqualTo(rest.length());
            assertThat(oversized.part(1)).isEqualTo(bytes(rest));
            assertThat(reader.next()).isFalse();
        }
        assertThat(directory).isEmptyDirectory();
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of("", "must begin with a header row"),
                Arguments.of("\n1,2", "no name for a column: column=1"),
                Arguments.of("a,,c\n", "no name for a column: column=2"),
                Arguments.of("secret,b,secret\n", "same name for two columns: columns=1 and 3"),
                Arguments.of("\"a\nsecret,2\n", "a quote is opened and never closed"),
                Arguments.of("a,\"b\"c\n", "something stands behind the closing quote: cell=2"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aHeaderThatCannotBeUsedIsAFailureWithoutContent(String text, String message) {
        assertThatThrownBy(() -> new CsvReader(new ByteArrayInputStream(bytes(text)), 100, directory))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aHeaderThatIsNotUtf8OrTooLongIsAFailure() {
        assertThatThrownBy(() -> new CsvReader(new ByteArrayInputStream(new byte[] {'a', (byte) 0xFF}), 100, null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not UTF-8 from byte 2");
        assertThatThrownBy(() -> new CsvReader(new ByteArrayInputStream(bytes("a".repeat(101))), 100, null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("too long");
    }

    static Stream<Arguments> cells() {
        return Stream.of(
                Arguments.of("", List.of("")),
                Arguments.of("a", List.of("a")),
                Arguments.of("a,b,", List.of("a", "b", "")),
                Arguments.of(",,", List.of("", "", "")),
                Arguments.of("\"\"", List.of("")),
                Arguments.of("\"\",\"\"", List.of("", "")),
                Arguments.of("\"a,b\",c", List.of("a,b", "c")),
                Arguments.of("\"a\"\"b\",\"\"\"\"", List.of("a\"b", "\"")),
                Arguments.of("\"\"\"a\"\"\"", List.of("\"a\"")),
                Arguments.of("\"a\r\nb\",c", List.of("a\r\nb", "c")),
                Arguments.of(" a , b ", List.of(" a ", " b ")),
                Arguments.of("é,😀", List.of("é", "😀")));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void takesARecordApart(String record, List<String> cells) {
        assertThat(CsvCells.of(bytes(record), bytes(record).length)).isEqualTo(cells);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "a,\"b", "\"a\"\"", "\"a\"b", "\"a\" ,b", "a\"b", "a,b\"", "a\r", "a\rb,c"})
    void refusesARecordThatIsNotByTheRules(String record) {
        assertThatThrownBy(() -> CsvCells.of(bytes(record), bytes(record).length))
                .isInstanceOfSatisfying(
                        InvalidEventException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNMAPPED))
                .hasMessageContaining("not CSV by RFC 4180");
    }

    private List<String> rows(InputStream in) throws IOException {
        List<String> rows = new ArrayList<>();
        try (CsvReader reader = new CsvReader(in, 1_000, directory)) {
            while (reader.next()) {
                rows.add(new String(reader.bytes(), 0, reader.length(), StandardCharsets.UTF_8));
            }
        }
        return rows;
    }
}
