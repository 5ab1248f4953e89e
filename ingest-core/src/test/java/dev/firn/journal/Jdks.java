package dev.firn.journal;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JDKs of this machine: the one that runs the tests, those of {@code FIRN_TEST_JDKS}, a path list, and those in {@code /usr/lib/jvm}. */
final class Jdks {
    private static final Path USUAL = Path.of("/usr/lib/jvm");
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)[.\"\\-+]");
    private static final int OLDEST = 17;

    private Jdks() {}

    record Jdk(int version, Path home) {
        @Override
        public String toString() {
            return "Java " + version;
        }
    }

    /** One of each version, the oldest first. */
    static List<Jdk> all() throws IOException {
        List<Path> homes = new ArrayList<>();
        homes.add(Path.of(System.getProperty("java.home")));
        String more = System.getenv("FIRN_TEST_JDKS");
        if (more != null) {
            for (String home : more.split(File.pathSeparator)) {
                homes.add(Path.of(home));
            }
        }
        if (Files.isDirectory(USUAL)) {
            try (DirectoryStream<Path> installed = Files.newDirectoryStream(USUAL)) {
                installed.forEach(homes::add);
            }
        }
        Map<Integer, Jdk> found = new TreeMap<>(Comparator.naturalOrder());
        for (Path home : homes) {
            jdk(home).ifPresent(jdk -> found.putIfAbsent(jdk.version(), jdk));
        }
        return List.copyOf(found.values());
    }

    private static Optional<Jdk> jdk(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin").resolve("java")) || !Files.isRegularFile(release)) {
            return Optional.empty();
        }
        Matcher version = VERSION.matcher(Files.readString(release));
        return version.find() && Integer.parseInt(version.group(1)) >= OLDEST
                ? Optional.of(new Jdk(Integer.parseInt(version.group(1)), home))
                : Optional.empty();
    }
}
