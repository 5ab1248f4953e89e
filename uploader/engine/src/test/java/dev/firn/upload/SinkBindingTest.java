package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkBindingTest {
    @TempDir
    private Path directory;

    @Test
    void theFirstUploadBindsAndTheSameSinkMayComeAgain() throws IOException {
        Path file = directory.resolve("sink");
        SinkBinding.bind(file, "duckdb");
        SinkBinding.bind(file, "duckdb");

        assertThat(file).hasContent("duckdb");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void anotherSinkIsRefused() {
        Path file = directory.resolve("sink");
        SinkBinding.bind(file, "duckdb");

        assertThatThrownBy(() -> SinkBinding.bind(file, "snowpipe"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bound=duckdb asked=snowpipe");
    }

    @Test
    void anotherNumberOfStripesIsAnotherSink() {
        Path file = directory.resolve("sink");
        Sink memory = new InMemorySink(new InMemorySink.Warehouse());
        SinkBinding.bind(file, new StripedSink(memory, 4).name());

        assertThatThrownBy(() -> SinkBinding.bind(file, new StripedSink(memory, 8).name()))
                .hasMessageContaining("bound=memory/4 asked=memory/8");
    }

    @Test
    void afterAHandoverItIsBoundToTheOtherSink() {
        Path file = directory.resolve("sink");
        SinkBinding.bind(file, "snowpipe-classic");

        SinkBinding.rebind(file, "snowpipe-classic", "snowpipe");
        SinkBinding.rebind(file, "snowpipe-classic", "snowpipe");

        assertThat(file).hasContent("snowpipe");
        SinkBinding.bind(file, "snowpipe");
    }

    @Test
    void oneThatIsBoundElsewhereStaysAsItIs() {
        Path file = directory.resolve("sink");
        SinkBinding.bind(file, "duckdb");

        assertThatThrownBy(() -> SinkBinding.rebind(file, "snowpipe-classic", "snowpipe"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bound=duckdb from=snowpipe-classic to=snowpipe");
        assertThat(file).hasContent("duckdb");
    }
}
