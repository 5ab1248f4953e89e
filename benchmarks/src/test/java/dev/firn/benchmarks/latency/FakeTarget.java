package dev.firn.benchmarks.latency;

/** Takes events and stores as many, without a file. */
class FakeTarget implements Target {
    private long taken;

    @Override
    public void accept(int index) {
        taken++;
    }

    @Override
    public void awaitWritten(long expected) {
        // There is nothing behind it.
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    @Override
    public long countStored() {
        return taken;
    }
}
