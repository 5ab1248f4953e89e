package dev.firn.cli;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells on standard error how far long work is: a line that is rewritten on a terminal, else a line every five seconds.
 * Nothing is shown of work that takes less than a second. Not thread-safe.
 */
final class Progress implements AutoCloseable {
    private static final long FIRST_NS = 1_000_000_000L;
    private static final long REWRITE_NS = 200_000_000L;
    private static final long LINE_NS = 5_000_000_000L;

    private final Console console;
    private final String what;
    private final LongSupplier nanoClock;
    private final long startNs;
    private long nextNs;
    private int shownWidth;

    Progress(Console console, String what) {
        this(console, what, System::nanoTime);
    }

    Progress(Console console, String what, LongSupplier nanoClock) {
        this.console = console;
        this.what = what;
        this.nanoClock = nanoClock;
        this.startNs = nanoClock.getAsLong();
        this.nextNs = startNs + FIRST_NS;
    }

    /** @param done how much is done by now, in total */
    void at(long done) {
        at(done, 0);
    }

    /** @param total how much there is, or 0 if nobody knows */
    void at(long done, long total) {
        long now = nanoClock.getAsLong();
        if (now - nextNs < 0) {
            return;
        }
        nextNs = now + (console.interactive() ? REWRITE_NS : LINE_NS);
        double seconds = (now - startNs) / 1e9;
        String share = total > 0 ? String.format(Locale.ROOT, " of %,d (%d %%)", total, 100 * done / total) : "";
        String line = String.format(Locale.ROOT, "%s: %,d%s, %,.0f a second", what, done, share, done / seconds);
        if (console.interactive()) {
            console.err().print("\r" + line + " ".repeat(Math.max(0, shownWidth - line.length())));
            console.err().flush();
            shownWidth = line.length();
        } else {
            console.err().println(line);
        }
    }

    /** Clears the line. */
    @Override
    public void close() {
        if (shownWidth > 0) {
            console.err().print("\r" + " ".repeat(shownWidth) + "\r");
            console.err().flush();
            shownWidth = 0;
        }
    }
}
