package dev.firn.ingest;

/** How often something was done and how long that took. One thread writes, any reads. */
final class Timings {
    private volatile long count;
    private volatile long totalNs;

    void add(long times, long ns) {
        totalNs = totalNs + ns;
        count = count + times;
    }

    long count() {
        return count;
    }

    long totalNs() {
        return totalNs;
    }
}
