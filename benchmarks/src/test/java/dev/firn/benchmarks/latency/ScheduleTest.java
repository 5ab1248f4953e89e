package dev.firn.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final int EVENTS_PER_SECOND = 1_000;
    private static final long SPACE_NS = 1_000_000;
    private static final long READING_NS = 10;
    private static final double PRECISION = 0.001;

    private final List<Integer> taken = new ArrayList<>();
    private long nowNs;
    private long firstCallNs;

    private final Schedule schedule = new Schedule(EVENTS_PER_SECOND, 1, () -> nowNs += READING_NS);

    /** Takes 100 ns for an event, but {@code firstCallNs} for the first one. */
    private final class ManualTarget extends FakeTarget {
        @Override
        public void accept(int index) {
            nowNs += taken.isEmpty() ? firstCallNs : 100;
            taken.add(index);
        }
    }

    @Test
    void preparedEventsAreTakenRoundAndRound() throws Exception {
        schedule.run(new ManualTarget(), 3, 7);

        assertThat(taken).containsExactly(0, 1, 2, 0, 1, 2, 0);
    }

    @Test
    void eventsAreEvenlySpaced() throws Exception {
        schedule.run(new ManualTarget(), 1, 20);

        assertThat(nowNs).isBetween(19 * SPACE_NS, 21 * SPACE_NS);
    }

    @Test
    void eventsOfABurstAreDueTogether() throws Exception {
        Schedule bursts = new Schedule(EVENTS_PER_SECOND, 4, () -> nowNs += READING_NS);
        firstCallNs = 100;

        bursts.run(new ManualTarget(), 1, 8);

        // The second burst is due after 4 ms; what comes last in a burst has waited for the three before.
        assertThat(nowNs).isBetween(5 * SPACE_NS, 6 * SPACE_NS);
        assertThat(bursts.response().getMaxValue()).isBetween(400L, 500L);
    }

    @Test
    void theServiceTimeIsThatOfTheCallAndOneReadingOfTheClock() throws Exception {
        firstCallNs = 100;

        schedule.run(new ManualTarget(), 1, 20);

        assertThat(schedule.service().getMinValue()).isEqualTo(110);
        assertThat(schedule.service().getMaxValue()).isEqualTo(110);
    }

    @Test
    void anEventThatWaitsBehindAStallHasTheWaitInItsResponseTimeOnly() throws Exception {
        firstCallNs = 5 * SPACE_NS;

        schedule.run(new ManualTarget(), 1, 20);

        assertThat(schedule.service().getCountBetweenValues(SPACE_NS / 2, 10 * SPACE_NS))
                .isEqualTo(1);
        // The first, and those due 1, 2, 3 and 4 ms after it; the one due after 5 ms is hardly late.
        assertThat(schedule.response().getCountBetweenValues(SPACE_NS / 2, 10 * SPACE_NS))
                .isEqualTo(5);
        assertThat((double) schedule.response().getMaxValue())
                .isBetween(5 * SPACE_NS * (1 - PRECISION), 5 * SPACE_NS * (1 + PRECISION));
    }
}
