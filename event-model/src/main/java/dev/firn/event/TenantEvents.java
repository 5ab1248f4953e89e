package dev.firn.event;

import java.math.BigDecimal;

/** Events about a tenant. */
public final class TenantEvents extends ActionBuilder<TenantEvents> {
    private TenantEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static TenantEvents created(String tenantId, String orgName) {
        return new TenantEvents("tenant.created", tenantId, tenantId).attribute("org_name", orgName);
    }

    public static TenantEvents activated(String tenantId) {
        return new TenantEvents("tenant.activated", tenantId, tenantId);
    }

    public static TenantEvents suspended(String tenantId) {
        return new TenantEvents("tenant.suspended", tenantId, tenantId);
    }

    public static TenantEvents archived(String tenantId) {
        return new TenantEvents("tenant.archived", tenantId, tenantId);
    }

    public static TenantEvents renamed(String tenantId, String orgName) {
        return new TenantEvents("tenant.renamed", tenantId, tenantId).attribute("org_name", orgName);
    }

    public static TenantEvents limitsChanged(String tenantId) {
        return new TenantEvents("tenant.limits_changed", tenantId, tenantId);
    }

    public static TenantEvents settingsChanged(String tenantId) {
        return new TenantEvents("tenant.settings_changed", tenantId, tenantId);
    }

    public TenantEvents databaseName(String databaseName) {
        return attribute("database_name", databaseName);
    }

    public TenantEvents warehouseName(String warehouseName) {
        return attribute("warehouse_name", warehouseName);
    }

    public TenantEvents roleName(String roleName) {
        return attribute("role_name", roleName);
    }

    public TenantEvents contactEmail(String contactEmail) {
        return attribute("contact_email", contactEmail);
    }

    /** An IANA zone, {@code America/New_York}: where the days and months of its budgets begin. */
    public TenantEvents timezone(String timezone) {
        return attribute("timezone", timezone);
    }

    /** US dollars, below 10^8, at most 10 digits behind the point. */
    public TenantEvents monthlyCostLimit(BigDecimal monthlyCostLimit) {
        return attribute("monthly_cost_limit", monthlyCostLimit);
    }

    /** Tokens a day. */
    public TenantEvents dailyTokenLimit(long dailyTokenLimit) {
        return attribute("daily_token_limit", dailyTokenLimit);
    }

    public TenantEvents dataRetentionDays(long dataRetentionDays) {
        return attribute("data_retention_days", dataRetentionDays);
    }

    public TenantEvents enableCortex(boolean enableCortex) {
        return attribute("enable_cortex", enableCortex);
    }

    public TenantEvents enableCaching(boolean enableCaching) {
        return attribute("enable_caching", enableCaching);
    }

    public TenantEvents enableCompression(boolean enableCompression) {
        return attribute("enable_compression", enableCompression);
    }

    public TenantEvents reason(String reason) {
        return attribute("reason", reason);
    }
}
