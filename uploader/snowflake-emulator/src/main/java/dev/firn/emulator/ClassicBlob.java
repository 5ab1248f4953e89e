package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A file that a client of classic streaming stored in the stage.
 *
 * <pre>
 * chunk, encrypted   a Parquet file; AES-CTR, the counter begins at the chunk's place in the file in blocks of 16
 * zeros, encrypted   1 to 16 bytes, up to the next block
 * further chunks     likewise
 * </pre>
 */
final class ClassicBlob {
    private static final int BLOCK_BYTES = 16;
    private static final int INVALID_LENGTH = 30;
    private static final int INVALID_NAME = 34;
    private static final int NO_MD5 = 39;

    private final Path file;
    private final String path;
    private final byte[] content;

    private ClassicBlob(Path file, String path, byte[] content) {
        this.file = file;
        this.path = path;
        this.content = content;
    }

    /**
     * Reads what was stored, and checks that it is what is registered.
     *
     * @throws ClassicRefusal if it is not
     */
    static ClassicBlob read(Path stage, JsonNode registered) {
        String path = registered.path("path").asText();
        Path file = stage.resolve(path).normalize();
        if (!file.startsWith(stage) || !Files.isRegularFile(file)) {
            throw new ClassicRefusal(INVALID_NAME, "there is no such file in the stage");
        }
        try {
            byte[] content = Files.readAllBytes(file);
            requireDigest(content, registered.path("md5"));
            return new ClassicBlob(file, path, content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read from the stage: file=" + file, e);
        }
    }

    private static void requireDigest(byte[] content, JsonNode expected) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(content);
            if (!HexFormat.of().formatHex(digest).equals(expected.asText())) {
                throw new ClassicRefusal(NO_MD5, "the digest does not fit: bytes=" + content.length);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /**
     * The rows of a chunk, as objects by the names of the columns.
     *
     * @throws ClassicRefusal if the chunk is not what is registered
     */
    List<JsonNode> rows(JsonNode chunk, byte[] key, Table table, Connection connection) {
        int start = chunk.path("chunk_start_offset").intValue();
        int length = chunk.path("chunk_length").intValue();
        if (start % BLOCK_BYTES != 0 || length <= 0 || content.length - start < length) {
            throw new ClassicRefusal(INVALID_LENGTH, "the chunk is not within the file: start=" + start);
        }
        byte[] encrypted = Arrays.copyOfRange(content, start, start + length);
        requireDigest(encrypted, chunk.path("chunk_md5"));
        Path parquet = Path.of(file + "." + start + ".parquet");
        try {
            Files.write(parquet, decrypt(encrypted, key, start / BLOCK_BYTES));
            try {
                return parquetRows(parquet, table, connection);
            } finally {
                Files.delete(parquet);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write beside the stage's files: file=" + parquet, e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the Parquet of a chunk: table=" + table, e);
        }
    }

    private byte[] decrypt(byte[] encrypted, byte[] key, long firstBlock) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key);
            byte[] own = digest.digest(path.getBytes(StandardCharsets.UTF_8));
            byte[] counter = ByteBuffer.allocate(BLOCK_BYTES)
                    .putLong(Long.BYTES, firstBlock)
                    .array();
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(own, "AES"), new IvParameterSpec(counter));
            return cipher.doFinal(encrypted);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot decrypt a chunk: length=" + encrypted.length, e);
        }
    }

    private static List<JsonNode> parquetRows(Path parquet, Table table, Connection connection) throws SQLException {
        List<ClassicColumn> columns =
                table.columns().stream().map(ClassicColumn::of).toList();
        String select = columns.stream().map(ClassicColumn::select).collect(Collectors.joining(", "));
        List<JsonNode> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + select + " FROM read_parquet('"
                        + parquet.toString().replace("'", "''") + "')")) {
            while (row.next()) {
                ObjectNode fields = Json.object();
                for (int i = 0; i < columns.size(); i++) {
                    ClassicColumn column = columns.get(i);
                    String text = row.getString(i + 1);
                    if (text != null) {
                        fields.set(column.column().name(), column.value(text));
                    }
                }
                rows.add(fields);
            }
        }
        return rows;
    }

    /** What is taken into a table is not needed in the stage any more. */
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete from the stage: file=" + file, e);
        }
    }
}
