package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemorySinkTest extends SinkContract {
    private final InMemorySink.Warehouse warehouse = new InMemorySink.Warehouse();

    @Override
    protected Sink openSink() {
        return new InMemorySink(warehouse);
    }

    @Override
    protected List<SinkRow> rawRows() {
        return warehouse.rows();
    }

    @Override
    protected Map<String, StoredEvent> events() {
        return warehouse.events();
    }

    @Test
    void aBatchWithARefusedRowIsTakenNotAtAll() {
        SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER));

        assertThatThrownBy(() -> channel.append(List.of(Rows.row(PRODUCER, 1), Rows.unreadable(PRODUCER, 2)), 2))
                .isInstanceOf(SinkException.class);

        assertThat(warehouse.rows()).isEmpty();
    }
}
