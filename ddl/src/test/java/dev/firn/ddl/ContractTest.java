package dev.firn.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code contract.csv} is what others read: every column of every table and view, against DuckDB's own catalogue. */
class ContractTest {
    @Test
    void theContractIsWhatDuckDbHas() throws SQLException, IOException {
        List<String> contract = Files.readAllLines(Path.of("contract.csv"));
        assertThat(contract.get(0)).isEqualTo("schema,object,kind,position,column,duckdb_type,snowflake_type");
        try (Warehouse warehouse = Warehouse.open()) {
            List<String> columns = warehouse.rows("""
                            SELECT C.schema_name, C.table_name, IF(V.view_name IS NULL, 'table', 'view'), C.column_index, C.column_name,
                                '"' || C.data_type || '"'
                            FROM duckdb_columns() AS C
                            LEFT JOIN duckdb_views() AS V ON V.schema_name = C.schema_name AND V.view_name = C.table_name
                            WHERE NOT C.internal""").stream()
                    .map(row -> String.join(",", row))
                    .toList();

            assertThat(contract.stream().skip(1).map(line -> line.substring(0, line.lastIndexOf(",\""))))
                    .containsExactlyInAnyOrderElementsOf(columns);
        }
    }
}
