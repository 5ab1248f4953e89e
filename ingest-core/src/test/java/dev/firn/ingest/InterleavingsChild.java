package dev.firn.ingest;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;

/**
 * Lets Lincheck explore scenarios, in a process of its own: Lincheck rewrites the classes of the JVM that it runs in, and a class with a bug in
 * it must come before the one that it stands for.
 */
final class InterleavingsChild {
    private InterleavingsChild() {}

    /** How many interleavings, then the names of the scenarios' classes. Prints a line {@code held NAME} or {@code broken NAME TRACE} for each. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        int invocations = Integer.parseInt(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            String name = arguments[i];
            Runnable scenario =
                    (Runnable) Class.forName(name).getDeclaredConstructor().newInstance();
            try {
                Lincheck.runConcurrentTest(invocations, scenario);
                System.out.println("held " + name);
            } catch (LincheckAssertionError e) {
                System.out.println("broken " + name + " " + e.getMessage().replace('\n', '\f'));
            }
        }
    }
}
