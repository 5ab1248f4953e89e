package dev.firn.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.journal.DamagedJournalException.Damage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private static FileScan.Result file(long... firstsAndLasts) {
        FileScan.Run[] runs = new FileScan.Run[firstsAndLasts.length / 2];
        for (int i = 0; i < runs.length; i++) {
            runs[i] = new FileScan.Run(firstsAndLasts[2 * i], firstsAndLasts[2 * i + 1], Damage.GAP);
        }
        CycleFile file = new CycleFile(1, Path.of("file"));
        return new FileScan.Result(file, Arrays.asList(runs), 0, 0, true, null, null, List.of());
    }

    private static List<List<Long>> taken(FileScan.Result... files) {
        return Selection.of(List.of(files)).stream()
                .map(from -> Arrays.stream(from).boxed().toList())
                .toList();
    }

    @Test
    void risingSequencesAreAllTaken() {
        assertThat(taken()).isEmpty();
        assertThat(taken(file(), file(1, 10, 12, 20), file(), file(30, 30)))
                .containsExactly(List.of(), List.of(1L, 12L), List.of(), List.of(30L));
    }

    @Test
    void laterRecordsInAnEarlierFileAreLeftOut() {
        assertThat(taken(file(1, 149, 301, 310, 156, 300), file(301, 600)))
                .containsExactly(List.of(1L, Selection.NOTHING, 156L), List.of(301L));
    }

    @Test
    void earlierRecordsInALaterFileAreLeftOut() {
        assertThat(taken(file(1, 300), file(301, 400, 20, 30, 412, 600)))
                .containsExactly(List.of(1L), List.of(301L, Selection.NOTHING, 412L));
    }

    @Test
    void copyIsTakenForWhatIsNowhereElse() {
        assertThat(taken(file(1, 290, 301, 320), file(311, 600))).containsExactly(List.of(1L, 301L), List.of(321L));
    }

    @Test
    void repeatedBeginningOfARunIsLeftOut() {
        assertThat(taken(file(1, 10, 8, 20))).containsExactly(List.of(1L, 11L));
    }
}
