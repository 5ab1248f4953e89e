package dev.firn.ddl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The SQL files, found through {@code objects.csv} because a jar cannot list its folders: {@code folder,schema,object,kind}, one
 * line for each file {@code folder/schema/object.sql}.
 */
final class Resources {
    static final String INDEX = "objects.csv";
    private static final String SHARED = "shared";

    private Resources() {}

    /** The objects of one engine, each after everything that it reads; where that leaves a choice, by kind and in the index's order. */
    static List<DdlObject> objects(Engine engine) {
        return inOrder(read(INDEX)
                .lines()
                .skip(1)
                .map(line -> line.split(",", -1))
                .filter(fields -> fields[0].equals(SHARED) || fields[0].equals(engine.folder()))
                .map(Resources::object)
                .toList());
    }

    private static DdlObject object(String[] fields) {
        if (fields.length != 4) {
            throw new IllegalStateException(INDEX + ": four fields wanted: line=" + String.join(",", fields));
        }
        String path =
                Arrays.stream(fields, 0, 3).filter(part -> !part.isEmpty()).collect(Collectors.joining("/")) + ".sql";
        String text = read(path);
        return new DdlObject(
                fields[1],
                fields[2],
                DdlObject.Kind.valueOf(fields[3].toUpperCase(Locale.ROOT)),
                Header.of(text).reads(),
                text,
                path);
    }

    static List<DdlObject> inOrder(List<DdlObject> objects) {
        Map<String, DdlObject> waiting = new HashMap<>();
        objects.forEach(object -> {
            if (waiting.put(object.qualifiedName(), object) != null) {
                throw new IllegalStateException("two files for one object: object=" + object.qualifiedName());
            }
        });
        List<DdlObject> queue = new ArrayList<>(objects);
        queue.sort((a, b) -> a.kind().compareTo(b.kind()));
        List<DdlObject> ordered = new ArrayList<>(objects.size());
        while (!queue.isEmpty()) {
            DdlObject next = queue.stream()
                    .filter(object -> object.reads().stream().noneMatch(waiting::containsKey))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("objects read each other in a circle: objects="
                            + queue.stream().map(DdlObject::qualifiedName).toList()));
            queue.remove(next);
            waiting.remove(next.qualifiedName());
            ordered.add(next);
        }
        return List.copyOf(ordered);
    }

    static String read(String path) {
        try (InputStream in = Resources.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("no such resource: path=" + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource: path=" + path, e);
        }
    }
}
