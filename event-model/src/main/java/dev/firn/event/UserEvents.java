package dev.firn.event;

/** Events about a user of a tenant; a role is {@code admin}, {@code user} or {@code viewer}. */
public final class UserEvents extends ActionBuilder<UserEvents> {
    private UserEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static UserEvents added(String tenantId, String userId, String role) {
        return new UserEvents("user.added", tenantId, userId).attribute("role", role);
    }

    public static UserEvents roleChanged(String tenantId, String userId, String role) {
        return new UserEvents("user.role_changed", tenantId, userId).attribute("role", role);
    }

    public static UserEvents locked(String tenantId, String userId) {
        return new UserEvents("user.locked", tenantId, userId);
    }

    public static UserEvents unlocked(String tenantId, String userId) {
        return new UserEvents("user.unlocked", tenantId, userId);
    }

    public static UserEvents deactivated(String tenantId, String userId) {
        return new UserEvents("user.deactivated", tenantId, userId);
    }

    public static UserEvents reactivated(String tenantId, String userId) {
        return new UserEvents("user.reactivated", tenantId, userId);
    }

    public static UserEvents removed(String tenantId, String userId) {
        return new UserEvents("user.removed", tenantId, userId);
    }

    public UserEvents email(String email) {
        return attribute("email", email);
    }

    public UserEvents reason(String reason) {
        return attribute("reason", reason);
    }
}
