package dev.firn.emulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** An emulator with Firn's tables in a process of its own, which a test can kill. */
public final class EmulatorProcess {
    private static final String READY = "ready";

    private EmulatorProcess() {}

    /** Starts it and waits until it serves. */
    static Process start(Path directory, int port, String user, PublicKey key) throws IOException {
        Process process = JavaProcess.command(
                        EmulatorProcess.class.getName(),
                        directory.toString(),
                        Integer.toString(port),
                        user,
                        Base64.getEncoder().encodeToString(key.getEncoded()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (!READY.equals(line)) {
            throw new IOException("the emulator did not start: " + line);
        }
        return process;
    }

    /** Directory, port, user and public key. */
    public static void main(String[] args) throws Exception {
        try (SnowflakeEmulator emulator = SnowflakeEmulator.start(
                Path.of(args[0]), Integer.parseInt(args[1]), Map.of(args[2], Keys.publicKey(args[3])))) {
            emulator.install(EmulatedSnowflake.DATABASE);
            System.out.println(READY);
            new CountDownLatch(1).await();
        }
    }
}
