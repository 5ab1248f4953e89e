package dev.firn.cli.input;

import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Strict decoding: the usual ways put U+FFFD in place of what they cannot read. */
final class Utf8 {
    private Utf8() {}

    /** @throws InvalidEventException with {@link Reason#INVALID_UTF8} */
    static String decode(byte[] bytes, int length) {
        ByteBuffer source = ByteBuffer.wrap(bytes, 0, length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(source)
                    .toString();
        } catch (CharacterCodingException e) {
            // Its text has lengths only, but no position.
            throw new InvalidEventException(
                    Reason.INVALID_UTF8, "", "the record is not UTF-8 from byte " + (source.position() + 1));
        }
    }
}
