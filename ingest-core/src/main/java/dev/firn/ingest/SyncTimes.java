package dev.firn.ingest;

/** How often and how long the disk was waited for. One thread writes, any reads. */
final class SyncTimes {
    private volatile long count;
    private volatile long totalNs;

    void add(long ns) {
        totalNs = totalNs + ns;
        count = count + 1;
    }

    long count() {
        return count;
    }

    long totalNs() {
        return totalNs;
    }
}
