package com.example.boot;

import dev.firn.embedded.Firn;
import dev.firn.embedded.UploadFailure;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * {@code /actuator/health/firn}: down if events are not taken any more. A warehouse that is down is told, and no reason to send users
 * elsewhere: the journal keeps their events.
 */
@Component
class FirnHealthIndicator implements HealthIndicator {
    private final Firn firn;

    FirnHealthIndicator(Firn firn) {
        this.firn = firn;
    }

    @Override
    public Health health() {
        boolean failed = firn.client().flush(Duration.ZERO).failure().isPresent();
        return (failed ? Health.down() : Health.up())
                .withDetail("committed", firn.committedSequence())
                .withDetail("pending", firn.pending())
                .withDetail(
                        "upload",
                        firn.uploadFailure().map(UploadFailure::message).orElse("good"))
                .build();
    }
}
