package dev.firn.embedded;

import dev.firn.upload.SinkException.Remedy;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** An upload's meters. They read what is counted anyway. Tagged with the producer. */
final class UploadMeters {
    private final MeterRegistry registry;
    private final UploadLoop loop;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();

    UploadMeters(MeterRegistry registry, UploadLoop loop, String producerId) {
        this.registry = registry;
        this.loop = loop;
        this.tags = Tags.of("producer", producerId);
        counter("firn.upload.rows", "Rows that were committed", "rows", l -> l.metrics.committedRows());
        counter("firn.upload.rows.appended", "Rows that were handed over", "rows", l -> l.metrics.appendedRows());
        counter(
                "firn.upload.dead.letters",
                "Records that the warehouse refused",
                "records",
                l -> l.metrics.deadLetters());
        for (Remedy remedy : Remedy.values()) {
            String name = remedy.name().toLowerCase(Locale.ROOT);
            counter(
                    "firn.upload.sink.failures",
                    "Calls of the warehouse that failed",
                    "calls",
                    tags.and("remedy", name),
                    l -> l.metrics.failures(remedy));
        }
        counter("firn.upload.openings", "How often the channel was opened", "times", l -> l.metrics.openings());
        counter(
                "firn.upload.reconnects",
                "How often the connection was replaced",
                "times",
                l -> l.metrics.reconnects());
        counter("firn.upload.stalls", "How often nothing was committed for too long", "times", l -> l.metrics.stalls());
        gauge(
                "firn.upload.in.flight",
                "Rows that are not known to be committed",
                "rows",
                l -> l.metrics.inFlightRows());
        gauge("firn.upload.in.flight.size", "Their payload", "bytes", l -> l.metrics.inFlightBytes());
        gauge(
                "firn.upload.alarm",
                "1 while nothing is committed for too long",
                "",
                l -> l.metrics.alarm().map(reason -> 1).orElse(0));
        counter("firn.upload.failures", "Attempts that failed", "attempts", l -> l.failures.sum());
        gauge("firn.upload.committed", "The last sequence in the warehouse", "sequence", UploadLoop::committedSequence);
        gauge("firn.upload.pending", "Events that are not known to be committed", "events", UploadLoop::pending);
        gauge(
                "firn.upload.progress.age",
                "How long ago the committed sequence last grew",
                "seconds",
                l -> l.sinceProgress().toNanos() / 1e9);
        gauge(
                "firn.upload.lag",
                "How long the oldest pending event has waited at least",
                "seconds",
                l -> l.lag().toNanos() / 1e9);
        gauge("firn.upload.working", "0 while the upload fails, else 1", "", l -> l.failure() == null ? 1 : 0);
    }

    private void counter(String name, String description, String unit, ToDoubleFunction<UploadLoop> value) {
        counter(name, description, unit, tags, value);
    }

    private void counter(String name, String description, String unit, Tags tags, ToDoubleFunction<UploadLoop> value) {
        meters.add(FunctionCounter.builder(name, loop, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry));
    }

    private void gauge(String name, String description, String unit, ToDoubleFunction<UploadLoop> value) {
        meters.add(Gauge.builder(name, loop, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry));
    }

    /** Takes the meters out of the registry: the next start has the same ones. */
    void close() {
        meters.forEach(registry::remove);
    }
}
