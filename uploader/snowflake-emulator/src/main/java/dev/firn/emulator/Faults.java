package dev.firn.emulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The script of what goes wrong. Each endpoint has its own list of faults, used up in their order.
 *
 * <p><b>Threads.</b> Any.
 */
public final class Faults {
    private final Map<Endpoint, Deque<Fault>> planted = new EnumMap<>(Endpoint.class);
    private final Map<Endpoint, Integer> requests = new EnumMap<>(Endpoint.class);

    Faults() {}

    public synchronized void add(Fault fault) {
        planted.computeIfAbsent(fault.endpoint(), endpoint -> new ArrayDeque<>())
                .add(fault);
    }

    /** Forgets what is planted and not used up. */
    public synchronized void clear() {
        planted.clear();
    }

    /** How many requests an endpoint has had. */
    public synchronized int requests(Endpoint endpoint) {
        return requests.getOrDefault(endpoint, 0);
    }

    /** Counts a request, and says how it goes wrong. */
    synchronized Fault.@Nullable Effect next(Endpoint endpoint) {
        requests.merge(endpoint, 1, Integer::sum);
        Deque<Fault> faults = planted.get(endpoint);
        Fault first = faults == null ? null : faults.poll();
        if (faults == null || first == null) {
            return null;
        }
        if (first.skip() > 0) {
            faults.addFirst(new Fault(endpoint, first.skip() - 1, first.times(), first.effect()));
            return null;
        }
        if (first.times() > 1) {
            faults.addFirst(new Fault(endpoint, 0, first.times() - 1, first.effect()));
        }
        return first.effect();
    }
}
