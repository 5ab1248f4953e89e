package dev.firn.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every SQL file keeps to: its place, its header, and, where both engines read it, the subset that means the same on both. */
class SqlSubsetTest {
    private static final List<Pattern> DENIED = Stream.of(
                    "(?<!:):(?!:)", // a path, or DuckDB's prefix alias
                    "->",
                    "\\bFILTER *\\(",
                    "\\bCONCAT(_WS)? *\\(",
                    "\\b(GREATEST|LEAST)\\b",
                    "\\bDESC\\b(?! +NULLS)",
                    "\\[ *[0-9]+ *\\]",
                    "\\bIGNORE +NULLS\\b",
                    "\\bDISTINCT +ON\\b",
                    "\\bRECURSIVE\\b",
                    "\\b(ANTI|SEMI|ASOF|NATURAL|POSITIONAL) +JOIN\\b",
                    "(?<!(INNER|LEFT|FULL|CROSS)) +JOIN\\b",
                    "\\bUSING +SAMPLE\\b",
                    "\\bTABLESAMPLE\\b",
                    "\\bANY_VALUE\\b",
                    "\\b(ARG_MAX|ARG_MIN|HUGEINT|UBIGINT|BOOL_OR|BOOL_AND|LIST|STRUCT|UNNEST|TIMESTAMPTZ)\\b",
                    "\\bNUMBER *\\(",
                    "\\bTIMESTAMP_NTZ *\\(",
                    "\\bCURRENT_(TIMESTAMP|DATE|TIME)\\b",
                    "\\bNOW *\\(",
                    "\\bCURRENT_ROLE\\b",
                    "\\bEXCLUDE\\b",
                    "SELECT +\\*|\\w[.]\\*",
                    "\\bDOUBLE\\b(?= *[+*-])",
                    ", *(\\)|(FROM|GROUP|WHERE)\\b)")
            .map(Pattern::compile)
            .toList();
    /** Functions that mean the same on both engines for the arguments that are passed here; those of GUARD are Firn's own. */
    private static final Set<String> FUNCTIONS = Set.of(
            "ARRAY_AGG",
            "ARRAY_SORT",
            "ARRAY_TO_STRING",
            "COALESCE",
            "CONVERT_TIMEZONE",
            "COUNT",
            "COUNT_IF",
            "IFF",
            "LAG",
            "LEAD",
            "LPAD",
            "MAX",
            "MAX_BY",
            "MIN",
            "MIN_BY",
            "NULLIF",
            "ROUND",
            "ROW_NUMBER",
            "SHA2",
            "SUM",
            "SYSDATE",
            "TO_VARCHAR",
            "TRANSLATE",
            "FLAG",
            "MONEY",
            "SIGNED_MONEY",
            "TEXT",
            "UTC_TIME",
            "WHOLE_NUMBER");
    /** Words and types that a parenthesis may follow. */
    private static final Set<String> NO_FUNCTIONS = Set.of(
            "AND", "AS", "BY", "DECIMAL", "FROM", "IN", "JOIN", "ON", "OR", "OVER", "THEN", "VALUES", "WHERE", "WHEN",
            "Z", "L", "S");

    private static final Pattern CALL = Pattern.compile("\\b([A-Z][A-Z0-9_]*) *\\(");
    private static final Pattern CAST = Pattern.compile("::([A-Z_]+)");
    private static final Set<String> TYPES = Set.of("BIGINT", "DATE", "DECIMAL", "DOUBLE", "TIMESTAMP_NTZ", "VARCHAR");
    private static final Pattern QUALIFIED = Pattern.compile("\\b([A-Z_]+)[.]([A-Z_]+)\\b");

    @ParameterizedTest
    @MethodSource("shared")
    void sharedFilesKeepToTheSubset(String path, String text) {
        String bare = SqlScript.withoutCommentsAndLiterals(text);

        assertThat(DENIED.stream()
                        .flatMap(denied ->
                                denied.matcher(bare).results().map(match -> denied + " at " + around(bare, match)))
                        .toList())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shared")
    void sharedFilesUseKnownFunctionsAndTypes(String path, String text) {
        String bare = SqlScript.withoutCommentsAndLiterals(text);

        assertThat(CALL.matcher(bare).results().map(call -> call.group(1)).filter(name -> !NO_FUNCTIONS.contains(name)))
                .isSubsetOf(FUNCTIONS);
        assertThat(CAST.matcher(bare).results().map(cast -> cast.group(1))).isSubsetOf(TYPES);
    }

    @ParameterizedTest
    @MethodSource("shared")
    void sharedFilesAreUpperCase(String path, String text) {
        assertThat(SqlScript.withoutCommentsAndLiterals(text)).isUpperCase();
    }

    @ParameterizedTest
    @MethodSource("all")
    void headerSaysWhatTheFileIs(String path, String text) {
        Header header = Header.of(text);

        String name = path.substring(path.indexOf('/') + 1, path.length() - 4).replace('/', '.');
        assertThat(header.name()).isEqualTo(name);
        assertThat(header.labels()).containsOnlyKeys(Header.LABELS);
        assertThat(text.lines().allMatch(line -> line.length() <= 140 || line.contains("SHA2(CONCAT_WS")))
                .isTrue();
        assertThat(text).endsWith("\n").doesNotContain("\t", "\r");
    }

    @ParameterizedTest
    @MethodSource("all")
    void headerAgreesWithWhatTheSqlReads(String path, String text) {
        Header header = Header.of(text);
        List<String> objects = Stream.of(Engine.values())
                .flatMap(engine -> Resources.objects(engine).stream())
                .filter(object -> object.kind() != DdlObject.Kind.FUNCTION)
                .map(DdlObject::qualifiedName)
                .distinct()
                .toList();

        TreeSet<String> read = QUALIFIED
                .matcher(SqlScript.withoutCommentsAndLiterals(text))
                .results()
                .map(MatchResult::group)
                .filter(objects::contains)
                .filter(name -> !name.equals(header.name()))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(header.reads()).containsExactlyInAnyOrderElementsOf(read);
    }

    @Test
    void theIndexNamesEveryFile() throws IOException, URISyntaxException {
        Path root = Path.of(Objects.requireNonNull(Ddl.class.getResource(Resources.INDEX))
                        .toURI())
                .getParent();
        try (Stream<Path> files = Files.walk(root)) {
            List<String> found = files.filter(file -> file.toString().endsWith(".sql"))
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .toList();
            assertThat(all().map(arguments -> (String) arguments[0])).containsExactlyInAnyOrderElementsOf(found);
        }
    }

    static Stream<Object[]> all() {
        return Stream.of(Engine.values())
                .flatMap(engine -> Resources.objects(engine).stream())
                .distinct()
                .map(object -> new Object[] {object.resourcePath(), object.text()});
    }

    static Stream<Object[]> shared() {
        return all().filter(arguments -> ((String) arguments[0]).startsWith("shared/"));
    }

    private static String around(String text, MatchResult match) {
        return text.substring(Math.max(0, match.start() - 30), Math.min(text.length(), match.end() + 30));
    }
}
