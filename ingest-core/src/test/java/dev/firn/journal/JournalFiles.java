package dev.firn.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.openhft.chronicle.wire.Wires;

/** What tests do to a journal's files behind its back. */
final class JournalFiles {
    static final int PAGE = 4_096;
    /** All records of a test's file lie in front of this. */
    static final int HEAD_BYTES = 8 << 20;

    private JournalFiles() {}

    static byte[] head(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, Files.size(file)));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) > 0) {
                // Until full.
            }
        }
        return buffer.array();
    }

    static void overwrite(Path file, long offset, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }

    static void flip(Path file, long offset) throws IOException {
        byte[] content = head(file);
        overwrite(file, offset, new byte[] {(byte) (content[(int) offset] ^ 0x10)});
    }

    static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    /** Where a record's canonical bytes begin in the file that holds them. */
    static long offsetOf(Path file, long sequence) throws IOException {
        byte[] wanted = Samples.canonical(sequence);
        byte[] content = head(file);
        for (int at = 0; at <= content.length - wanted.length; at++) {
            if (Arrays.equals(content, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        throw new AssertionError("record not in file: sequence=" + sequence);
    }

    /** Where the document of a record begins. */
    static long documentOf(Path file, long sequence) throws IOException {
        return offsetOf(file, sequence) - Samples.LANE.length - RecordLayout.HEADER_BYTES - Integer.BYTES;
    }

    /** Where the documents of all records begin, in their order; from the content of a file that is whole. */
    static List<Integer> documents(byte[] content) {
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> documents = new ArrayList<>();
        for (int at = 0; Wires.isReady(buffer.getInt(at)); at = behind(buffer, at)) {
            if (Wires.isReadyData(buffer.getInt(at))) {
                documents.add(at);
            }
        }
        return documents;
    }

    private static int behind(ByteBuffer buffer, int document) {
        return (document + Integer.BYTES + Wires.lengthOf(buffer.getInt(document)) + 3) & -4;
    }

    /** Where the chain of documents ends. */
    static int endOf(byte[] content) {
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (Wires.isReady(buffer.getInt(at))) {
            at = behind(buffer, at);
        }
        return at;
    }

    /** As if the writer had been killed after it had synced up to this sequence, and the machine had gone on. */
    static void asAfterAKill(Path directory, long durable) throws IOException {
        asAfter(directory, durable, JournalState.currentBootId());
    }

    /** As if the machine had gone down. */
    static void asAfterAPowerCut(Path directory, long durable) throws IOException {
        asAfter(directory, durable, "00000000-0000-0000-0000-000000000000");
    }

    private static void asAfter(Path directory, long durable, String bootId) throws IOException {
        Optional<JournalState> state = JournalState.read(directory);
        assertThat(state).isPresent();
        JournalState old = state.get();
        new JournalState(false, durable, old.oldestCycle(), old.oldestSequence(), old.minimumCycle(), bootId)
                .write(directory);
    }
}
