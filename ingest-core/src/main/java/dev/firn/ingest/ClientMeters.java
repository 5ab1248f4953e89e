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
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A client's meters. They read what is counted anyway, so that counting allocates nothing. Tagged with the producer. */
final class ClientMeters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();

    ClientMeters(MeterRegistry registry, Pipeline pipeline, Watch watch, Outcomes outcomes) {
        this.registry = registry;
        this.tags = Tags.of("producer", pipeline.producerId().toString());
        EventRing ring = pipeline.ring();
        counter(
                "firn.client.events.accepted",
                "Events for which emit returned a sequence",
                ring,
                r -> r.lastPosition() + 1);
        counter(
                "firn.client.events.appended",
                "Events in the journal's files",
                pipeline,
                p -> p.lastSequence() - p.lastSequenceAtOpening());
        counter(
                "firn.client.events.durable",
                "Events that are on disk",
                pipeline,
                p -> p.durableSequence() - p.lastSequenceAtOpening());
        addRefused("ring_full", outcomes.ringFull);
        addRefused("closed", outcomes.closed);
        addRefused("disk_low", outcomes.diskLow);
        addRefused("not_admitted", outcomes.notAdmitted);
        addRefused("invalid", outcomes.invalid);
        counter("firn.client.events.dropped", "Events lost for want of room", pipeline.dropped(), DroppedEvents::count);
        gauge(
                "firn.client.ring.depth",
                "Accepted events that are not appended",
                "events",
                ring,
                r -> Math.max(0, r.lastPosition() - r.consumedPosition()));
        timer("firn.journal.append.time", "Hashing and appending of records", pipeline.appendTimes());
        timer("firn.journal.sync.time", "Waits for the disk", pipeline.syncTimes());
        gauge(
                "firn.journal.durable.lag",
                "Appended events that are not durable",
                "events",
                pipeline,
                p -> Math.max(0, p.lastSequence() - p.durableSequence()));
        gauge(
                "firn.journal.committed.lag",
                "Appended events that are not known to be committed",
                "events",
                pipeline,
                p -> Math.max(0, p.lastSequence() - watch.committedSequence()));
        gauge(
                "firn.journal.disk.free",
                "Free space in the journal's file system",
                "bytes",
                pipeline.room(),
                DiskRoom::freeBytes);
        gauge(
                "firn.client.open",
                "1 while the client takes events, 0 once it is closed or has failed",
                "",
                ring,
                r -> r.isClosing() ? 0 : 1);
    }

    private <T> void counter(String name, String description, T of, ToDoubleFunction<T> value) {
        makeRoom(name, tags);
        meters.add(FunctionCounter.builder(name, of, value)
                .description(description)
                .baseUnit("events")
                .tags(tags)
                .register(registry));
    }

    private <T> void gauge(String name, String description, String unit, T of, ToDoubleFunction<T> value) {
        makeRoom(name, tags);
        meters.add(Gauge.builder(name, of, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry));
    }

    private void timer(String name, String description, Timings times) {
        makeRoom(name, tags);
        meters.add(FunctionTimer.builder(name, times, Timings::count, Timings::totalNs, TimeUnit.NANOSECONDS)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private void addRefused(String outcome, LongAdder count) {
        makeRoom("firn.client.events.refused", tags.and("outcome", outcome));
        meters.add(FunctionCounter.builder("firn.client.events.refused", count, LongAdder::sum)
                .description("Events that were not accepted")
                .baseUnit("events")
                .tags(tags.and("outcome", outcome))
                .register(registry));
    }

    /** Takes the meters out of the registry, but for those that a later client of the same journal has put in their place. */
    void close() {
        for (Meter meter : meters) {
            if (registered(meter.getId()) == meter) {
                registry.remove(meter);
            }
        }
    }

    private @Nullable Meter registered(Meter.Id id) {
        return registry.find(id.getName()).tags(id.getTags()).meter();
    }

    /** A client that has failed and was not closed may have left its own: a registry keeps the first one that it is given. */
    private void makeRoom(String name, Tags itsTags) {
        Meter left = registry.find(name).tags(itsTags).meter();
        if (left != null) {
            registry.remove(left);
        }
    }
}
