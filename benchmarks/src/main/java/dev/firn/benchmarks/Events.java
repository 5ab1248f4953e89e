package dev.firn.benchmarks;

import dev.firn.cli.demo.ChatPlatform;
import dev.firn.cli.demo.Step;
import dev.firn.event.Event;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Events of the simulated chat platform, every fiftieth of them twice; always the same ones. */
public final class Events {
    private static final long SEED = 1;

    private Events() {}

    static List<Event> of(int distinct) {
        return stream(distinct).toList();
    }

    public static Iterator<Event> iterator(int distinct) {
        return stream(distinct).iterator();
    }

    private static Stream<Event> stream(int distinct) {
        Iterator<Step> steps = new ChatPlatform(SEED, distinct);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(steps, Spliterator.ORDERED), false)
                .filter(step -> step.kind() != Step.Kind.MALFORMED)
                .map(step -> Objects.requireNonNull(step.event(), "event"));
    }
}
