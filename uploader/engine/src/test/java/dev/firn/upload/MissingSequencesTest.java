package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MissingSequencesTest {
    private final MissingSequences missing =
            new MissingSequences(List.of(new SequenceSet.Range(3, 5), new SequenceSet.Range(8, 8)));

    @Test
    void theyAreCountedWithinARange() {
        assertThat(missing.count()).isEqualTo(4);
        assertThat(missing.count(1, 2)).isZero();
        assertThat(missing.count(5, 8)).isEqualTo(2);
        assertThat(missing.count(9, 4)).isZero();
        assertThat(MissingSequences.NONE.count()).isZero();
    }

    @Test
    void aRangeIsCoveredIfAllOfItIsMissing() {
        assertThat(missing.cover(3, 5)).isTrue();
        assertThat(missing.cover(4, 4)).isTrue();
        assertThat(missing.cover(2, 5)).isFalse();
        assertThat(missing.cover(5, 8)).isFalse();
        assertThat(missing.cover(7, 6)).isTrue();
    }

    @Test
    void whatIsPresentInARangeIsTheRest() {
        assertThat(missing.presentIn(new SequenceSet.Range(1, 10)).toString()).isEqualTo("[1..2, 6..7, 9..10]");
        assertThat(missing.presentIn(new SequenceSet.Range(4, 8)).toString()).isEqualTo("[6..7]");
        assertThat(missing.presentIn(new SequenceSet.Range(3, 5))).isEmpty();
        assertThat(missing.presentIn(new SequenceSet.Range(6, 6)).toString()).isEqualTo("[6]");
    }

    @Test
    void theLastIsTheHighest() {
        assertThat(missing.last()).isEqualTo(8);
        assertThat(MissingSequences.NONE.last()).isZero();
    }

    @Test
    void rangesOutOfOrderAreRefused() {
        List<SequenceSet.Range> overlapping = List.of(new SequenceSet.Range(1, 4), new SequenceSet.Range(4, 5));

        assertThatThrownBy(() -> new MissingSequences(overlapping)).hasMessageContaining("in order");
    }
}
