package dev.firn.journal;

/** What must be so before the first class of Chronicle Queue's is initialised, since it is read once, there. Names none of them for that reason. */
final class JvmSetup {
    private JvmSetup() {}

    /** To be called first by whatever opens a journal; costs a few microseconds when repeated. Throws what {@link ModuleAccess#require} does. */
    static void prepare() {
        ModuleAccess.require();
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.announcer.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
        // In a container a restarted process has its predecessor's PID and would wait for itself. Who the writer is
        // says our own file lock.
        System.setProperty("queue.force.unlock.mode", "ALWAYS");
    }
}
