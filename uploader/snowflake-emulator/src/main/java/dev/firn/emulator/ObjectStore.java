package dev.firn.emulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;

/** A stage: takes what Amazon's S3 client stores, as files in a folder. */
final class ObjectStore {
    private final Path root;

    ObjectStore(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    Reply put(Request request) {
        byte[] content =
                request.header("x-amz-decoded-content-length") == null ? request.body() : unchunk(request.body());
        Path file = file(request.path());
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store an object: file=" + file, e);
        }
        CRC32 crc = new CRC32();
        crc.update(content);
        return Reply.empty(Map.of("ETag", '"' + Long.toHexString(crc.getValue()) + '"'));
    }

    /** @throws Refusal if there is none */
    byte[] get(String path) {
        try {
            return Files.readAllBytes(file(path));
        } catch (IOException e) {
            throw new Refusal(404, "FILE_NOT_FOUND", "no such object: path=" + path);
        }
    }

    private Path file(String path) {
        Path file = root.resolve(path.replaceFirst("^/+", "")).normalize();
        if (!file.startsWith(root)) {
            throw new Refusal(400, "INVALID_PATH", "the path leaves the store");
        }
        return file;
    }

    /** Takes the frames of {@code aws-chunked} off: length in hex, line end, that many bytes, line end; a trailer follows 0. */
    private static byte[] unchunk(byte[] framed) {
        ByteArrayOutputStream content = new ByteArrayOutputStream(framed.length);
        int at = 0;
        while (true) {
            int end = at;
            while (framed[end] != '\r') {
                end++;
            }
            String head = new String(framed, at, end - at, StandardCharsets.US_ASCII);
            int semicolon = head.indexOf(';');
            int length = Integer.parseInt(semicolon < 0 ? head : head.substring(0, semicolon), 16);
            if (length == 0) {
                return content.toByteArray();
            }
            content.write(framed, end + 2, length);
            at = end + 2 + length + 2;
        }
    }
}
