package dev.firn.emulator;

import java.util.Locale;

/** What a client can ask of the emulator, and what a {@link Fault} can be planted in. */
public enum Endpoint {
    /** High-performance streaming: the host to use from then on. */
    HOSTNAME,
    /** High-performance streaming: a token for a signed assertion. */
    TOKEN,
    /** High-performance streaming: stage, keys and limits of a pipe. */
    PIPE_INFO,
    /** High-performance streaming: open a channel, or take it over. */
    OPEN_CHANNEL,
    /** High-performance streaming: forget a channel. */
    DROP_CHANNEL,
    /** High-performance streaming: rows in the request. */
    APPEND_ROWS,
    /** High-performance streaming: rows in an object that was stored before. */
    APPEND_FILES,
    /** The object store that stands for a stage. */
    STORE_OBJECT,
    /** High-performance streaming: committed tokens and error counts. */
    CHANNEL_STATUS,
    /** Classic streaming: stage and client prefix. */
    CLASSIC_CONFIGURE,
    /** Classic streaming: open a channel, or take it over. */
    CLASSIC_OPEN,
    /** Classic streaming: commit blobs. */
    CLASSIC_REGISTER,
    /** Classic streaming: committed tokens. */
    CLASSIC_STATUS,
    /** Classic streaming: forget a channel. */
    CLASSIC_DROP,
    /** Sessions: log in with a key pair. */
    LOGIN,
    /** Sessions: run a statement. */
    QUERY,
    /** Sessions: stop a statement. */
    CANCEL,
    /** Sessions: keep one alive, renew its token, end it. */
    SESSION,
    /** What clients tell about themselves; taken and thrown away. */
    TELEMETRY;

    /** As command lines and documents write it: {@code append-rows}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
