package dev.firn.benchmarks;

import dev.firn.sink.duckdb.DuckDbWarehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What DuckDB itself needs for the same rows: a file of NDJSON read into a table, and the distinct events of it, their
 * attributes as VARIANT, into a second one. No journal, no increments, no positions; threads, file and checkpoints as
 * in the pipeline's warehouse. Writing the file is not part of it.
 */
final class BulkLoad {
    private static final String READ = """
            INSERT INTO LANDING.RAW_EVENTS SELECT * FROM read_json('%s', format = 'newline_delimited', columns = {
                EVENT_ID: 'VARCHAR', OCCURRED_DATE: 'DATE', OCCURRED_AT: 'TIMESTAMP', TENANT_ID: 'VARCHAR',
                ACTION: 'VARCHAR', ACTOR_ID: 'VARCHAR', OBJECT_TYPE: 'VARCHAR', OBJECT_ID: 'VARCHAR', PAYLOAD: 'VARCHAR',
                _SOURCE_LANE: 'VARCHAR', _RECV_AT: 'TIMESTAMP', _PRODUCER_ID: 'VARCHAR', _SEQ: 'BIGINT'})""";
    private static final String DISTINCT = """
            INSERT INTO ACTIVITY.EVENTS
            SELECT
                EVENT_ID, OCCURRED_DATE, OCCURRED_AT, TENANT_ID, ACTION, ACTOR_ID, OBJECT_TYPE, OBJECT_ID,
                CAST(json_extract(PAYLOAD, '$.attributes') AS VARIANT), PAYLOAD, _RECV_AT, COPIES
            FROM (
                SELECT
                    *, COUNT(*) OVER (PARTITION BY EVENT_ID) AS COPIES,
                    ROW_NUMBER() OVER (PARTITION BY EVENT_ID ORDER BY _RECV_AT) AS COPY
                FROM LANDING.RAW_EVENTS)
            WHERE COPY = 1""";

    private final Path rows;
    private final Path database;
    private long raw;
    private long unique;

    BulkLoad(TemporaryDirectory directory) {
        rows = directory.resolve("rows.ndjson");
        database = directory.resolve("bulk.duckdb");
    }

    /** Writes the rows of a warehouse as the file that is loaded. */
    void keepRows(Connection warehouse) throws SQLException {
        try (Statement statement = warehouse.createStatement()) {
            statement.execute("COPY (SELECT * FROM LANDING.RAW_EVENTS) TO '" + rows + "' (FORMAT json)");
        }
        raw = PipelineRun.count(warehouse, "LANDING.RAW_EVENTS");
        unique = PipelineRun.count(warehouse, "ACTIVITY.EVENTS");
    }

    /** Loads into a new database; returns the seconds that it took. */
    double run() throws Exception {
        try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(database);
                Connection connection = warehouse.connect();
                Statement statement = connection.createStatement()) {
            long startNs = System.nanoTime();
            statement.execute(READ.formatted(rows));
            statement.execute(DISTINCT);
            double seconds = (System.nanoTime() - startNs) / 1e9;
            long readRows = PipelineRun.count(connection, "LANDING.RAW_EVENTS");
            long readEvents = PipelineRun.count(connection, "ACTIVITY.EVENTS");
            if (readRows != raw || readEvents != unique) {
                throw new IllegalStateException("the bulk load has other rows: raw=" + readRows + " expected=" + raw
                        + " events=" + readEvents + " expected=" + unique);
            }
            return seconds;
        } finally {
            Files.deleteIfExists(database);
            Files.deleteIfExists(database.resolveSibling(database.getFileName() + ".wal"));
        }
    }
}
