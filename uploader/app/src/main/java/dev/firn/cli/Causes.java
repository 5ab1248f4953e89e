package dev.firn.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in words why something failed. The messages of file problems are paths at times, and nothing else. */
final class Causes {
    private static final Map<Class<? extends FileSystemException>, String> WORDS = Map.of(
            NoSuchFileException.class, "no such file",
            AccessDeniedException.class, "access denied",
            NotDirectoryException.class, "not a directory",
            // Directories that are there already are no problem to anyone who makes them, so that it is a file.
            FileAlreadyExistsException.class, "there is a file of this name already",
            DirectoryNotEmptyException.class, "the directory is not empty",
            FileSystemLoopException.class, "a loop of symbolic links");

    private Causes() {}

    /**
     * What was attempted, and why it failed.
     *
     * @param attempted names the files that it was about: another one that failed is named too, these are not twice
     */
    static String explain(String attempted, Throwable failure) {
        FileSystemException problem = fileProblem(failure);
        String file = problem == null ? null : problem.getFile();
        boolean another = file != null && !isNamed(file, attempted);
        return attempted + ": " + reason(failure) + (another ? ": file=" + file : "");
    }

    /** The reason without any path. */
    static String reason(Throwable failure) {
        FileSystemException problem = fileProblem(failure);
        if (problem != null) {
            return words(problem);
        }
        Throwable last = failure;
        while (last instanceof UncheckedIOException && last.getCause() != null) {
            last = last.getCause();
        }
        if (last instanceof SQLException sql) {
            return SqlErrors.shown(sql);
        }
        if (last instanceof InvalidPathException) {
            return notAPath();
        }
        String message = last.getMessage();
        if (message == null) {
            return "the reason is not known (" + last.getClass().getSimpleName() + ")";
        }
        return last instanceof IOException ? sentence(withoutPath(last, message)) : message;
    }

    /** Its text would be the argument, which is of no use where it could not be read. */
    static String notAPath() {
        return "not a path that can be used here, since it holds a character that is not allowed or that this locale"
                + " does not have: give another one, or set LC_ALL=C.UTF-8";
    }

    private static @Nullable FileSystemException fileProblem(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileSystemException problem) {
                return problem;
            }
        }
        return null;
    }

    private static String words(FileSystemException problem) {
        String words = WORDS.get(problem.getClass());
        if (words != null) {
            return words;
        }
        String reason = problem.getReason();
        return reason == null ? "the file system refused it" : sentence(reason);
    }

    /** The old file classes write "path (reason)". */
    private static String withoutPath(Throwable failure, String message) {
        int open = message.lastIndexOf(" (");
        return failure instanceof FileNotFoundException && open >= 0 && message.endsWith(")")
                ? message.substring(open + 2, message.length() - 1)
                : message;
    }

    /** As part of a sentence: the operating system begins with a capital, such as "No space left on device". */
    private static String sentence(String text) {
        boolean isWord = text.length() > 1 && Character.isLowerCase(text.charAt(1));
        return isWord ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1) : text;
    }

    private static boolean isNamed(String file, String text) {
        if (text.contains(file)) {
            return true;
        }
        // The working directory is in front of some.
        Path path = Path.of(file);
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here)
                && !path.equals(here)
                && text.contains(here.relativize(path).toString());
    }
}
