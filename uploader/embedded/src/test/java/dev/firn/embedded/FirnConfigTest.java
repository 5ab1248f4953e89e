package dev.firn.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firn.ingest.IngestConfig;
import dev.firn.upload.UploaderConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FirnConfigTest {
    private final FakeWarehouse warehouse = new FakeWarehouse();

    private FirnConfig.Builder config(String journal) {
        return FirnConfig.builder(IngestConfig.builder(Path.of(journal)).build(), warehouse);
    }

    @Test
    void defaults() {
        FirnConfig config = config("/data/journals/chat").build();

        assertThat(config.sink()).isSameAs(warehouse);
        assertThat(config.uploader()).isEqualTo(UploaderConfig.DEFAULT);
        assertThat(config.restartDelay()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.closeTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aJournalOfADataDirectoryIsBoundWhereTheCommandLooks() {
        assertThat(config("/data/journals/chat").build().sinkBinding()).isEqualTo(Path.of("/data/sink"));
        assertThat(config("journals/chat").build().sinkBinding())
                .isEqualTo(Path.of("sink").toAbsolutePath());
    }

    @Test
    void anyOtherJournalIsBoundInItself() {
        assertThat(config("/data/chat").build().sinkBinding()).isEqualTo(Path.of("/data/chat/sink"));
    }

    @Test
    void everySettingArrives() {
        UploaderConfig uploader = UploaderConfig.builder().maxBatchRows(7).build();
        FirnConfig config = config("/data/chat")
                .uploader(uploader)
                .sinkBinding(Path.of("/elsewhere"))
                .restartDelay(Duration.ofSeconds(2))
                .closeTimeout(Duration.ofSeconds(3))
                .build();

        assertThat(config.uploader()).isSameAs(uploader);
        assertThat(config.sinkBinding()).isEqualTo(Path.of("/elsewhere"));
        assertThat(config.restartDelay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.closeTimeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void timesOutsideOfTheirRangeAreRefused() {
        FirnConfig.Builder config = config("/data/chat");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.restartDelay(Duration.ZERO).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.restartDelay(Duration.ofHours(2)).build());
        config.restartDelay(Duration.ofMillis(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.closeTimeout(Duration.ofNanos(-1)).build());
    }
}
