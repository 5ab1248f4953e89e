package dev.firn.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every case is a folder {@code views/SCHEMA.OBJECT/case}: the rows of {@code given.ndjson} must give those of {@code expected.csv}, in any
 * order, in the columns that its header names. Cells hold no commas; NULL is empty.
 */
class ViewsTest {
    private static Warehouse warehouse;

    @BeforeAll
    static void open() throws SQLException {
        warehouse = Warehouse.open();
    }

    @AfterAll
    static void close() throws SQLException {
        warehouse.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void givenRowsGiveExpectedRows(String name) throws SQLException, IOException, URISyntaxException {
        Path folder = root().resolve(name);
        warehouse.clear();
        warehouse.load(Files.readAllLines(folder.resolve("given.ndjson")));
        List<String> expected = Files.readAllLines(folder.resolve("expected.csv"));

        List<List<String>> rows =
                warehouse.rows("SELECT " + expected.get(0) + " FROM " + name.substring(0, name.indexOf('/')));

        assertThat(rows.stream().map(row -> String.join(",", row)))
                .containsExactlyInAnyOrderElementsOf(expected.subList(1, expected.size()));
    }

    @Test
    void everyViewHasACase() throws IOException, URISyntaxException {
        Map<String, List<String>> cases = cases().collect(Collectors.groupingBy(
                name -> name.substring(0, name.indexOf('/')), TreeMap::new, Collectors.toList()));
        List<String> shared = new Ddl()
                .objects(Engine.DUCKDB).stream()
                        .filter(object -> object.kind() == DdlObject.Kind.VIEW)
                        .filter(object -> !object.reads().isEmpty())
                        .map(DdlObject::qualifiedName)
                        .toList();
        assertThat(cases.keySet()).containsExactlyInAnyOrderElementsOf(shared);
    }

    static Stream<String> cases() throws IOException, URISyntaxException {
        Path root = root();
        try (Stream<Path> files = Files.walk(root, 3)) {
            return files
                    .filter(file -> file.endsWith("given.ndjson"))
                    .map(file -> root.relativize(file.getParent()).toString().replace('\\', '/'))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Path root() throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(ViewsTest.class.getResource("views")).toURI());
    }
}
