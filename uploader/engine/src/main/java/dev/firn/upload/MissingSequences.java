package dev.firn.upload;

import java.util.ArrayList;
import java.util.List;

/**
 * Sequences that a journal lost and knows to be lost, which no event will ever have again.
 *
 * @param ranges in order, none within another
 */
public record MissingSequences(List<SequenceSet.Range> ranges) {
    public static final MissingSequences NONE = new MissingSequences(List.of());

    public MissingSequences {
        ranges = List.copyOf(ranges);
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i).from() <= ranges.get(i - 1).to()) {
                throw new IllegalArgumentException(
                        "ranges must be in order: range=" + ranges.get(i) + " behind=" + ranges.get(i - 1));
            }
        }
    }

    /** How many there are. */
    public long count() {
        return ranges.isEmpty() ? 0 : count(1, last());
    }

    /** How many there are from one sequence to another, both included; none if the second is before the first. */
    public long count(long from, long to) {
        long count = 0;
        for (SequenceSet.Range range : ranges) {
            count += Math.max(0, Math.min(to, range.to()) - Math.max(from, range.from()) + 1);
        }
        return count;
    }

    /** Whether all from one sequence to another are missing; nothing is missing of a range that is empty. */
    public boolean cover(long from, long to) {
        return count(from, to) == Math.max(0, to - from + 1);
    }

    /** The parts of a range that are not missing. */
    public List<SequenceSet.Range> presentIn(SequenceSet.Range whole) {
        List<SequenceSet.Range> present = new ArrayList<>();
        long from = whole.from();
        for (SequenceSet.Range range : ranges) {
            if (range.from() > from && from <= whole.to()) {
                present.add(new SequenceSet.Range(from, Math.min(whole.to(), range.from() - 1)));
            }
            from = Math.max(from, range.to() + 1);
        }
        if (from <= whole.to()) {
            present.add(new SequenceSet.Range(from, whole.to()));
        }
        return present;
    }

    /** The highest of them, 0 if there is none. */
    public long last() {
        return ranges.isEmpty() ? 0 : ranges.get(ranges.size() - 1).to();
    }
}
