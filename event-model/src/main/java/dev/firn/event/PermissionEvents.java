package dev.firn.event;

import java.time.Instant;

/** Events about what a principal (a user or role) may do. A permission is an action pattern, {@code conversation.*}; an effect {@code grant}, {@code deny} or {@code both}. */
public final class PermissionEvents extends ActionBuilder<PermissionEvents> {
    private PermissionEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static PermissionEvents granted(String tenantId, String principalId, String permission) {
        return new PermissionEvents("permission.granted", tenantId, principalId).attribute("permission", permission);
    }

    public static PermissionEvents denied(String tenantId, String principalId, String permission) {
        return new PermissionEvents("permission.denied", tenantId, principalId).attribute("permission", permission);
    }

    public static PermissionEvents revoked(String tenantId, String principalId, String permission, String effect) {
        return new PermissionEvents("permission.revoked", tenantId, principalId)
                .attribute("permission", permission)
                .attribute("effect", effect);
    }

    public static PermissionEvents inherited(String tenantId, String principalId, String permission, String from) {
        return new PermissionEvents("permission.inherited", tenantId, principalId)
                .attribute("permission", permission)
                .attribute("from", from);
    }

    public static PermissionEvents inheritanceRemoved(
            String tenantId, String principalId, String permission, String from) {
        return new PermissionEvents("permission.inheritance_removed", tenantId, principalId)
                .attribute("permission", permission)
                .attribute("from", from);
    }

    public static PermissionEvents allRevoked(String tenantId, String principalId) {
        return new PermissionEvents("permission.all_revoked", tenantId, principalId);
    }

    public static PermissionEvents restored(String tenantId, String principalId) {
        return new PermissionEvents("permission.restored", tenantId, principalId);
    }

    /** What the permission is for; {@code *}, the whole tenant, where absent. */
    public PermissionEvents scope(String scope) {
        return attribute("scope", scope);
    }

    public PermissionEvents expiresAt(Instant expiresAt) {
        return attribute("expires_at", expiresAt);
    }

    public PermissionEvents reason(String reason) {
        return attribute("reason", reason);
    }

    public PermissionEvents maxRows(long maxRows) {
        return attribute("max_rows", maxRows);
    }

    /** Seconds a day. */
    public PermissionEvents dailyRuntimeBudgetSeconds(long seconds) {
        return attribute("daily_runtime_budget_s", seconds);
    }

    public PermissionEvents canExport(boolean canExport) {
        return attribute("can_export", canExport);
    }
}
