package dev.firn.benchmarks.latency;

import dev.firn.event.Event;

/**
 * What a producer has at hand before a phase begins, so that making it is not measured.
 *
 * @param messages what is not yet encoded
 * @param events   the same as events that are built: checked and encoded
 */
record Input(ChatMessage[] messages, Event[] events) {
    /** Some more than fit into a core's cache, as in an application; few enough to have been promoted before it begins. */
    private static final int CYCLE = 4_096;

    static Input cycle() {
        return of(CYCLE);
    }

    /** @param length how many different ones */
    static Input of(int length) {
        ChatMessage[] messages = new ChatMessage[length];
        Event[] events = new Event[length];
        for (int i = 0; i < length; i++) {
            messages[i] = ChatMessage.of(i);
            events[i] = messages[i].toEvent();
        }
        return new Input(messages, events);
    }

    /** Events alone, for so many that the messages would fill the heap. */
    static Input eventsOnly(int length) {
        Event[] events = new Event[length];
        for (int i = 0; i < length; i++) {
            events[i] = ChatMessage.of(i).toEvent();
        }
        return new Input(new ChatMessage[0], events);
    }

    int length() {
        return events.length;
    }
}
