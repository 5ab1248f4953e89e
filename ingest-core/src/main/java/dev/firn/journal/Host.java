package dev.firn.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;

/** This machine, or what a container shows of one. Asks no name service: opening a journal must not depend on the network. */
final class Host {
    private static final Path NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7E]{1,255}");
    private static final int ID_BYTES = 16;

    private Host() {}

    /** For people to read; {@code unknown} if the system does not tell. */
    static String name() {
        return read(NAME)
                .or(() -> Optional.ofNullable(System.getenv("HOSTNAME")))
                .filter(name -> PLAIN.matcher(name).matches())
                .orElse("unknown");
    }

    /**
     * Tells hosts apart: from the machine's ID if it has one, else its name. Hashed, since whoever knows a machine's ID is to keep it to
     * himself, and this one stands in log lines.
     */
    static String id() {
        return read(MACHINE_ID).map(Host::hashed).orElseGet(Host::name);
    }

    private static String hashed(String machineId) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(("dev.firn.journal " + machineId).getBytes(StandardCharsets.UTF_8));
            return Hex.encode(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256, which every Java platform must have", e);
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            // Not this kind of system: the next source is asked.
            return Optional.empty();
        }
    }
}
