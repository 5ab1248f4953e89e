package dev.firn.event;

import org.jspecify.annotations.Nullable;

/** Events about a setting. */
public final class ConfigEvents extends ActionBuilder<ConfigEvents> {
    private ConfigEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static ConfigEvents set(String tenantId, String name, @Nullable Object value) {
        return new ConfigEvents("config.set", tenantId, name).attribute("value", value);
    }
}
