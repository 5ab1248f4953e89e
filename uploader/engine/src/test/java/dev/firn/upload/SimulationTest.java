package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Runs the uploader through schedules of {@link Simulation}, as many as {@code -Dfirn.schedules=1000000} says, from the seed
 * {@code -Dfirn.seed} on. A failure names its seed; {@code -Dfirn.schedules=1 -Dfirn.seed=N} is that schedule again.
 */
class SimulationTest {
    private static final long SCHEDULES = Long.getLong("firn.schedules", 20_000);
    private static final long FIRST_SEED = Long.getLong("firn.seed", 1);

    @Test
    void nothingIsLostOrDoubledInAnySchedule() {
        long seed = Simulation.firstBroken(FIRST_SEED, SCHEDULES);

        assertThat(seed == 0 ? "" : "-Dfirn.schedules=1 -Dfirn.seed=" + seed + ": " + Simulation.run(seed))
                .isEmpty();
    }
}
