package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordSourceTest {
    private final FakeSource source = new FakeSource("0b8f2a6e-0000-4000-8000-000000000001", 9);

    private List<Long> scanned(long from, long to) {
        List<Long> sequences = new ArrayList<>();
        source.scan(from, to, row -> sequences.add(row.sequence()));
        return sequences;
    }

    @Test
    void aScanEndsWhereItIsToldTo() {
        assertThat(scanned(2, 4)).containsExactly(2L, 3L, 4L);
        assertThat(scanned(4, 3)).isEmpty();
    }

    @Test
    void aScanLeavesOutWhatIsLost() {
        source.lose(3, 5);
        source.lose(8, 9);

        assertThat(scanned(1, 6)).containsExactly(1L, 2L, 6L);
        assertThat(scanned(4, 7)).containsExactly(6L, 7L);
        assertThat(scanned(3, 5)).isEmpty();
        assertThat(scanned(7, 9)).containsExactly(7L);
    }

    @Test
    void aScanThatEndsEarlyIsAFailure() {
        source.lose(8, 9);

        assertThatThrownBy(() -> scanned(7, 10))
                .hasMessageContaining("the journal ended early")
                .hasMessageContaining("expected=10");
    }
}
