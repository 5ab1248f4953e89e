package dev.firn.benchmarks;

import dev.firn.event.ContentId;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What do a content ID's hash and its 64 digits cost, against commons-codec? */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class HashBenchmark {
    /** Who computes. */
    public enum Library {
        /** {@code ContentId}. */
        FIRN,
        /** {@code DigestUtils.sha256} and {@code Hex.encodeHexString}. */
        COMMONS_CODEC
    }

    @Param
    Library library = Library.FIRN;

    private final byte[] canonical = TypicalEvent.typed().canonical().getBytes(StandardCharsets.UTF_8);
    private final ContentId contentId = new ContentId();
    private final byte[] target = new byte[ContentId.HASH_LENGTH];
    private final byte[] hash = DigestUtils.sha256(canonical);

    @Benchmark
    public byte[] sha256() {
        return switch (library) {
            case FIRN -> {
                contentId.hash(canonical, 0, canonical.length, target, 0);
                yield target;
            }
            case COMMONS_CODEC -> DigestUtils.sha256(canonical);
        };
    }

    @Benchmark
    public String hex() {
        return switch (library) {
            case FIRN -> ContentId.hex(hash, 0);
            case COMMONS_CODEC -> Hex.encodeHexString(hash);
        };
    }
}
