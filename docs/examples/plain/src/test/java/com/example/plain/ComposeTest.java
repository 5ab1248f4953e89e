package com.example.plain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The compose file and the Dockerfile say what they are meant to, as far as can be seen without Docker. */
class ComposeTest {
    private static final Path DIRECTORY = Path.of("..", "side-car");

    private static Map<?, ?> compose() throws IOException {
        return new Yaml().load(Files.readString(DIRECTORY.resolve("compose.yaml")));
    }

    private static Map<?, ?> service(String name) throws IOException {
        return (Map<?, ?>) ((Map<?, ?>) compose().get("services")).get(name);
    }

    private static String dockerfile() throws IOException {
        return Files.readString(DIRECTORY.resolve("Dockerfile"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application", "uploader"})
    void aServiceSharesTheVolumeComesBackAndMayDoLittle(String name) throws IOException {
        Map<?, ?> service = service(name);

        assertThat(service.get("volumes")).isEqualTo(List.of("data:/data"));
        assertThat(service.get("restart")).isEqualTo("always");
        assertThat(service.get("user")).isEqualTo("10001:10001");
        assertThat(service.get("read_only")).isEqualTo(true);
        assertThat(service.get("cap_drop")).isEqualTo(List.of("ALL"));
        assertThat(service.containsKey("pid")).isFalse();
        assertThat(service.containsKey("privileged")).isFalse();
        assertThat(((Map<?, ?>) compose().get("volumes")).containsKey("data")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application", "uploader"})
    void aServiceIsBuiltFromAStageThatIsThere(String name) throws IOException {
        Map<?, ?> build = (Map<?, ?>) service(name).get("build");

        Path context = DIRECTORY.resolve((String) build.get("context"));
        assertThat(context.resolve((String) build.get("dockerfile")))
                .hasSameTextualContentAs(DIRECTORY.resolve("Dockerfile"));
        assertThat(context.resolve("uploader/app/pom.xml")).exists();
        assertThat(dockerfile()).contains("FROM base AS " + build.get("target") + "\n");
    }

    @Test
    void theUploaderMayRunWhatItUnpacks() throws IOException {
        assertThat(service("uploader").get("tmpfs")).asString().contains("/tmp:exec");
    }

    @Test
    void theDockerfileStartsClassesThatAreThere() throws Exception {
        List<String> mains = Pattern.compile("ENTRYPOINT .*\"([A-Za-z.]+)\"]")
                .matcher(dockerfile())
                .results()
                .map(entry -> entry.group(1))
                .toList();

        assertThat(mains).hasSize(2);
        for (String main : mains) {
            assertThat(Class.forName(main).getMethod("main", String[].class)).isNotNull();
        }
    }
}
