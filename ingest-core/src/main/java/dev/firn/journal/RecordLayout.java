package dev.firn.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How one record lies in the journal. Numbers are little-endian.
 *
 * <table>
 * <caption>Record</caption>
 * <tr><th>offset</th><th>bytes</th><th>field</th></tr>
 * <tr><td>0</td><td>1</td><td>version, 1</td></tr>
 * <tr><td>1</td><td>1</td><td>flags, 0</td></tr>
 * <tr><td>2</td><td>1</td><td>lane length L, 1 to 32</td></tr>
 * <tr><td>3</td><td>1</td><td>reserved, 0</td></tr>
 * <tr><td>4</td><td>4</td><td>key id, 0 = not encrypted</td></tr>
 * <tr><td>8</td><td>4</td><td>canonical length C, 1 to 1,000,000</td></tr>
 * <tr><td>12</td><td>4</td><td>CRC-32C of bytes 0 to 63 + L, these four taken as zero</td></tr>
 * <tr><td>16</td><td>8</td><td>sequence, 1 or more</td></tr>
 * <tr><td>24</td><td>8</td><td>time of receipt, microseconds since 1970-01-01T00:00Z</td></tr>
 * <tr><td>32</td><td>32</td><td>SHA-256 of the canonical bytes: the event's ID</td></tr>
 * <tr><td>64</td><td>L</td><td>lane, ASCII</td></tr>
 * <tr><td>64 + L</td><td>C</td><td>canonical bytes</td></tr>
 * </table>
 *
 * <p>The hash guards the event, the CRC everything that the hash does not cover: a wrong time of receipt would otherwise go unnoticed.
 */
final class RecordLayout {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 64;
    static final int MAX_LANE_BYTES = 32;
    static final int MAX_CANONICAL_BYTES = 1_000_000;
    static final int MAX_RECORD_BYTES = HEADER_BYTES + MAX_LANE_BYTES + MAX_CANONICAL_BYTES;
    static final int HASH_BYTES = 32;

    static final int FLAGS_OFFSET = 1;
    static final int LANE_LENGTH_OFFSET = 2;
    static final int RESERVED_OFFSET = 3;
    static final int KEY_ID_OFFSET = 4;
    static final int CANONICAL_LENGTH_OFFSET = 8;
    static final int CRC_OFFSET = 12;
    static final int SEQUENCE_OFFSET = 16;
    static final int RECEIVED_AT_OFFSET = 24;
    static final int HASH_OFFSET = 32;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final MessageDigest sha256 = newSha256();
    private final CRC32C crc32c = new CRC32C();
    private final byte[] computedHash = new byte[HASH_BYTES];

    /** Writes a record to the start of {@code target} and returns its length. Allocates nothing. */
    int encode(
            byte[] target,
            long sequence,
            long receivedAtMicros,
            byte[] lane,
            int laneLength,
            byte[] canonical,
            int canonicalLength)
            throws DigestException {
        int canonicalOffset =
                encodeHead(target, 0, sequence, receivedAtMicros, lane, laneLength, canonical, canonicalLength);
        System.arraycopy(canonical, 0, target, canonicalOffset, canonicalLength);
        return canonicalOffset + canonicalLength;
    }

    /** Writes what comes before the canonical bytes to this place in {@code target} and returns where it ends. Allocates nothing. */
    int encodeHead(
            byte[] target,
            int offset,
            long sequence,
            long receivedAtMicros,
            byte[] lane,
            int laneLength,
            byte[] canonical,
            int canonicalLength)
            throws DigestException {
        target[offset] = VERSION;
        target[offset + FLAGS_OFFSET] = 0;
        target[offset + LANE_LENGTH_OFFSET] = (byte) laneLength;
        target[offset + RESERVED_OFFSET] = 0;
        INT.set(target, offset + KEY_ID_OFFSET, 0);
        INT.set(target, offset + CANONICAL_LENGTH_OFFSET, canonicalLength);
        INT.set(target, offset + CRC_OFFSET, 0);
        LONG.set(target, offset + SEQUENCE_OFFSET, sequence);
        LONG.set(target, offset + RECEIVED_AT_OFFSET, receivedAtMicros);
        sha256.update(canonical, 0, canonicalLength);
        sha256.digest(target, offset + HASH_OFFSET, HASH_BYTES);
        System.arraycopy(lane, 0, target, offset + HEADER_BYTES, laneLength);
        int length = HEADER_BYTES + laneLength;
        crc32c.reset();
        crc32c.update(target, offset, length);
        INT.set(target, offset + CRC_OFFSET, (int) crc32c.getValue());
        return offset + length;
    }

    /** What is wrong with everything but the canonical bytes, or null. */
    @Nullable
    String headerProblem(byte[] record, int recordLength) {
        if (recordLength < HEADER_BYTES) {
            return "record too short: bytes=" + recordLength + " minimum=" + HEADER_BYTES;
        }
        if (record[0] != VERSION) {
            return "unknown record version: version=" + record[0] + " known=" + VERSION;
        }
        int laneLength = laneLength(record);
        int canonicalLength = canonicalLength(record);
        if (laneLength < 1
                || laneLength > MAX_LANE_BYTES
                || canonicalLength < 1
                || canonicalLength > MAX_CANONICAL_BYTES
                || HEADER_BYTES + laneLength + canonicalLength != recordLength) {
            return "lengths do not fit: record=" + recordLength + " lane=" + laneLength + " canonical="
                    + canonicalLength;
        }
        return crcProblem(record, laneLength);
    }

    private @Nullable String crcProblem(byte[] record, int laneLength) {
        crc32c.reset();
        crc32c.update(record, 0, CRC_OFFSET);
        for (int i = 0; i < Integer.BYTES; i++) {
            crc32c.update(0);
        }
        crc32c.update(record, SEQUENCE_OFFSET, HEADER_BYTES + laneLength - SEQUENCE_OFFSET);
        int expected = (int) INT.get(record, CRC_OFFSET);
        int found = (int) crc32c.getValue();
        return expected == found
                ? null
                : "header CRC: expected=" + Integer.toHexString(expected) + " found=" + Integer.toHexString(found);
    }

    /** What is wrong with the canonical bytes of a record whose header is right, or null. */
    @Nullable
    String hashProblem(byte[] record) throws DigestException {
        sha256.update(record, canonicalOffset(record), canonicalLength(record));
        sha256.digest(computedHash, 0, HASH_BYTES);
        for (int i = 0; i < HASH_BYTES; i++) {
            if (computedHash[i] != record[HASH_OFFSET + i]) {
                return "SHA-256: expected=" + Hex.encode(record, HASH_OFFSET, HASH_BYTES) + " found="
                        + Hex.encode(computedHash, 0, HASH_BYTES);
            }
        }
        return null;
    }

    static int laneLength(byte[] record) {
        return record[LANE_LENGTH_OFFSET];
    }

    static int canonicalLength(byte[] record) {
        return (int) INT.get(record, CANONICAL_LENGTH_OFFSET);
    }

    static int canonicalOffset(byte[] record) {
        return HEADER_BYTES + laneLength(record);
    }

    static long sequence(byte[] record) {
        return (long) LONG.get(record, SEQUENCE_OFFSET);
    }

    static long receivedAtMicros(byte[] record) {
        return (long) LONG.get(record, RECEIVED_AT_OFFSET);
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256, which every Java platform must have", e);
        }
    }
}
