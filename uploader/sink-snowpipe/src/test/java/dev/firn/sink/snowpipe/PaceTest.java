package dev.firn.sink.snowpipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final int BYTES_PER_SECOND = 1_000_000;

    private long nowNs = 17;
    private long waitedNs;
    private final Pace pace = new Pace(BYTES_PER_SECOND, () -> nowNs, this::pass);

    private void pass(long ns) {
        waitedNs += ns;
        nowNs += ns;
    }

    @Test
    void upToASecondsWorthIsHandedOverAhead() {
        pace.spend(BYTES_PER_SECOND);
        pace.spend(1);

        assertThat(waitedNs).isZero();
    }

    @Test
    void whatIsFurtherAheadWaits() {
        pace.spend(3 * BYTES_PER_SECOND);
        pace.spend(1);

        assertThat(waitedNs).isEqualTo(TimeUnit.SECONDS.toNanos(2));
    }

    @Test
    void overALongTimeTheRateIsKept() {
        for (int i = 0; i < 100; i++) {
            pace.spend(BYTES_PER_SECOND);
        }

        assertThat(waitedNs).isEqualTo(TimeUnit.SECONDS.toNanos(98));
    }

    @Test
    void idleTimeIsNotSavedUp() {
        pass(TimeUnit.HOURS.toNanos(1));
        waitedNs = 0;
        pace.spend(3 * BYTES_PER_SECOND);
        pace.spend(1);

        assertThat(waitedNs).isEqualTo(TimeUnit.SECONDS.toNanos(2));
    }
}
