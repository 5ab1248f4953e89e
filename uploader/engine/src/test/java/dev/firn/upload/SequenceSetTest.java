package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SequenceSetTest {
    private static SequenceSet of(long first, long... sequences) {
        SequenceSet set = new SequenceSet(first);
        for (long sequence : sequences) {
            set.add(sequence);
        }
        return set;
    }

    @Test
    void sequencesBecomeRanges() {
        assertThat(of(5, 5, 6, 9, 7, 12).ranges().toString()).isEqualTo("[5..7, 9, 12]");
    }

    @Test
    void whatAnotherSetHasIsTakenAway() {
        SequenceSet rest = of(5, 5, 6, 7).without(of(5, 6, 40));

        assertThat(rest.ranges().toString()).isEqualTo("[5, 7]");
        assertThat(rest.size()).isEqualTo(2);
    }

    @Test
    void aRangeIsAddedWhole() {
        SequenceSet set = of(5, 5);
        set.addAll(new SequenceSet.Range(7, 9));

        assertThat(set.ranges().toString()).isEqualTo("[5, 7..9]");
    }

    @Test
    void onlyTheFirstRangesAreShown() {
        assertThat(SequenceSet.Range.shown(of(1, 1, 3, 4, 6).ranges(), 3)).isEqualTo("1, 3..4, 6");
        assertThat(SequenceSet.Range.shown(of(1, 1, 3, 4, 6).ranges(), 2)).isEqualTo("1, 3..4, ...");
    }

    @Test
    void aSequenceBeforeTheFirstIsNotThere() {
        assertThat(of(5, 5).contains(4)).isFalse();
    }

    @Test
    void setsThatBeginElsewhereAreNotCompared() {
        assertThatThrownBy(() -> of(1).without(of(2))).hasMessageContaining("first=1 other=2");
    }
}
