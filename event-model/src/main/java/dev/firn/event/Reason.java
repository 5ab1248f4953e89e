package dev.firn.event;

/** Why a record cannot become an event. The names are stored in dead letters and printed by commands: they never change. */
public enum Reason {
    /** The line holds nothing but white space. */
    BLANK_LINE,
    /** The bytes are not UTF-8. */
    INVALID_UTF8,
    /** The text is not JSON. */
    NOT_JSON,
    /** The JSON is not an object. */
    NOT_AN_OBJECT,
    /** Something stands behind the object on its line. */
    TRAILING_CONTENT,
    /** A required field or attribute is absent. */
    MISSING_FIELD,
    /** A top-level field is {@code null}. */
    NULL_FIELD,
    /** A top-level field that an event does not have. */
    UNKNOWN_FIELD,
    /** A field has another JSON type than it must have. */
    WRONG_TYPE,
    /** A key stands twice in one object. */
    DUPLICATE_KEY,
    /** A name at any depth of the attributes begins with {@code $}. */
    RESERVED_NAME,
    /** A field has too few or too many characters. */
    BAD_LENGTH,
    /** A field has characters or a shape that its rule excludes. */
    BAD_FORMAT,
    /** One of {@code object_type} and {@code object_id} without the other. */
    INCOMPLETE_OBJECT,
    /** A time that is not RFC 3339, or does not exist. */
    BAD_TIME,
    /** A time without a zone. */
    TIME_WITHOUT_ZONE,
    /** A time before year 1 or after year 9999 in UTC. */
    TIME_OUT_OF_RANGE,
    /** A string with half of a surrogate pair. */
    LONE_SURROGATE,
    /** A string with U+0000. */
    NUL_CHARACTER,
    /** A number beyond the range of an IEEE 754 double. */
    NUMBER_NOT_FINITE,
    /** A number other than zero that a double holds as zero. */
    NUMBER_UNDERFLOW,
    /** A number of magnitude 2^53 to below 10^21, which many JSON readers corrupt. */
    NUMBER_NOT_SAFE,
    /** Attributes nested deeper than 32. */
    TOO_DEEP,
    /** A canonical form above 1,000,000 bytes, or a line that no event can need. */
    TOO_LONG,
    /** A namespace that the writer may not use. */
    RESERVED_NAMESPACE,
    /** A row that a mapping cannot turn into an event. */
    UNMAPPED,
    /** A record that the warehouse refused. */
    REFUSED
}
