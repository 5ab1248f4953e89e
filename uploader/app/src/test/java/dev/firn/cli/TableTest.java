package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    private static Table table() {
        return new Table().text("name").number("count").row("a name that is rather long for a narrow terminal", 1_234L);
    }

    @Test
    void aTableThatFitsIsShownWhole() {
        assertThat(table().render(100)).contains("| a name that is rather long for a narrow terminal | 1,234 |");
    }

    @Test
    void theWidestColumnIsCutUntilTheTableFits() {
        assertThat(table().render(40).lines()).allMatch(line -> line.length() <= 40);
        assertThat(table().render(40)).contains("\u2026").contains("| 1,234 |");
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        assertThat(new Table().text("t").row("a\u001b[31m\nb").render(80))
                .doesNotContain("\u001b")
                .contains("a [31m b");
    }
}
