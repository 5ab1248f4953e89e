package dev.firn.event;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The content ID: SHA2-256 over canonical bytes, as 64 lower-case hex digits.
 *
 * <p>Not thread-safe: one instance for each thread that hashes.
 */
public final class ContentId {
    /** Bytes of a raw hash. */
    public static final int HASH_LENGTH = 32;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final MessageDigest digest = sha256();

    /** Writes the raw hash of {@code bytes[offset, offset + length)} to 32 bytes of {@code target}; allocates nothing. */
    public void hash(byte[] bytes, int offset, int length, byte[] target, int targetOffset) {
        digest.update(bytes, offset, length);
        try {
            digest.digest(target, targetOffset, HASH_LENGTH);
        } catch (DigestException e) {
            throw new IllegalArgumentException(
                    "hash needs " + HASH_LENGTH + " bytes: room=" + (target.length - targetOffset), e);
        }
    }

    /** The 64 hex digits of a raw hash. */
    public static String hex(byte[] hash, int offset) {
        byte[] text = new byte[2 * HASH_LENGTH];
        for (int i = 0; i < HASH_LENGTH; i++) {
            text[2 * i] = HEX[hash[offset + i] >> 4 & 0xf];
            text[2 * i + 1] = HEX[hash[offset + i] & 0xf];
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
