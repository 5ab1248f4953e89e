package dev.firn.event;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an action: the kind of its object and its attributes. Any other attribute may be there too.
 *
 * @param action     namespace and verb
 * @param objectType what it is done to
 * @param attributes the known attributes
 */
public record ActionSpec(String action, String objectType, List<AttributeSpec> attributes) {
    public ActionSpec {
        attributes = List.copyOf(attributes);
    }

    /** @throws InvalidEventException naming the attribute that is missing or not of its kind */
    void check(Map<String, @Nullable Object> values) {
        for (AttributeSpec attribute : attributes) {
            attribute.check(values.get(attribute.name()));
        }
    }

    /** Builds an event after checking the known attributes, as the typed builder of the action does. */
    public Event build(Event.Builder builder) {
        if (!builder.action().equals(action)) {
            throw new IllegalArgumentException("the builder is of another action: expected=" + action);
        }
        check(builder.attributes());
        return builder.build();
    }
}
