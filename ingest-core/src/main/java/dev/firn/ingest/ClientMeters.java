package dev.firn.ingest;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** A client's meters. They read what is counted anyway, so that counting allocates nothing. Tagged with the producer. */
final class ClientMeters {
    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();

    ClientMeters(
            MeterRegistry registry, Pipeline pipeline, LongAdder ringFull, LongAdder closed, LongAdder notAdmitted) {
        this.registry = registry;
        Tags tags = Tags.of("producer", pipeline.producerId().toString());
        EventRing ring = pipeline.ring();
        meters.add(FunctionCounter.builder("firn.client.events.accepted", ring, r -> r.lastPosition() + 1)
                .description("Events for which emit returned a sequence")
                .baseUnit("events")
                .tags(tags)
                .register(registry));
        meters.add(FunctionCounter.builder(
                        "firn.client.events.appended", pipeline, p -> p.lastSequence() - p.lastSequenceAtOpening())
                .description("Events in the journal's files")
                .baseUnit("events")
                .tags(tags)
                .register(registry));
        addRefused("ring_full", ringFull, tags);
        addRefused("closed", closed, tags);
        addRefused("not_admitted", notAdmitted, tags);
        meters.add(Gauge.builder(
                        "firn.client.ring.depth", ring, r -> Math.max(0, r.lastPosition() - r.consumedPosition()))
                .description("Accepted events that are not appended")
                .baseUnit("events")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder(
                        "firn.journal.durable.lag", pipeline, p -> Math.max(0, p.lastSequence() - p.durableSequence()))
                .description("Appended events that are not durable")
                .baseUnit("events")
                .tags(tags)
                .register(registry));
        meters.add(FunctionTimer.builder(
                        "firn.journal.sync.time",
                        pipeline.syncTimes(),
                        SyncTimes::count,
                        SyncTimes::totalNs,
                        TimeUnit.NANOSECONDS)
                .description("Waits for the disk")
                .tags(tags)
                .register(registry));
    }

    private void addRefused(String outcome, LongAdder count, Tags tags) {
        meters.add(FunctionCounter.builder("firn.client.events.refused", count, LongAdder::sum)
                .description("Events that were not accepted")
                .baseUnit("events")
                .tags(tags.and("outcome", outcome))
                .register(registry));
    }

    /** Takes the meters out of the registry: the next client of the same journal has the same ones. */
    void close() {
        meters.forEach(registry::remove);
    }
}
