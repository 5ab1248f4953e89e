package dev.firn.event;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one action have in common on one thread: the action and, as long as they come again, the type of
 * the object and the names of the attributes. All are checked, encoded and sorted once and not for each event. Programs mostly use the same literals, which
 * are equal at first sight.
 *
 * <p>Fields that refer to objects are written only if they change, since in an object that lives long such a write costs
 * more than the comparison.
 *
 * <p>Not thread-safe. Allocates when it grows, and when it sorts more than {@value #MOST_SORTED_IN_PLACE} names.
 */
final class EventShape {
    private static final int FIRST_ATTRIBUTES = 16;
    /** Names whose encoded form is kept, and the room for each. */
    private static final int ENCODED_NAMES = 16;

    private static final int ENCODED_LENGTH = 64;
    private static final int MOST_SORTED_IN_PLACE = 32;
    private static final int NOT_SORTED = -1;

    private @Nullable String action;
    private final JsonBytes encodedAction = new JsonBytes(64, CanonicalWriter.MAX_LENGTH);
    private boolean system;
    private boolean admissibleForAll;
    private boolean admissibleForSystem;

    private @Nullable String objectType;
    private final JsonBytes encodedObjectType = new JsonBytes(64, CanonicalWriter.MAX_LENGTH);

    /** Of the present event up to its count of attributes, beyond it of the events before. */
    private String[] names = new String[FIRST_ATTRIBUTES];

    private final byte[] encodedNames = new byte[ENCODED_NAMES * ENCODED_LENGTH];
    /** Zero if the name at this place is not kept. */
    private final int[] encodedLengths = new int[ENCODED_NAMES];

    /** The places of the names in their order, without those that come again later. */
    private int[] order = new int[FIRST_ATTRIBUTES];

    private int sortedCount = NOT_SORTED;
    private int distinctCount;
    private boolean ascending;

    /**
     * Takes this shape for an event of an action.
     *
     * @throws InvalidEventException if the action breaks its rule; the shape is then of no action
     */
    void use(String used) {
        if (!used.equals(action)) {
            action = null;
            Rules.action(used);
            encodedAction.truncate(0);
            encodedAction.raw(CanonicalWriter.ACTION);
            encodedAction.string(used);
            system = Rules.isSystemAction(used);
            admissibleForAll = Rules.isAdmissible("", used);
            admissibleForSystem = Rules.isAdmissible(Rules.SYSTEM_TENANT, used);
            action = used;
        }
    }

    /** The action with its key, as it begins the event. */
    JsonBytes encodedAction() {
        return encodedAction;
    }

    boolean isSystem() {
        return system;
    }

    /** @param forSystem whether the event's tenant is the system's */
    boolean isAdmissible(boolean forSystem) {
        return forSystem ? admissibleForSystem : admissibleForAll;
    }

    /**
     * Sets the type of the object, which mostly follows from the action. Returns what is wrong with its characters, or null.
     *
     * @throws InvalidEventException if it is too short or too long
     */
    @Nullable
    InvalidEventException objectType(String type) {
        if (type.equals(objectType)) {
            return null;
        }
        objectType = null;
        Rules.length("object_type", type, 64);
        encodedObjectType.truncate(0);
        encodedObjectType.raw(CanonicalWriter.OBJECT_TYPE);
        int wrong = encodedObjectType.string(type);
        if (wrong != JsonBytes.GOOD) {
            return CanonicalWriter.badText("object_type", type, wrong);
        }
        objectType = type;
        return null;
    }

    /** The type of the object with its key. */
    JsonBytes encodedObjectType() {
        return encodedObjectType;
    }

    /** Sets the name of an attribute and appends it with its punctuation, {@code ,"name":}. */
    void name(int place, String name, JsonBytes target) {
        if (place == names.length) {
            names = Arrays.copyOf(names, place * 2);
            order = new int[place * 2];
            sortedCount = NOT_SORTED;
        }
        boolean kept = place < ENCODED_NAMES;
        if (!name.equals(names[place])) {
            names[place] = name;
            sortedCount = NOT_SORTED;
            if (kept) {
                encodedLengths[place] = 0;
            }
        }
        if (kept && encodedLengths[place] > 0) {
            target.raw(encodedNames, place * ENCODED_LENGTH, encodedLengths[place]);
        } else {
            int start = target.length();
            encode(name, target);
            int length = target.length() - start;
            if (kept && length <= ENCODED_LENGTH) {
                System.arraycopy(target.array(), start, encodedNames, place * ENCODED_LENGTH, length);
                encodedLengths[place] = length;
            }
        }
    }

    private static void encode(String name, JsonBytes target) {
        if (name.startsWith("$")) {
            throw CanonicalWriter.reservedName(CanonicalWriter.where(name));
        }
        target.put(',');
        int wrong = target.string(name);
        if (wrong != JsonBytes.GOOD) {
            throw CanonicalWriter.badText(CanonicalWriter.where(name), name, wrong);
        }
        target.put(':');
    }

    /** Finds the order of the first {@code count} names, by UTF-16 code units as {@code String.compareTo} does. */
    void sort(int count) {
        if (sortedCount == count) {
            return;
        }
        ascending = true;
        for (int i = 0; i < count; i++) {
            order[i] = i;
            ascending = ascending && (i == 0 || compare(i - 1, i) < 0);
        }
        distinctCount = count;
        if (!ascending) {
            if (count <= MOST_SORTED_IN_PLACE) {
                sortInPlace(count);
            } else {
                sortMany(count);
            }
            dropRepeated(count);
        }
        sortedCount = count;
    }

    private int compare(int place, int other) {
        return names[place].compareTo(names[other]);
    }

    private void sortInPlace(int count) {
        for (int i = 1; i < count; i++) {
            int moved = order[i];
            int at = i;
            while (at > 0 && compare(order[at - 1], moved) > 0) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = moved;
        }
    }

    private void sortMany(int count) {
        Integer[] boxed = new Integer[count];
        Arrays.setAll(boxed, i -> i);
        Arrays.sort(boxed, Comparator.comparing(i -> names[i]));
        for (int i = 0; i < count; i++) {
            order[i] = boxed[i];
        }
    }

    /** Both ways to sort keep the order of equal names: the last of them counts. */
    private void dropRepeated(int count) {
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (i + 1 == count || compare(order[i], order[i + 1]) != 0) {
                order[distinct++] = order[i];
            }
        }
        distinctCount = distinct;
    }

    /** After {@link #sort}: the names without those that come again later. */
    int distinctCount() {
        return distinctCount;
    }

    /** After {@link #sort}: the place of the name that is number {@code i} in order. */
    int place(int i) {
        return order[i];
    }

    /** After {@link #sort}: whether the names came in order, and each once. */
    boolean isAscending() {
        return ascending;
    }

    /** After {@link #sort}: moves the name that is number {@code i} in order to place {@code i}, for all {@code i}. */
    void arrange() {
        String[] arranged = new String[names.length];
        for (int i = 0; i < distinctCount; i++) {
            arranged[i] = names[order[i]];
        }
        names = arranged;
        sortedCount = NOT_SORTED;
        Arrays.fill(encodedLengths, 0);
    }
}
