package dev.firn.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.firn.event.EventParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
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
 * What does it cost to read a line of NDJSON into an event, all rules checked and the canonical form made, against
 * reading it into a tree and no more?
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class ParseBenchmark {
    /** Who reads. */
    public enum Reader {
        /** {@code EventParser.parse}. */
        FIRN,
        /** {@code ObjectMapper.readTree}. */
        JACKSON_TREE
    }

    @Param
    Reader reader = Reader.FIRN;

    private final byte[] line = TypicalEvent.line().getBytes(StandardCharsets.UTF_8);
    private final EventParser parser = new EventParser();
    private final ObjectMapper mapper = JsonMapper.builder().build();

    @Benchmark
    public Object parse() throws IOException {
        return switch (reader) {
            case FIRN -> parser.parse(line, 0, line.length);
            case JACKSON_TREE -> mapper.readTree(line);
        };
    }
}
