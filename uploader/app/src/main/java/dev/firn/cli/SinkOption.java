package dev.firn.cli;

import dev.firn.sink.duckdb.DuckDbSink;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import dev.firn.snowflake.AccountException;
import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkBinding;
import dev.firn.upload.SinkProvider;
import dev.firn.upload.StripedSink;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --sink} and what belongs to it: which warehouse, and how it is reached. */
final class SinkOption {
    private static final String DUCKDB = DuckDbSink.NAME;
    private static final List<String> NAMES = List.of(DUCKDB, "snowpipe", "snowpipe-classic");
    private static final int MOST_CHANNELS = 256;

    @Option(
            names = "--sink",
            paramLabel = "SINK",
            defaultValue = DUCKDB,
            description = "which warehouse: duckdb, snowpipe or snowpipe-classic (default: ${DEFAULT-VALUE})")
    private String sink = DUCKDB;

    @Mixin
    private SnowflakeOptions snowflake = new SnowflakeOptions();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    boolean isEmbedded() {
        if (!NAMES.contains(sink)) {
            throw new ParameterException(
                    spec.commandLine(), "--sink must be one of " + String.join(", ", NAMES) + ": value=" + sink);
        }
        return sink.equals(DUCKDB);
    }

    /**
     * Binds the directory to the sink, and opens that.
     *
     * @param channels how many each journal is spread over
     * @throws IllegalStateException if the directory is bound to another one
     * @throws CommandFailure        if settings are missing or malformed
     */
    Sink open(DataDirectory directory, Settings settings, Map<String, String> environment, int channels) {
        if (channels < 1 || channels > MOST_CHANNELS || isEmbedded() && channels > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--channels must be in 1.." + (isEmbedded() ? 1 : MOST_CHANNELS) + " for this sink: value="
                            + channels + " sink=" + sink);
        }
        if (isEmbedded()) {
            SinkBinding.bind(directory.sinkBinding(), sink);
            return DuckDbSink.open(directory.warehouse());
        }
        Sink one = open(sink, settings, environment);
        Sink opened = channels == 1 ? one : new StripedSink(one, channels);
        SinkBinding.bind(directory.sinkBinding(), opened.name());
        return opened;
    }

    /**
     * Opens a sink of Snowflake, whatever is bound.
     *
     * @throws CommandFailure if settings are missing or malformed
     */
    Sink open(String name, Settings settings, Map<String, String> environment) {
        SinkProvider provider = SinkProvider.find(name)
                .orElseThrow(() ->
                        new CommandFailure("the libraries of this sink are not on the class path: start the command"
                                + " as ./firn, which fetches them: sink=" + name));
        try {
            return provider.open(SnowflakeSettings.given(snowflake, settings, environment));
        } catch (AccountException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    String name() {
        return sink;
    }

    /**
     * The sink as the directory is bound to it, with the number of its channels.
     *
     * @throws CommandFailure if the directory is bound to another one
     */
    String bound(DataDirectory directory) {
        String bound = directory.boundSink().orElse(sink);
        if (!bound.equals(sink) && !bound.startsWith(sink + "/")) {
            throw new CommandFailure("the data directory is bound to another sink, name it with --sink: bound=" + bound
                    + " asked=" + sink + " file=" + directory.sinkBinding());
        }
        return bound;
    }

    /**
     * Connects to the warehouse to ask it something. The caller closes the connection.
     *
     * @throws CommandFailure if nobody can log in
     * @throws SQLException   if the embedded warehouse cannot be read
     */
    Connection connect(DataDirectory directory, Settings settings, Map<String, String> environment)
            throws SQLException {
        if (isEmbedded()) {
            // The database stays open as long as a connection to it is.
            try (DuckDbWarehouse warehouse = DuckDbWarehouse.openToRead(directory.warehouse())) {
                return warehouse.connect();
            }
        }
        SnowflakeAccount account = SnowflakeSettings.account(snowflake, settings, environment);
        try {
            return account.connect(Map.of());
        } catch (SQLException e) {
            // Nothing was asked yet that it could quote.
            throw new CommandFailure(
                    "cannot log in to Snowflake: " + account + " code=" + e.getErrorCode() + ": " + e.getMessage(), e);
        }
    }
}
