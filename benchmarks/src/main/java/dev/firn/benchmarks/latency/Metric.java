package dev.firn.benchmarks.latency;

/** What one run of a subject yields. */
enum Metric {
    /** Of the call alone, in nanoseconds; one reading of the clock is in it. */
    SERVICE_P50("p50"),
    SERVICE_P99("p99"),
    SERVICE_P999("p99.9"),
    SERVICE_P9999("p99.99"),
    SERVICE_MAX("max"),
    /** From the moment at which the event was due to the end of its call, in nanoseconds. */
    RESPONSE_P50("p50"),
    RESPONSE_P99("p99"),
    RESPONSE_P999("p99.9"),
    RESPONSE_P9999("p99.99"),
    RESPONSE_MAX("max"),
    /** What the producer's thread allocates for an event once all is in its place. */
    ALLOCATED_BYTES("B/event"),
    /** Saturated, until all events are in the file. */
    EVENTS_PER_SECOND("events/s"),
    /** CPU time for an event, saturated, in nanoseconds: of the producer's thread. */
    PRODUCER_CPU_NS("caller"),
    /** Of all other Java threads. */
    WRITER_CPU_NS("other threads"),
    /** Of the process: all of these, the compiler and the garbage collector. */
    PROCESS_CPU_NS("process"),
    /** One reading of the clock, in nanoseconds. */
    CLOCK_NS("clock"),
    /** Parts of the computed limit, in nanoseconds for an event. */
    LIMIT_ENCODE_NS("encode"),
    LIMIT_HASH_NS("hash"),
    LIMIT_HAND_OVER_NS("hand over, both sides"),
    LIMIT_WRITE_NS("write");

    private final String header;

    Metric(String header) {
        this.header = header;
    }

    String header() {
        return header;
    }
}
