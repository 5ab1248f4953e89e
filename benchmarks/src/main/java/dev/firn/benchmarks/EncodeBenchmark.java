package dev.firn.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.firn.event.Event;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.erdtman.jcs.JsonCanonicalizer;
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

/**
 * What does it cost to make a message event canonical, with the rules checked, against a general JSON library that sorts
 * keys, and against the reference implementation of RFC 8785?
 *
 * <p>The alternatives check no rule of an event and start from a time that is text already; Jackson starts from maps
 * that are sorted already.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class EncodeBenchmark {
    /** Who encodes. */
    public enum Encoder {
        /** {@code Event.Builder.build} of a builder that has all fields. */
        FIRN,
        /** The typed builder from its factory method on, as an application pays for it. */
        FIRN_TYPED,
        /** Jackson's mapper with sorted keys: not canonical in general, here it is. */
        JACKSON,
        /** io.github.erdtman:java-json-canonicalization, from what Jackson wrote. */
        JACKSON_AND_REFERENCE
    }

    @Param
    Encoder encoder = Encoder.FIRN;

    private final Event.Builder builder = TypicalEvent.builder();
    private final Map<String, Object> maps = TypicalEvent.maps();
    private final ObjectMapper mapper = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    @Benchmark
    public Object encode() throws IOException {
        return switch (encoder) {
            case FIRN -> builder.build();
            case FIRN_TYPED -> TypicalEvent.typed();
            case JACKSON -> mapper.writeValueAsBytes(maps);
            case JACKSON_AND_REFERENCE -> new JsonCanonicalizer(mapper.writeValueAsBytes(maps)).getEncodedUTF8();
        };
    }
}
