package dev.firn.journal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;

/**
 * Access to what Chronicle Queue needs of the JDK, without which it fails with errors that name other causes: two packages, and memory through
 * {@code sun.misc.Unsafe}.
 *
 * <p>The packages come from two flags on the command line. Where an application cannot set them, they are opened from inside, again through
 * {@code sun.misc.Unsafe}, unless {@code -Ddev.firn.selfopen=false}. Memory access is there unless a flag, or from some release on the
 * default, denies it; nothing can be done about that from inside.
 */
final class ModuleAccess {
    static final String SELF_OPEN_PROPERTY = "dev.firn.selfopen";
    private static final String REFLECT = "java.lang.reflect";
    private static final String NIO = "sun.nio.ch";
    private static final Module BASE = Object.class.getModule();

    private static final String PACKAGES_MESSAGE =
            "the journal needs two JVM flags: --add-opens=java.base/java.lang.reflect=ALL-UNNAMED"
                    + " --add-exports=java.base/sun.nio.ch=ALL-UNNAMED";
    private static final String MEMORY_MESSAGE =
            "the journal needs memory access through sun.misc.Unsafe, which this JVM denies: start it with"
                    + " --sun-misc-unsafe-memory-access=allow, not with --sun-misc-unsafe-memory-access=deny";

    private ModuleAccess() {}

    /** Returns if there is access; otherwise the exception prints the flags to add. */
    static void require() {
        Object unsafe = memoryAccess();
        if (granted()) {
            return;
        }
        if ("false".equals(System.getProperty(SELF_OPEN_PROPERTY))) {
            throw new IllegalStateException(PACKAGES_MESSAGE + " (opening them from inside is switched off by -D"
                    + SELF_OPEN_PROPERTY + "=false)");
        }
        Throwable failure = null;
        try {
            open(unsafe);
        } catch (Throwable e) {
            failure = e;
        }
        if (!granted()) {
            throw new IllegalStateException(PACKAGES_MESSAGE + " (opening them from inside failed)", failure);
        }
    }

    private static boolean granted() {
        Module own = ModuleAccess.class.getModule();
        return BASE.isOpen(REFLECT, own) && BASE.isExported(NIO, own);
    }

    /** By reflection, since the compiler warns of every direct use of the class and the warning cannot be suppressed. */
    private static Object memoryAccess() {
        try {
            Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
            Field instance = unsafeClass.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            Object unsafe = instance.get(null);
            // Changes nothing, and is denied with everything else. The option itself cannot be read.
            unsafeClass.getMethod("arrayBaseOffset", Class.class).invoke(unsafe, byte[].class);
            return unsafe;
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(packagesToo(MEMORY_MESSAGE), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "the journal needs sun.misc.Unsafe, which this Java does not have: java="
                            + System.getProperty("java.version")
                            + ". Use Java 17 to 25, and an image with the module jdk.unsupported",
                    e);
        }
    }

    /** One exception with all the flags, not one at each attempt. */
    private static String packagesToo(String message) {
        return granted() ? message : message + "; and " + PACKAGES_MESSAGE;
    }

    private static void open(Object unsafe) throws Throwable {
        Class<?> unsafeClass = unsafe.getClass();
        Field trusted = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
        Object base = unsafeClass.getMethod("staticFieldBase", Field.class).invoke(unsafe, trusted);
        Object offset = unsafeClass.getMethod("staticFieldOffset", Field.class).invoke(unsafe, trusted);
        MethodHandles.Lookup lookup = (MethodHandles.Lookup)
                unsafeClass.getMethod("getObject", Object.class, long.class).invoke(unsafe, base, offset);
        MethodHandle addOpens = lookup.findVirtual(
                Module.class, "implAddOpensToAllUnnamed", MethodType.methodType(void.class, String.class));
        addOpens.invoke(BASE, REFLECT);
        addOpens.invoke(BASE, NIO);
    }
}
