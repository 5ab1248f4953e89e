package dev.firn.upload;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/** Sequences of one producer from a first one on, a bit each; up to 2,000,000,000 of them. */
public final class SequenceSet {
    private final long first;
    private final BitSet bits = new BitSet();

    /** Sequences from {@code from} to {@code to}, both included. */
    public record Range(long from, long to) {
        @Override
        public String toString() {
            return from == to ? Long.toString(from) : from + ".." + to;
        }

        /** Ranges for people to read: the first ones, and an ellipsis if there are more. */
        public static String shown(List<Range> ranges, int most) {
            String shown = ranges.stream().limit(most).map(Range::toString).collect(Collectors.joining(", "));
            return ranges.size() > most ? shown + ", ..." : shown;
        }
    }

    /** @param first the smallest sequence that may be added */
    public SequenceSet(long first) {
        this.first = first;
    }

    public void add(long sequence) {
        bits.set(Math.toIntExact(sequence - first));
    }

    public void addAll(Range range) {
        bits.set(Math.toIntExact(range.from() - first), Math.toIntExact(range.to() - first + 1));
    }

    public boolean contains(long sequence) {
        return sequence >= first && bits.get(Math.toIntExact(sequence - first));
    }

    public long size() {
        return bits.cardinality();
    }

    /** Those that are in this set and not in the other, which must begin at the same sequence. */
    public SequenceSet without(SequenceSet other) {
        if (other.first != first) {
            throw new IllegalArgumentException("sets must begin alike: first=" + first + " other=" + other.first);
        }
        SequenceSet rest = new SequenceSet(first);
        rest.bits.or(bits);
        rest.bits.andNot(other.bits);
        return rest;
    }

    /** The first one that is not before a sequence; {@link Long#MAX_VALUE} if there is none. */
    public long next(long sequence) {
        long at = Math.max(sequence, first) - first;
        int next = at >= bits.length() ? -1 : bits.nextSetBit((int) at);
        return next < 0 ? Long.MAX_VALUE : first + next;
    }

    /** The set as ranges, in order. */
    public List<Range> ranges() {
        List<Range> ranges = new ArrayList<>();
        for (int from = bits.nextSetBit(0); from >= 0; ) {
            int end = bits.nextClearBit(from);
            ranges.add(new Range(first + from, first + end - 1));
            from = bits.nextSetBit(end);
        }
        return ranges;
    }
}
