package dev.firn.event;

import org.jspecify.annotations.Nullable;

/** Events about something learned of a subject. */
public final class InsightEvents extends ActionBuilder<InsightEvents> {
    private InsightEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static InsightEvents recorded(String tenantId, String subject, String metric, @Nullable Object value) {
        return new InsightEvents("insight.recorded", tenantId, subject)
                .attribute("metric", metric)
                .attribute("value", value);
    }

    public InsightEvents provenanceQueryHash(String provenanceQueryHash) {
        return attribute("provenance_query_hash", provenanceQueryHash);
    }

    /** Seconds. */
    public InsightEvents ttlSeconds(long ttlSeconds) {
        return attribute("ttl_s", ttlSeconds);
    }
}
