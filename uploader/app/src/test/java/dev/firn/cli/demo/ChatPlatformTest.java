package dev.firn.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChatPlatformTest {
    private final Locale usual = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(usual);
    }

    private static List<String> steps() {
        List<String> steps = new ArrayList<>();
        new ChatPlatform(1, 12_000)
                .forEachRemaining(step -> steps.add(
                        step.event() == null
                                ? new String(step.line(), StandardCharsets.UTF_8)
                                : step.event().canonical()));
        return steps;
    }

    @Test
    void aLocaleWithDigitsOfItsOwnChangesNothing() {
        Locale.setDefault(Locale.ROOT);
        List<String> expected = steps();
        Locale.setDefault(new Locale.Builder().setLanguage("ar").setRegion("EG").build());
        assertThat(String.format("%d", 1)).as("the digits of this locale").isNotEqualTo("1");

        assertThat(steps()).isEqualTo(expected);
    }
}
