package dev.firn.cli;

/** The exit codes of every command. */
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    /** Done, but some input was set aside as dead letters. */
    static final int SET_ASIDE = 3;

    private Exit() {}
}
