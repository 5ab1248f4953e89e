package dev.firn.journal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;

/**
 * Access to two packages of the JDK, without which Chronicle Queue fails with errors that name other causes.
 *
 * <p>They come from two flags on the command line. Where an application cannot set them, they are opened from inside through
 * {@code sun.misc.Unsafe}, unless {@code -Ddev.firn.selfopen=false}.
 */
final class ModuleAccess {
    static final String SELF_OPEN_PROPERTY = "dev.firn.selfopen";
    private static final String REFLECT = "java.lang.reflect";
    private static final String NIO = "sun.nio.ch";
    private static final Module BASE = Object.class.getModule();

    private ModuleAccess() {}

    /** Returns if there is access; otherwise the exception prints the flags to add. */
    static void require() {
        if (granted()) {
            return;
        }
        boolean allowed = !"false".equals(System.getProperty(SELF_OPEN_PROPERTY));
        Throwable failure = null;
        if (allowed) {
            try {
                open();
            } catch (Throwable e) {
                failure = e;
            }
        }
        if (!granted()) {
            throw new IllegalStateException(
                    "the journal needs two JVM flags: --add-opens=java.base/java.lang.reflect=ALL-UNNAMED"
                            + " --add-exports=java.base/sun.nio.ch=ALL-UNNAMED"
                            + (allowed
                                    ? " (opening them from inside failed)"
                                    : " (opening them from inside is switched off by -D" + SELF_OPEN_PROPERTY
                                            + "=false)"),
                    failure);
        }
    }

    private static boolean granted() {
        Module own = ModuleAccess.class.getModule();
        return BASE.isOpen(REFLECT, own) && BASE.isExported(NIO, own);
    }

    /** By reflection, since the compiler warns of every direct use of the class and the warning cannot be suppressed. */
    private static void open() throws Throwable {
        Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
        Field instance = unsafeClass.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        Object unsafe = instance.get(null);
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
