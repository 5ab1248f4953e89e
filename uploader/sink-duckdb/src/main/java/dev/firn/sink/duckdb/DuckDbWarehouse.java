package dev.firn.sink.duckdb;

import dev.firn.ddl.Ddl;
import dev.firn.upload.SinkException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * A DuckDB file with Firn's tables and views, open in this process; no other process can open it meanwhile, not even to
 * read.
 *
 * <p><b>Threads.</b> Any thread may ask for a connection; each connection belongs to one thread.
 */
public final class DuckDbWarehouse implements AutoCloseable {
    /** DuckDB's own default of 16 MiB makes it rewrite the file several times a second under load. */
    private static final String CHECKPOINT_THRESHOLD = "256MB";

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path file;
    private final DuckDBConnection root;

    private DuckDbWarehouse(Path file, DuckDBConnection root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Opens the file, makes it if it is not there, and brings tables and views up to date. The file and its log of
     * changes are readable by their owner only from then on.
     *
     * @throws SinkException if another process has it open, or it is no warehouse
     */
    public static DuckDbWarehouse open(Path file) {
        DuckDbWarehouse warehouse = new DuckDbWarehouse(file, connect(file, false));
        try {
            warehouse.restrictFiles();
            try (Statement statement = warehouse.root.createStatement()) {
                statement.execute("SET checkpoint_threshold = '" + CHECKPOINT_THRESHOLD + "'");
            }
            new Ddl().install(warehouse.root);
            warehouse.restrictFiles();
            return warehouse;
        } catch (SQLException | IOException e) {
            warehouse.close();
            throw new SinkException(SinkException.Remedy.STOP, "cannot set up the embedded warehouse: file=" + file, e);
        }
    }

    /**
     * Opens an existing file to read.
     *
     * @throws SinkException if it is not there, or another process has it open
     */
    public static DuckDbWarehouse openToRead(Path file) {
        requireExisting(file);
        return new DuckDbWarehouse(file, connect(file, true));
    }

    /** As {@link #open}, of an existing file only. */
    public static DuckDbWarehouse openExisting(Path file) {
        requireExisting(file);
        return open(file);
    }

    private static void requireExisting(Path file) {
        if (!Files.exists(file)) {
            throw new SinkException(
                    SinkException.Remedy.STOP, "there is no embedded warehouse yet, upload first: file=" + file, null);
        }
    }

    /** A further connection to the same file; the caller closes it. */
    public Connection connect() throws SQLException {
        return duplicate();
    }

    DuckDBConnection duplicate() throws SQLException {
        return root.duplicate();
    }

    /**
     * Takes the file and its log of changes, which holds payloads too, away from everyone but their owner. DuckDB makes that
     * log anew behind each checkpoint, as the umask says.
     */
    void restrictFiles() throws IOException {
        if (POSIX) {
            restrict(file);
            restrict(file.resolveSibling(file.getFileName() + ".wal"));
        }
    }

    private static void restrict(Path file) throws IOException {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (NoSuchFileException e) {
            // The log is there only while it holds something.
            return;
        }
    }

    private static DuckDBConnection connect(Path file, boolean readOnly) {
        Properties properties = new Properties();
        properties.setProperty(DuckDBDriver.DUCKDB_READONLY_PROPERTY, Boolean.toString(readOnly));
        try {
            return (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:" + file.toAbsolutePath(), properties);
        } catch (SQLException e) {
            boolean locked = String.valueOf(e.getMessage()).contains("Could not set lock");
            String why = locked
                    ? "another process has the embedded warehouse open; DuckDB lets one in at a time"
                    : "cannot open the embedded warehouse";
            throw new SinkException(SinkException.Remedy.STOP, why + ": file=" + file, e);
        }
    }

    @Override
    public void close() {
        try {
            root.close();
        } catch (SQLException e) {
            throw new SinkException(SinkException.Remedy.STOP, "cannot close the embedded warehouse", e);
        }
    }
}
