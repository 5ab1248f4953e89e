package dev.firn.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RecordLayoutTest {
    private static final HexFormat HEX = HexFormat.of();

    private final RecordLayout layout = new RecordLayout();
    private final byte[] record = new byte[128];

    private int encode() throws DigestException {
        byte[] lane = "MCP".getBytes(StandardCharsets.US_ASCII);
        byte[] canonical = "{\"v\":3}".getBytes(StandardCharsets.US_ASCII);
        return layout.encode(
                record, 0x0102030405060708L, 0x1112131415161718L, lane, lane.length, canonical, canonical.length);
    }

    /** The hash was computed with sha256sum, the CRC with another language's library. */
    @Test
    void bytesAreThese() throws DigestException {
        int length = encode();

        assertThat(HEX.formatHex(record, 0, length))
                .isEqualTo("01" + "00" + "03" + "00" + "00000000" + "07000000" + "b3f98a07"
                        + "0807060504030201" + "1817161514131211"
                        + "ff3acadf3b29fc4fa59d5b9612db39960c223344122be86dfaf4075be7c50279"
                        + "4d4350" + "7b2276223a337d");
    }

    @Test
    void fieldsAreReadBack() throws DigestException {
        int length = encode();

        assertThat(layout.headerProblem(record, length)).isNull();
        assertThat(layout.hashProblem(record)).isNull();
        assertThat(RecordLayout.sequence(record)).isEqualTo(0x0102030405060708L);
        assertThat(RecordLayout.receivedAtMicros(record)).isEqualTo(0x1112131415161718L);
        assertThat(RecordLayout.laneLength(record)).isEqualTo(3);
        assertThat(RecordLayout.canonicalOffset(record)).isEqualTo(67);
        assertThat(RecordLayout.canonicalLength(record)).isEqualTo(7);
    }

    @Test
    void everyFlippedBitIsNoticed() throws DigestException {
        int length = encode();
        byte[] good = Arrays.copyOf(record, length);
        for (int bit = 0; bit < length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            boolean noticed = layout.headerProblem(flipped, length) != null || layout.hashProblem(flipped) != null;
            assertThat(noticed).as("bit %d", bit).isTrue();
        }
    }

    @Test
    void everyWrongLengthIsNoticed() throws DigestException {
        int length = encode();
        for (int wrong = 0; wrong < record.length; wrong++) {
            if (wrong != length) {
                assertThat(layout.headerProblem(record, wrong))
                        .as("length %d", wrong)
                        .isNotNull();
            }
        }
    }
}
