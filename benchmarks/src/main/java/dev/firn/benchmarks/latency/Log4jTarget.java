package dev.firn.benchmarks.latency;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.RandomAccessFileAppender;
import org.apache.logging.log4j.core.async.AsyncLoggerContext;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.layout.AbstractLayout;
import org.apache.logging.log4j.core.layout.ByteBufferDestination;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.SimpleMessage;

/**
 * Log4j2 with all loggers asynchronous, into one file: the ring as long as Firn's (log4j2.component.properties), everything else by default.
 * Never synced.
 */
final class Log4jTarget implements Target {
    private static final long PATIENCE_MINUTES = 10;
    private static final long AWAIT_PARK_NS = 50_000;

    private final Path file;
    private final LoggerContext context = new AsyncLoggerContext("latency");
    private final Logger logger;
    private final Input input;
    /** What the file will have. */
    private final LongSupplier bytes;

    /** How the caller logs. */
    @FunctionalInterface
    private interface Input {
        void log(Logger logger, int index);
    }

    private Log4jTarget(Path file, boolean immediateFlush, Layout<String> layout, Input input, LongSupplier bytes) {
        this.file = file;
        this.input = input;
        this.bytes = bytes;
        context.start(new OneFile(context, file, immediateFlush, layout));
        logger = context.getLogger("events");
    }

    /**
     * With what Log4j2 brings and nothing else: the caller makes the line, its hash included, as for the other files, and logs it as text
     * through the plainest of layouts. It is cheaper for Log4j2 than a MapMessage with its JsonTemplateLayout, which has no hash.
     *
     * @param immediateFlush whether the file is flushed after each event, which is Log4j2's default, or at the end of each batch, which its
     *                       manual advises
     */
    static Log4jTarget lines(Path file, boolean immediateFlush, ChatMessage[] messages) {
        LineEncoder encoder = new LineEncoder();
        AtomicLong bytes = new AtomicLong();
        Layout<String> layout = PatternLayout.newBuilder()
                .setPattern("%m%n")
                .setCharset(StandardCharsets.UTF_8)
                .build();
        return new Log4jTarget(
                file,
                immediateFlush,
                layout,
                (logger, index) -> {
                    int length = encoder.line(messages[index]);
                    bytes.setPlain(bytes.getPlain() + length);
                    // The layout ends the line.
                    logger.info((Message)
                            new SimpleMessage(new String(encoder.buffer(), 0, length - 1, StandardCharsets.UTF_8)));
                },
                bytes::get);
    }

    /**
     * With a layout made for this purpose: the caller encodes the canonical form and logs it; the hash is computed and the line completed on
     * Log4j2's own thread, as Firn does it.
     */
    static Log4jTarget tuned(Path file, ChatMessage[] messages) {
        LineEncoder encoder = new LineEncoder();
        HashedLines layout = new HashedLines();
        return new Log4jTarget(
                file,
                false,
                layout,
                (logger, index) -> {
                    int length = encoder.canonical(messages[index]);
                    layout.taken.setPlain(layout.taken.getPlain() + LineEncoder.lineLength(length));
                    logger.info(message(encoder, length));
                },
                layout.taken::get);
    }

    /** As tuned, and the caller logs messages that are encoded and made beforehand: Log4j2 takes over the reference and copies nothing. */
    static Log4jTarget prepared(Path file, ChatMessage[] messages) {
        LineEncoder encoder = new LineEncoder();
        Message[] texts = new Message[messages.length];
        int[] lengths = new int[messages.length];
        for (int i = 0; i < texts.length; i++) {
            int length = encoder.canonical(messages[i]);
            texts[i] = message(encoder, length);
            lengths[i] = LineEncoder.lineLength(length);
        }
        HashedLines layout = new HashedLines();
        return new Log4jTarget(
                file,
                false,
                layout,
                (logger, index) -> {
                    layout.taken.setPlain(layout.taken.getPlain() + lengths[index]);
                    logger.info(texts[index]);
                },
                layout.taken::get);
    }

    private static Message message(LineEncoder encoder, int length) {
        return new SimpleMessage(
                new String(encoder.buffer(), LineEncoder.CANONICAL_OFFSET, length, StandardCharsets.UTF_8));
    }

    @Override
    public void accept(int index) {
        input.log(logger, index);
    }

    @Override
    public void awaitWritten(long taken) throws Exception {
        long deadlineNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
        while (Files.size(file) < bytes.getAsLong()) {
            if (System.nanoTime() > deadlineNs) {
                throw new TimeoutException("Log4j2 did not write everything: taken=" + taken + " bytes="
                        + bytes.getAsLong() + " file=" + Files.size(file));
            }
            LockSupport.parkNanos(AWAIT_PARK_NS);
        }
    }

    @Override
    public void close() {
        if (!context.stop(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw new IllegalStateException("Log4j2 did not stop: file=" + file);
        }
    }

    @Override
    public long countStored() throws Exception {
        return Stored.lines(file);
    }

    /** A configuration of this one context: nothing is read from or set for the JVM. */
    private static final class OneFile extends AbstractConfiguration {
        private final Path file;
        private final boolean immediateFlush;
        private final Layout<String> layout;

        OneFile(LoggerContext context, Path file, boolean immediateFlush, Layout<String> layout) {
            super(context, ConfigurationSource.NULL_SOURCE);
            this.file = file;
            this.immediateFlush = immediateFlush;
            this.layout = layout;
        }

        @Override
        protected void doConfigure() {
            var builder = RandomAccessFileAppender.newBuilder();
            builder.setConfiguration(this);
            builder.setName("file");
            builder.setFileName(file.toString());
            builder.setImmediateFlush(immediateFlush);
            builder.setLayout(layout);
            RandomAccessFileAppender appender = builder.build();
            addAppender(appender);
            getRootLogger().setLevel(Level.INFO);
            getRootLogger().addAppender(appender, Level.INFO, null);
        }
    }

    /** On Log4j2's one thread; {@code taken} is the caller's. */
    private static final class HashedLines extends AbstractLayout<String> {
        private final LineEncoder encoder = new LineEncoder();
        private final AtomicLong taken = new AtomicLong();

        HashedLines() {
            super(null, null, null);
        }

        @Override
        public void encode(LogEvent event, ByteBufferDestination destination) {
            int length = line(event);
            destination.writeBytes(encoder.buffer(), 0, length);
        }

        private int line(LogEvent event) {
            byte[] canonical = event.getMessage().getFormattedMessage().getBytes(StandardCharsets.UTF_8);
            System.arraycopy(canonical, 0, encoder.buffer(), LineEncoder.CANONICAL_OFFSET, canonical.length);
            return encoder.line(canonical.length);
        }

        @Override
        public byte[] toByteArray(LogEvent event) {
            return toSerializable(event).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toSerializable(LogEvent event) {
            int length = line(event);
            return new String(encoder.buffer(), 0, length, StandardCharsets.UTF_8);
        }

        @Override
        public String getContentType() {
            return "application/x-ndjson";
        }
    }
}
